import { createHash } from "node:crypto";
import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import Sqlite from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isAppError } from "#core/kernel/errors.ts";
import { makeTempFolder, removeTempFolder } from "#core/testing/leftovers.ts";
import { migrationsFolder } from "#core/testing/runtime.ts";
import { type Database, openDatabase } from "./database.ts";
import { readMigrations } from "./migrations.ts";

let folder: string;
let file: string;
let ownMigrations: string;
const open: Database[] = [];

beforeEach(() => {
  folder = makeTempFolder("snapkeep-db-");
  file = path.join(folder, "data", "snapkeep.db");
  ownMigrations = path.join(folder, "migrations");
  cpSync(migrationsFolder, ownMigrations, { recursive: true });
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((db) => db.close()));
  removeTempFolder(folder);
});

async function openHere(): Promise<Database> {
  const db = await openDatabase({ file, migrationsFolder: ownMigrations });
  open.push(db);
  return db;
}

/** Opens, applies what is missing and closes again, as one whole run of Snapkeep does. */
async function runOnce(): Promise<Database["migration"]> {
  const db = await openDatabase({ file, migrationsFolder: ownMigrations });
  await db.close();
  return db.migration;
}

async function refusal(): Promise<string> {
  try {
    await openHere();
  } catch (error) {
    return isAppError(error) ? `${error.code}: ${error.userMessage}` : `fault: ${String(error)}`;
  }
  return "opened";
}

function addMigration(name: string, sql: string): void {
  mkdirSync(path.join(ownMigrations, name));
  writeFileSync(path.join(ownMigrations, name, "migration.sql"), sql);
}

function query<T>(sql: string, of = file): T[] {
  const db = new Sqlite(of, { readonly: true });
  try {
    return db.prepare<[], T>(sql).all();
  } finally {
    db.close();
  }
}

const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
const hashOf = (of: string) => sha256(readFileSync(of));
const files = () => readdirSync(path.dirname(file)).sort();
const namesOf = () => readdirSync(migrationsFolder).filter((name) => /^\d/.test(name));
const newest = "29990101000000_colour";
const addColumn = `ALTER TABLE "Setting" ADD COLUMN "colour" TEXT NOT NULL DEFAULT 'blue';`;

describe("a fresh database", () => {
  it("gets every migration, recorded as prisma migrate would record it", async () => {
    const { applied, copy } = await runOnce();
    expect(applied).toEqual(namesOf());
    expect(copy).toBeNull();
    const rows = query<Record<string, unknown>>(`SELECT * FROM "_prisma_migrations" ORDER BY migration_name`);
    expect(rows).toHaveLength(applied.length);
    for (const [i, row] of rows.entries()) {
      const name = applied[i] ?? "";
      expect(row).toMatchObject({
        migration_name: name,
        // Prisma's checksum is the SHA-256 of the file as it lies there.
        checksum: hashOf(path.join(migrationsFolder, name, "migration.sql")),
        applied_steps_count: 1,
        logs: null,
        rolled_back_at: null,
      });
      expect(row.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
      expect(typeof row.finished_at).toBe("number");
      expect(typeof row.started_at).toBe("number");
    }
  });

  it("can be read and written by nobody else on the machine, its log included", async () => {
    const db = await openHere();
    await db.prisma.setting.create({ data: { key: "a", value: "1" } });
    expect(files()).toEqual(["snapkeep.db", "snapkeep.db-shm", "snapkeep.db-wal"]);
    for (const name of files()) {
      expect(statSync(path.join(folder, "data", name)).mode & 0o777, name).toBe(0o600);
    }
    expect(statSync(path.join(folder, "data")).mode & 0o777).toBe(0o700);
  });

  it("is written ahead to a log that reaches the disk with every commit, with its references checked", async () => {
    const { prisma } = await openHere();
    expect(await prisma.$queryRawUnsafe("PRAGMA journal_mode")).toEqual([{ journal_mode: "wal" }]);
    // 2 is FULL. A transaction must not bring back the driver's own setting.
    await prisma.$transaction((tx) => tx.setting.count());
    expect(await prisma.$queryRawUnsafe("PRAGMA synchronous")).toEqual([{ synchronous: 2n }]);
    expect(await prisma.$queryRawUnsafe("PRAGMA foreign_keys")).toEqual([{ foreign_keys: 1n }]);
  });
});

describe("a database that is up to date", () => {
  it("is opened without applying or copying anything", async () => {
    await runOnce();
    const before = hashOf(file);
    expect(await runOnce()).toEqual({ applied: [], copy: null });
    expect(hashOf(file)).toBe(before);
    expect(files()).toEqual(["snapkeep.db"]);
  });
});

describe("a database that this Snapkeep doesn't know", () => {
  it("is refused when it is newer, and left untouched", async () => {
    addMigration(newest, addColumn);
    await runOnce();
    const before = hashOf(file);
    ownMigrations = path.join(folder, "older");
    cpSync(migrationsFolder, ownMigrations, { recursive: true });
    expect(await refusal()).toBe(
      `conflict: The database ${file} was written by a newer Snapkeep (migration ${newest} is unknown here). Start that version, or put back the copy made before its upgrade.`,
    );
    expect(hashOf(file)).toBe(before);
    expect(files()).toEqual(["snapkeep.db"]);
  });

  it("is refused when one of its migrations was changed afterwards, and left untouched", async () => {
    await runOnce();
    const before = hashOf(file);
    const [name = ""] = namesOf();
    const changed = path.join(ownMigrations, name, "migration.sql");
    writeFileSync(changed, `${readFileSync(changed, "utf8")}\n`);
    expect(await refusal()).toMatch(
      new RegExp(`^conflict: Migration ${name} was changed after it was applied`),
    );
    expect(hashOf(file)).toBe(before);
  });

  it("is refused when it isn't a database at all, and left untouched", async () => {
    mkdirSync(path.dirname(file));
    writeFileSync(file, "a text that somebody put here".repeat(100));
    const before = hashOf(file);
    expect(await refusal()).toMatch(/^conflict: .*snapkeep\.db is not a database of Snapkeep/);
    expect(hashOf(file)).toBe(before);
  });
});

describe("an upgrade", () => {
  beforeEach(async () => {
    const db = await openDatabase({ file, migrationsFolder: ownMigrations });
    await db.prisma.setting.create({ data: { key: "kept", value: "1" } });
    await db.close();
  });

  it("copies the database first, applies what is missing and keeps what was there", async () => {
    addMigration(newest, addColumn);
    const { applied, copy } = await runOnce();
    expect(applied).toEqual([newest]);
    expect(query(`SELECT * FROM "Setting"`)).toEqual([{ key: "kept", value: "1", colour: "blue" }]);
    expect(query(`SELECT * FROM "Setting"`, copy ?? "")).toEqual([{ key: "kept", value: "1" }]);
    expect(statSync(copy ?? "").mode & 0o777).toBe(0o600);
  });

  it("copies what only stood in the write-ahead log too", async () => {
    // A killed process leaves its log beside the file; copying all three while it is open gives the same.
    const db = await openDatabase({ file, migrationsFolder: ownMigrations });
    await db.prisma.setting.create({ data: { key: "in-the-log", value: "1" } });
    const crashed = path.join(folder, "crashed.db");
    for (const suffix of ["", "-wal", "-shm"]) copyFileSync(`${file}${suffix}`, `${crashed}${suffix}`);
    await db.close();
    file = crashed;
    addMigration(newest, addColumn);
    const { copy } = await runOnce();
    expect(query(`SELECT key FROM "Setting" ORDER BY key`, copy ?? "")).toEqual([
      { key: "in-the-log" },
      { key: "kept" },
    ]);
  });

  it("that fails half-way leaves the database as it was, and says which migration failed", async () => {
    const [schema] = [query(`SELECT sql FROM sqlite_master ORDER BY name`)];
    addMigration("29990101000000_good", addColumn);
    addMigration("29990102000000_bad", `CREATE TABLE "Half" (id TEXT);\nINSERT INTO "Nowhere" VALUES (1);`);
    expect(await refusal()).toMatch(
      /^conflict: Migration 29990102000000_bad .*no such table: Nowhere.*before-\d+/,
    );
    expect(query(`SELECT sql FROM sqlite_master ORDER BY name`)).toEqual(schema);
    expect(query(`SELECT * FROM "Setting"`)).toEqual([{ key: "kept", value: "1" }]);
    expect(query(`SELECT migration_name FROM "_prisma_migrations" ORDER BY 1`)).toEqual(
      namesOf().map((migration_name) => ({ migration_name })),
    );
  });

  it("that would leave a reference to nothing is taken back", async () => {
    addMigration(
      newest,
      `INSERT INTO "Session" (id, expiresAt, token, updatedAt, userId) VALUES ('x', 0, 'x', 0, 'nobody');`,
    );
    expect(await refusal()).toMatch(/broken references/);
    expect(query(`SELECT * FROM "Session"`)).toEqual([]);
  });
});

it("migrations are applied in the order of their names, and nothing else in the folder counts", () => {
  addMigration("29990102000000_second", "SELECT 1;");
  addMigration("29990101000000_first", "SELECT 1;");
  mkdirSync(path.join(ownMigrations, "drafts"));
  const names = readMigrations(ownMigrations).map((migration) => migration.name);
  expect(names).toEqual([...namesOf(), "29990101000000_first", "29990102000000_second"]);
});
