import {
  type CanonicalFields,
  canonicalOf,
  canonicalVersion,
  chainHash,
  entryOf,
  type Link,
  type Seals,
  type StoredRow,
} from "./canonical.ts";
import { type BrokenEntry, firstPreviousHash } from "./contract.ts";

/** Gives rows of a range in order, batch by batch. */
export type RowsOf = (first: number, through: number) => AsyncIterable<readonly StoredRow[]>;

/** Whether a row stands where it was written, as it was written. */
export function isIntact(row: StoredRow, entry: number, previousHash: string, seals: Seals): boolean {
  const [fields, hash, seal] = row;
  return (
    hash !== null &&
    fields[1] === entry &&
    hash === chainHash(previousHash, canonicalOf(fields)) &&
    seal === seals.row(entry, hash)
  );
}

const hexChars = 64;

/**
 * Follows lines (`chainLineSql`) as far as each stands where it was written, as it was written: the text of SQLite's
 * JSON is the canonical form, byte for byte, or its hash differs. Taking the rows apart and putting them together
 * again would cost as much as hashing them.
 * @returns the link after the last good line, and whether all were good.
 */
export function followLines(text: string, from: Link, seals: Seals): Link & { whole: boolean } {
  let { entry, hash: before } = from;
  for (const line of text === "" ? [] : text.split("\n")) {
    const hash = line.slice(0, hexChars);
    const canonical = line.slice(2 * hexChars);
    const good =
      canonical.startsWith(`["${canonicalVersion}",${entry + 1},`) &&
      hash === chainHash(before, canonical) &&
      line.slice(hexChars, 2 * hexChars) === seals.row(entry + 1, hash);
    if (!good) return { entry, hash: before, whole: false };
    entry += 1;
    before = hash;
  }
  return { entry, hash: before, whole: true };
}

/**
 * Says what happened to the first row that isn't intact. A row's seal holds its number, so a row that was moved still
 * tells where it belongs, and the row that belongs here can be looked for in the rest of the log.
 */
export async function diagnose(
  row: StoredRow,
  expected: { entry: number; previousHash: string; lastEntry: number },
  rowsOf: RowsOf,
  seals: Seals,
): Promise<BrokenEntry> {
  const { entry, previousHash } = expected;
  const [fields, hash, seal] = row;
  if (entryOf(row) > entry) return missing(entry, entryOf(row) - 1);
  if (entryOf(row) < entry)
    return {
      entry: entryOf(row),
      kind: "inserted",
      words: "This entry stands before the beginning of the log.",
    };
  const canonical = canonicalOf(fields);
  const sealed = hash !== null && seal === seals.row(entry, hash);
  if (hash === chainHash(previousHash, canonical))
    return {
      entry,
      kind: "forged",
      words:
        "The hash fits, but its seal was not made with this log's key: the hash was made anew after a change.",
    };
  if (sealed && hash === chainHash(firstPreviousHash, canonical))
    return {
      entry,
      kind: "head",
      words:
        "When this entry was written, the head of the chain was missing or forged. What stood before it may be gone.",
    };
  return sealed ? ofContent(row, expected, rowsOf) : ofPlace(row, expected, rowsOf, seals);
}

const missing = (first: number, last: number): BrokenEntry => ({
  entry: first,
  kind: "missing",
  words: first === last ? `Entry ${first} was removed.` : `Entries ${first} to ${last} were removed.`,
});

/** Hash and seal belong here, the text doesn't: it was changed, or changed places with another entry's. */
async function ofContent(
  [fields]: StoredRow,
  { entry, lastEntry, previousHash }: { entry: number; lastEntry: number; previousHash: string },
  rowsOf: RowsOf,
): Promise<BrokenEntry> {
  const at = (other: number): CanonicalFields => fields.map((value, index) => (index === 1 ? other : value));
  let before: string | null = previousHash;
  for await (const batch of rowsOf(entry, lastEntry)) {
    for (const [otherFields, hash] of batch) {
      const other = Number(otherFields[1]);
      if (before !== null && hash === chainHash(before, canonicalOf(at(other)))) return swapped(entry, other);
      before = hash;
    }
  }
  return { entry, kind: "changed", words: "This entry no longer says what was written." };
}

async function ofPlace(
  [, hash, seal]: StoredRow,
  { entry, lastEntry }: { entry: number; lastEntry: number },
  rowsOf: RowsOf,
  seals: Seals,
): Promise<BrokenEntry> {
  /** Where the row that belongs here stands now, and where the row that stands here belongs. */
  let stray: number | null = null;
  let home: number | null = null;
  const mayBelong = (other: number) => hash !== null && seal === seals.row(other, hash);
  for await (const batch of rowsOf(entry, lastEntry)) {
    for (const other of batch) {
      const [, otherHash, otherSeal] = other;
      if (otherHash !== null && otherSeal === seals.row(entry, otherHash)) stray ??= entryOf(other);
      if (mayBelong(entryOf(other))) home ??= entryOf(other);
    }
    if (stray !== null && home !== null) return swapped(entry, stray);
  }
  // Where a row was taken out and the rest moved up, the last one belongs behind the end.
  if (home === null && mayBelong(lastEntry + 1)) home = lastEntry + 1;
  if (stray !== null)
    return {
      entry,
      kind: "inserted",
      words: `This entry was put in; the one that belongs here is now ${stray}.`,
    };
  if (home !== null)
    return {
      entry,
      kind: "missing",
      words: `Entry ${entry} was removed, and those behind it were given new numbers.`,
    };
  return {
    entry,
    kind: "changed",
    words: "This entry no longer says what was written, and its hash was changed.",
  };
}

const swapped = (entry: number, other: number): BrokenEntry => ({
  entry,
  kind: "reordered",
  words: `This entry changed places; what belongs here now stands at ${other}.`,
});
