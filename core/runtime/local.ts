import { existsSync } from "node:fs";
import { userInfo } from "node:os";
import path from "node:path";
import type { z } from "zod";
import { createPeopleOperations } from "#core/access/index.ts";
import { createAuditOperations, verifyArchive } from "#core/audit/index.ts";
import { type Database, isKeyOfRecords, lockInstance, openDatabase } from "#core/db/index.ts";
import { type Clock, systemClock } from "#core/kernel/clock.ts";
import type { Env } from "#core/kernel/env.ts";
import { AppError, noSuch, toAppError } from "#core/kernel/errors.ts";
import { newCorrelationId, newRequestId } from "#core/kernel/ids.ts";
import type { Logger } from "#core/kernel/logger.ts";
import type { Caller } from "#core/kernel/operation.ts";
import type { SecretBox } from "#core/kernel/secret-box.ts";
import { createImporter, type Imported, type ImportOptions } from "#core/snapshots/index.ts";
import { createLocalStore } from "#core/storage/local/index.ts";
import { createTokenOperations } from "#core/tokens/index.ts";
import { createExecute } from "./execute.ts";
import { createFailureLog } from "./failure-log.ts";
import { markOf, otherKey, readMasterKey } from "./master-key.ts";
import { createRecords } from "./records.ts";

export type LocalRuntime = Awaited<ReturnType<typeof openLocal>>;

type ImportFile = (file: Omit<ImportOptions, "byName" | "requestId" | "correlationId">) => Promise<Imported>;

type Options = { env: Env; log: Logger; migrationsFolder: string; clock?: Clock };

/**
 * What the command line needs of Snapkeep: people, API tokens and the audit log, and nothing that runs. The server may
 * run beside it; whoever may open its records holds the machine, so nothing is refused here but what makes no sense.
 * @throws AppError `not_found` when there is no Snapkeep in the data folder.
 */
export async function openLocal({ env, log, migrationsFolder, clock = systemClock }: Options) {
  const dataFolder = path.resolve(env.SNAPKEEP_DATA);
  const file = path.join(dataFolder, "snapkeep.db");
  if (!existsSync(file)) {
    throw new AppError({
      code: "not_found",
      userMessage: `There is no Snapkeep in ${dataFolder}. Start it once, or let SNAPKEEP_DATA name its folder.`,
    });
  }
  const unlock = lockIfAlone(path.join(dataFolder, "instance.lock"));
  // While a server runs, its version is the one that may change the records' form.
  const db = await openDatabase({ file, migrationsFolder, mayMigrate: unlock !== null });
  const box = await keyOfRecords(db, env, dataFolder).catch(async (error: unknown) => {
    await db.close();
    unlock?.();
    throw error;
  });
  const records = createRecords({ env, db, box, clock, log, dataFolder });
  await records.audit.prepare();
  const operations = {
    ...createAuditOperations({
      audit: records.audit,
      placeOf: () => Promise.reject(noSuch("snapshot")),
      issueTicket: records.access.tickets.issue,
    }),
    ...createTokenOperations(records.tokens),
    ...createPeopleOperations({ access: records.access }),
  };
  const run = createExecute({ db, audit: records.audit, log, logFailure: createFailureLog(log) });
  const archivesFolder = path.resolve(env.SNAPKEEP_ARCHIVES ?? path.join(dataFolder, "archives"));
  const caller: Caller = { kind: "system", name: `command line (${userInfo().username})` };

  return {
    clusters: records.clusters,
    /** Where the archives are. */
    archivesFolder,
    /**
     * Takes one file after the other into the history. Not an operation: only whoever holds the machine can name a
     * file of it, and each archive that comes in leaves a row in the audit log.
     * @throws AppError `conflict` while another import runs.
     */
    async importing<T>(work: (importFile: ImportFile) => Promise<T>): Promise<T> {
      const letGo = lockImport(path.join(dataFolder, "import.lock"));
      try {
        const importer = createImporter({
          db,
          archives: createLocalStore(archivesFolder),
          audit: records.audit,
          clock,
          fingerprintKey: box.sign("fingerprints", "key"),
        });
        if (unlock !== null) await importer.sweep();
        return await work((file) => {
          const { requestId, correlationId } = {
            requestId: newRequestId(),
            correlationId: newCorrelationId(),
          };
          const request = { requestId, address: "local", userAgent: null, door: "cli" as const };
          return importer.importFile(
            { ...file, byName: caller.name, requestId, correlationId },
            { action: "snapshot.import", caller, request, reason: null, correlationId },
          );
        });
      } finally {
        letGo();
      }
    },
    verifyAuditArchive: (file: string) => verifyArchive(file, records.chainKey),
    execute: <Name extends keyof typeof operations>(
      name: Name,
      input: z.input<(typeof operations)[Name]["input"]>,
    ) => {
      const request = { requestId: newRequestId(), address: "local", userAgent: null, door: "cli" as const };
      return run(operations[name], caller, input, request);
    },
    async close(): Promise<void> {
      await db.close();
      unlock?.();
    },
  };
}

/** @throws AppError `conflict` for another key than the server's: a row sealed under it would break the chain. */
async function keyOfRecords(db: Database, env: Env, dataFolder: string): Promise<SecretBox> {
  const box = readMasterKey(env, dataFolder, false);
  if (await isKeyOfRecords(db, markOf(box), false)) return box;
  throw otherKey(dataFolder);
}

function lockImport(file: string): () => void {
  try {
    return lockInstance(file);
  } catch (error) {
    if (toAppError(error).code !== "conflict") throw error;
    throw new AppError({
      code: "conflict",
      userMessage: "Another import runs on these records. Wait for its end.",
    });
  }
}

/** @returns the way to let go; null while a server runs. */
function lockIfAlone(file: string): (() => void) | null {
  try {
    return lockInstance(file);
  } catch (error) {
    if (toAppError(error).code === "conflict") return null;
    throw error;
  }
}
