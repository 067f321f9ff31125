import { chmodSync, mkdirSync } from "node:fs";
import path from "node:path";
import { PrismaBetterSqlite3 } from "@prisma/adapter-better-sqlite3";
import type { OperationContext } from "#core/kernel/operation.ts";
import { type Prisma, PrismaClient } from "./generated/client.ts";
import { applyMigrations, assertMigrated } from "./migrations.ts";
import { createGate, oneAtATime, takingTurns } from "./one-at-a-time.ts";

/** What stores take: the client itself or an open transaction of it. */
export type Tx = Prisma.TransactionClient;
/** What the `run` of every operation gets. */
export type ActContext = OperationContext<Tx>;

export type Database = {
  prisma: PrismaClient;
  /** Runs `work` in one transaction: all of it is committed or none. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  migration: { applied: string[]; copy: string | null };
  close(): Promise<void>;
};

/**
 * Opens (or makes) the SQLite file, applies what is missing of `prisma/migrations`, and connects Prisma.
 * @throws AppError `conflict` when the file is newer than this program.
 */
export async function openDatabase(options: {
  file: string;
  migrationsFolder: string;
  /** false: the file has to be of this version already, since another process works on it. */
  mayMigrate?: boolean;
}): Promise<Database> {
  mkdirSync(path.dirname(options.file), { recursive: true, mode: 0o700 });
  if (options.mayMigrate === false) assertMigrated(options.file, options.migrationsFolder);
  const migration = applyMigrations(options.file, options.migrationsFolder);
  // The file holds sealed tokens and password hashes: nobody else on the machine needs to read it.
  chmodSync(options.file, 0o600);
  const gate = createGate();
  const adapter = oneAtATime(new PrismaBetterSqlite3({ url: `file:${options.file}`, timeout: 10_000 }), gate);
  const client = new PrismaClient({
    adapter,
    // SQLite has one writer. Others wait for their turn instead of failing.
    transactionOptions: { maxWait: 20_000, timeout: 30_000 },
  });
  const prisma = takingTurns(client, gate);
  // better-sqlite3 lowers `synchronous` in WAL mode; then a power cut could take back a committed row.
  await prisma.$queryRawUnsafe("PRAGMA synchronous = FULL");
  await prisma.$queryRawUnsafe("PRAGMA foreign_keys = ON");
  return {
    prisma,
    transaction: (work) => prisma.$transaction(work),
    migration,
    close: () => prisma.$disconnect(),
  };
}
