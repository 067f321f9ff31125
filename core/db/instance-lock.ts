import Sqlite from "better-sqlite3";
import { AppError } from "#core/kernel/errors.ts";

/**
 * Keeps a second process off the same data folder: at its start it would take the rows of the first for
 * leftovers of a crash. The lock is the operating system's, so it is gone with the process, however that ends.
 * @returns the way to let go.
 * @throws AppError `conflict` when another process holds it.
 */
export function lockInstance(file: string): () => void {
  const db = new Sqlite(file, { timeout: 0 });
  try {
    db.pragma("locking_mode = EXCLUSIVE");
    db.exec("BEGIN EXCLUSIVE");
  } catch (cause) {
    db.close();
    throw new AppError({
      code: "conflict",
      userMessage: `Another Snapkeep runs on this data folder (${file} is locked). Stop it first, or set SNAPKEEP_DATA to another folder.`,
      cause,
    });
  }
  return () => db.close();
}
