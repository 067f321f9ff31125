export { type ActContext, type Database, openDatabase, type Tx } from "./database.ts";
export { applyMigrations } from "./migrations.ts";
