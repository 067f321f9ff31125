export { type ActContext, type Database, openDatabase, type Tx } from "./database.ts";
export { lockInstance } from "./instance-lock.ts";
