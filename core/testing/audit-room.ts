import path from "node:path";
import { fileURLToPath } from "node:url";
import Sqlite from "better-sqlite3";
import { type AuditDeps, type AuditSubject, createAuditService } from "#core/audit/index.ts";
import { type Database, openDatabase } from "#core/db/index.ts";
import { createLogger } from "#core/kernel/logger.ts";
import { testChainKey } from "./audit-log.ts";
import { makeTempFolder, removeTempFolder } from "./leftovers.ts";

const migrationsFolder = fileURLToPath(new URL("../../prisma/migrations", import.meta.url));
export const dayMs = 24 * 3_600_000;

export type AuditRoom = Awaited<ReturnType<typeof openAuditRoom>>;

/** An audit log on a database of its own, and the ways to tamper with it that somebody with the file has. */
export async function openAuditRoom(options: Partial<AuditDeps> = {}) {
  const folder = makeTempFolder("snapkeep-audit-");
  const file = path.join(folder, "snapkeep.db");
  const open: Database[] = [];
  const now = { ms: Date.UTC(2026, 6, 23, 3, 14, 2, 5) };
  const logged: Record<string, unknown>[] = [];
  const log = createLogger("warn", { write: (line) => void logged.push(JSON.parse(line)) });
  const archives = path.join(folder, "audit");
  const clock = { nowMs: () => now.ms, monotonicMs: () => performance.now() };

  async function another(more: Partial<AuditDeps> = {}) {
    const db = await openDatabase({ file, migrationsFolder });
    open.push(db);
    return {
      db,
      audit: createAuditService({
        db,
        clock,
        log,
        chainKey: testChainKey,
        folder: archives,
        ...options,
        ...more,
      }),
    };
  }

  return {
    ...(await another()),
    another,
    file,
    folder,
    archives,
    logged,
    now,
    /** Changes the file behind Snapkeep's back, without the triggers that stand in the way. */
    tamper<T = unknown>(work: (db: Sqlite.Database) => T): T {
      const db = new Sqlite(file);
      try {
        db.exec(`DROP TRIGGER IF EXISTS "AuditEntry_stays_as_written"`);
        db.exec(`DROP TRIGGER IF EXISTS "AuditEntry_stays_until_archived"`);
        return work(db);
      } finally {
        db.close();
      }
    },
    /** Reads or writes the file with all its triggers in place. */
    raw<T = unknown>(work: (db: Sqlite.Database) => T): T {
      const db = new Sqlite(file);
      try {
        return work(db);
      } finally {
        db.close();
      }
    },
    async close() {
      for (const db of open) await db.close();
      removeTempFolder(folder);
    },
  };
}

/** What a person did, as an operation would say it. */
export function actOf(over: Partial<AuditSubject> = {}): AuditSubject {
  return {
    action: "snapshot.pin",
    caller: {
      kind: "person",
      userId: "u-ada",
      name: "ada",
      role: "operator",
      sessionId: "session-1",
      signedInWith: "password and code",
      grants: [{ role: "operator", clusterId: null, datacenter: null }],
    },
    request: { requestId: "req-7f3k2m9q1abc", address: "10.44.2.9", userAgent: "Firefox", door: "action" },
    target: {
      id: "s-7f3k2m9q1abc",
      label: "dc1, s-7f3k2m9q1abc",
      places: [{ clusterId: "c-prod", datacenter: "dc1" }],
    },
    reason: null,
    correlationId: "x-1",
    ...over,
  };
}
