// Writes a migration as the difference between two schemas, without a database and without a network:
//   node scripts/migration.mjs <name>             from the schema in the last commit to the working one
//   node scripts/migration.mjs <name> --from-empty the very first one
//   node scripts/migration.mjs --check             fails when the migrations don't add up to the schema
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { PrismaBetterSqlite3 } from "@prisma/adapter-better-sqlite3";

const require = createRequire(import.meta.url);
const folder = "prisma/migrations";
const schemaPath = "prisma/schema.prisma";

/** Loads the schema engine that Prisma's own tool uses, as WebAssembly; it ships inside its npm package. */
async function loadEngine(datamodels) {
  // The package exports one entry only; its two parts lie beside it.
  const here = path.dirname(require.resolve("@prisma/schema-engine-wasm"));
  const background = await import(pathToFileURL(path.join(here, "schema_engine_bg.js")).href);
  const bytes = readFileSync(path.join(here, "schema_engine_bg.wasm"));
  const { instance } = await WebAssembly.instantiate(bytes, { "./schema_engine_bg.js": background });
  background.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  const { bindMigrationAwareSqlAdapterFactory } = await import("@prisma/driver-adapter-utils");
  const factory = bindMigrationAwareSqlAdapterFactory(new PrismaBetterSqlite3({ url: ":memory:" }));
  return background.SchemaEngine.new({ datamodels }, () => {}, factory);
}

function datamodel(content) {
  return { tag: "schemaDatamodel", files: [{ path: schemaPath, content }] };
}

async function diff(from, to) {
  const engine = await loadEngine(undefined);
  const result = await engine.diff({
    from,
    to,
    script: true,
    exitCode: null,
    filters: { externalTables: [], externalEnums: [] },
    shadowDatabaseUrl: null,
  });
  return result.stdout ?? "";
}

const byName = (a, b) => (a.name < b.name ? -1 : 1);

/** All migrations played into an empty database must give what the schema says. */
async function check() {
  const names = readdirSync(folder)
    .filter((name) => /^\d{14}_/.test(name))
    .sort();
  const { default: Database } = await import("better-sqlite3");
  const shape = (scripts) => {
    const db = new Database(":memory:");
    for (const sql of scripts) db.exec(sql);
    const names = db
      .prepare(
        // Search tables and their inner ones are written by hand: Prisma has no words for them.
        "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name not like 'AuditSearch%'",
      )
      .pluck()
      .all();
    const facts = names.sort().map((table) => ({
      table,
      columns: db
        .pragma(`table_xinfo("${table}")`)
        .map(({ cid: _, ...column }) => column)
        .sort(byName),
      references: db.pragma(`foreign_key_list("${table}")`),
      indexes: db
        .pragma(`index_list("${table}")`)
        .map(({ name, unique }) => ({
          name,
          unique,
          // A column's place in its table says nothing: one that was added later stands last.
          columns: db.pragma(`index_xinfo("${name}")`).map(({ cid: _, ...column }) => column),
        }))
        .sort(byName),
    }));
    return JSON.stringify(facts);
  };
  const applied = shape(names.map((name) => readFileSync(path.join(folder, name, "migration.sql"), "utf8")));
  const wanted = shape([await diff({ tag: "empty" }, datamodel(readFileSync(schemaPath, "utf8")))]);
  if (applied === wanted) return console.log(`${names.length} migrations add up to ${schemaPath}.`);
  console.error(`The migrations don't add up to ${schemaPath}. Write one: node scripts/migration.mjs <name>`);
  process.exitCode = 1;
}

async function write(name, fromEmpty) {
  const before = fromEmpty
    ? { tag: "empty" }
    : datamodel(execFileSync("git", ["show", `HEAD:${schemaPath}`], { encoding: "utf8" }));
  const sql = await diff(before, datamodel(readFileSync(schemaPath, "utf8")));
  if (sql.trim() === "" || /empty migration/i.test(sql)) return console.log("Nothing changed.");
  const stamp = new Date().toISOString().replace(/\D/g, "").slice(0, 14);
  const target = path.join(folder, `${stamp}_${name}`);
  mkdirSync(target, { recursive: true });
  writeFileSync(path.join(target, "migration.sql"), sql);
  writeFileSync(path.join(folder, "migration_lock.toml"), 'provider = "sqlite"\n');
  console.log(`Wrote ${target}/migration.sql`);
}

const args = process.argv.slice(2);
if (args.includes("--check")) await check();
else if (args[0]) await write(args[0], args.includes("--from-empty"));
else console.error("Usage: node scripts/migration.mjs <name> [--from-empty] | --check");
