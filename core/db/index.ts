export { type ActContext, type Database, openDatabase, type Tx } from "./database.ts";
export { lockInstance } from "./instance-lock.ts";
export { isKeyOfRecords } from "./key-mark.ts";
