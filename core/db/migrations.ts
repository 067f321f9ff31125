import { createHash, randomUUID } from "node:crypto";
import { copyFileSync, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import Sqlite from "better-sqlite3";
import { AppError } from "#core/kernel/errors.ts";

type Migration = { name: string; sql: string; checksum: string };
type AppliedRow = { migration_name: string; checksum: string };

// The table that `prisma migrate` keeps, so that its `migrate status` agrees on a machine that can run it.
const migrationsTable = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" TEXT PRIMARY KEY NOT NULL,
  "checksum" TEXT NOT NULL,
  "finished_at" DATETIME,
  "migration_name" TEXT NOT NULL,
  "logs" TEXT,
  "rolled_back_at" DATETIME,
  "started_at" DATETIME NOT NULL DEFAULT current_timestamp,
  "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0
)`;

/** Reads `prisma/migrations/<time>_<name>/migration.sql` in order of their names. */
export function readMigrations(folder: string): Migration[] {
  return readdirSync(folder)
    .filter((name) => /^\d{14}_/.test(name))
    .sort()
    .map((name) => {
      const sql = readFileSync(path.join(folder, name, "migration.sql"), "utf8");
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    });
}

function assertKnown(applied: AppliedRow[], known: Migration[], file: string): void {
  const names = new Map(known.map((migration) => [migration.name, migration]));
  for (const row of applied) {
    const migration = names.get(row.migration_name);
    if (migration === undefined) {
      throw new AppError({
        code: "conflict",
        userMessage: `The database ${file} was written by a newer Snapkeep (migration ${row.migration_name} is unknown here). Start that version, or put back the copy made before its upgrade.`,
      });
    }
    if (migration.checksum !== row.checksum) {
      throw new AppError({
        code: "conflict",
        userMessage: `Migration ${row.migration_name} was changed after it was applied to ${file}. Install an unchanged Snapkeep.`,
      });
    }
  }
}

/** @throws AppError `conflict` when a migration is missing, which only the one process of the data folder may apply. */
export function assertMigrated(file: string, folder: string): void {
  const db = new Sqlite(file, { readonly: true, timeout: 10_000 });
  try {
    const applied = new Set(
      db
        .prepare(`SELECT migration_name FROM "_prisma_migrations" WHERE rolled_back_at IS NULL`)
        .pluck()
        .all(),
    );
    if (readMigrations(folder).every(({ name }) => applied.has(name))) return;
  } finally {
    db.close();
  }
  throw new AppError({
    code: "conflict",
    userMessage: `A Snapkeep of another version runs on ${file}. Restart it with this one first.`,
  });
}

/**
 * Brings the database file up to the newest migration, all in one transaction: it is the old one or the new
 * one, never between. A copy of the file is made first when there is anything to keep.
 * @returns the names applied now, and where the copy of the old file is (null when none was needed).
 * @throws AppError `conflict` with a sentence when the database is newer than this program.
 */
export function applyMigrations(file: string, folder: string): { applied: string[]; copy: string | null } {
  const known = readMigrations(folder);
  const isNew = !existsSync(file) || statSync(file).size === 0;
  const db = new Sqlite(file, { timeout: 10_000 });
  try {
    prepare(db, file);
    const applied = db
      .prepare<[], AppliedRow>(
        `SELECT migration_name, checksum FROM "_prisma_migrations" WHERE rolled_back_at IS NULL ORDER BY migration_name`,
      )
      .all();
    assertKnown(applied, known, file);
    const done = new Set(applied.map((row) => row.migration_name));
    const pending = known.filter((migration) => !done.has(migration.name));
    if (pending.length === 0) return { applied: [], copy: null };
    const copy = isNew ? null : copyBeforeMigration(db, file);
    applyAll(db, pending, copy);
    return { applied: pending.map((migration) => migration.name), copy };
  } finally {
    db.close();
  }
}

function prepare(db: Sqlite.Database, file: string): void {
  try {
    db.pragma("journal_mode = WAL");
    db.pragma("synchronous = FULL");
    db.exec(migrationsTable);
  } catch (cause) {
    throw new AppError({
      code: "conflict",
      userMessage: `${file} is not a database of Snapkeep, or is damaged (${wordsOf(cause)}). Move it away, or put back a copy.`,
      cause,
    });
  }
}

const wordsOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

function copyBeforeMigration(db: Sqlite.Database, file: string): string {
  // Everything in the write-ahead log goes into the file first, so that the plain copy is whole.
  db.pragma("wal_checkpoint(TRUNCATE)");
  const stamp = new Date().toISOString().replace(/\D/g, "").slice(0, 14);
  const copy = `${file}.before-${stamp}`;
  copyFileSync(file, copy);
  return copy;
}

function applyAll(db: Sqlite.Database, pending: Migration[], copy: string | null): void {
  const insert = db.prepare(
    `INSERT INTO "_prisma_migrations" (id, checksum, finished_at, migration_name, started_at, applied_steps_count)
     VALUES (?, ?, ?, ?, ?, 1)`,
  );
  // SQLite can't switch foreign keys inside a transaction, and a rebuilt table needs them off.
  db.pragma("foreign_keys = OFF");
  let current = "";
  const all = db.transaction(() => {
    for (const migration of pending) {
      current = migration.name;
      const startedAt = Date.now();
      db.exec(migration.sql);
      insert.run(randomUUID(), migration.checksum, Date.now(), migration.name, startedAt);
    }
    const broken = db.pragma("foreign_key_check");
    if (Array.isArray(broken) && broken.length > 0) throw new Error("it leaves broken references");
  });
  try {
    all.immediate();
  } catch (cause) {
    const kept = copy === null ? "" : ` A copy of it is ${copy}.`;
    throw new AppError({
      code: "conflict",
      userMessage: `Migration ${current} can't be applied: ${wordsOf(cause)}. The database is as it was.${kept}`,
      cause,
    });
  }
}
