import path from "node:path";
import { fileURLToPath } from "node:url";
import { readEnv } from "#core/kernel/env.ts";
import { isAppError } from "#core/kernel/errors.ts";
import { createLogger } from "#core/kernel/logger.ts";
import { type LocalRuntime, openLocal } from "#core/runtime/index.ts";
import { UsageError } from "../exit.ts";

/** Beside the program: dist/ in an installation, core/cli/admin/ when it runs from its sources. */
function migrationsFolder(): string {
  const here = path.dirname(fileURLToPath(import.meta.url));
  const project = path.basename(here) === "dist" ? path.join(here, "..") : path.join(here, "..", "..", "..");
  return path.join(project, "prisma", "migrations");
}

/**
 * Opens the records that SNAPKEEP_DATA names, beside a server that may run, and lets go of them after `work`.
 * @throws UsageError in the words of what was refused.
 */
export async function withRecords<T>(work: (local: LocalRuntime) => Promise<T>): Promise<T> {
  try {
    const env = readEnv();
    const local = await openLocal({
      env,
      log: createLogger("silent"),
      migrationsFolder: migrationsFolder(),
    });
    try {
      return await work(local);
    } finally {
      await local.close();
    }
  } catch (error) {
    if (isAppError(error)) throw new UsageError(error.userMessage);
    throw error;
  }
}
