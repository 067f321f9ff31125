import { setImmediate as nextTurn } from "node:timers/promises";
import { canonicalOf, chainHash, entryOf, type Seals } from "./canonical.ts";
import { firstPreviousHash } from "./contract.ts";
import type { AuditStore, Bounds, Head } from "./store.ts";

const batchRows = 2_000;

/**
 * Chains the rows from before the chain, all of them or none: rows without a hash beside ones that have it are never
 * taken in, or whoever puts a row into the table would have it sealed at the next start.
 * @param isUpgrade whether this very start brought the chain to the database: later, rows without hashes are rows whose
 * hashes somebody took out.
 * @returns how many were chained, and what is wrong with the end of the chain. A fault stops nothing: the console is
 * needed at 3 am whatever was done to the log.
 */
export async function prepareChain(
  store: AuditStore,
  seals: Seals,
  isUpgrade: boolean,
): Promise<{ chained: number; fault: string | null }> {
  const chained = isUpgrade && (await store.isUnchained()) ? await chainAll(store, seals) : 0;
  return { chained, fault: await faultAtEnd(store, seals, await store.bounds()) };
}

function chainAll(store: AuditStore, seals: Seals): Promise<number> {
  return store.inLongTransaction(async (tx) => {
    const { last } = await store.bounds(tx);
    let hash: string = firstPreviousHash;
    let entry = 0;
    let count = 0;
    for (;;) {
      const rows = await store.chainRows(entry + 1, last ?? 0, batchRows, tx);
      if (rows.length === 0) break;
      const links: Head[] = rows.map((row) => {
        entry = entryOf(row);
        hash = chainHash(hash, canonicalOf(row[0]));
        return { entry, hash, seal: seals.row(entry, hash) };
      });
      count += links.length;
      await store.putHashes(links, tx);
      await nextTurn();
    }
    if (count > 0) await store.putHead({ entry, hash }, tx);
    return count;
  });
}

async function faultAtEnd(
  store: AuditStore,
  seals: Seals,
  { head, last, segments }: Bounds,
): Promise<string | null> {
  if (head === null) return last === null && segments.length === 0 ? null : "the head is missing";
  if (head.seal !== seals.head(head.entry, head.hash)) return "the head is forged";
  if (last === null) {
    const end = segments.at(-1);
    return end?.lastEntry === head.entry && end.lastHash === head.hash ? null : "the entries are missing";
  }
  if (last !== head.entry) return `the head is entry ${head.entry}, the last entry is ${last}`;
  const [row] = await store.chainRows(last, last, 1);
  return row?.[1] === head.hash ? null : "the last entry has another hash than the head";
}
