import path from "node:path";
import Sqlite from "better-sqlite3";
import { waitFor } from "./wait-for.ts";

/** What a full disk makes SQLite say. */
const words = "database or disk is full";
let number = 0;

/**
 * Lets the real database refuse writes of one kind, as on a full disk, from another connection: Snapkeep's own statement
 * fails and its transaction is rolled back.
 * @param when SQL over OLD and NEW.
 * @returns what allows them again.
 */
export async function refuseWrites(
  dataFolder: string,
  { act, table, when = "1" }: { act: "INSERT" | "UPDATE"; table: string; when?: string },
): Promise<() => Promise<void>> {
  number += 1;
  const name = `refused_${number}`;
  await change(
    dataFolder,
    `CREATE TRIGGER "${name}" BEFORE ${act} ON "${table}" WHEN ${when} BEGIN SELECT RAISE(ABORT, '${words}'); END`,
  );
  return () => change(dataFolder, `DROP TRIGGER IF EXISTS "${name}"`);
}

/** Takes a table away, so that it can't even be read. @returns what brings it back. */
export async function hideTable(dataFolder: string, table: string): Promise<() => Promise<void>> {
  await change(dataFolder, `ALTER TABLE "${table}" RENAME TO "${table}_hidden"`);
  let isHidden = true;
  return async () => {
    if (isHidden) await change(dataFolder, `ALTER TABLE "${table}_hidden" RENAME TO "${table}"`);
    isHidden = false;
  };
}

/** Tries again in turns: Snapkeep's own transaction, in this very process, must be able to end meanwhile. */
async function change(dataFolder: string, sql: string): Promise<void> {
  const file = new Sqlite(path.join(dataFolder, "snapkeep.db"), { timeout: 0 });
  try {
    // What refers to the table keeps its name.
    file.pragma("legacy_alter_table = ON");
    file.pragma("foreign_keys = OFF");
    await waitFor("the records to be free", async () => file.exec(sql), { intervalMs: 5 });
  } finally {
    file.close();
  }
}
