import { readFile } from "node:fs/promises";
import path from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Clock } from "#core/kernel/clock.ts";
import type { Anchor, KnownAnchors } from "./anchors.ts";
import { archiveName, readArchive, sha256 } from "./archive-file.ts";
import { canonicalOf, entryOf, type Seals, type StoredRow } from "./canonical.ts";
import { diagnose, followLines, isIntact, type RowsOf } from "./chain-check.ts";
import { type BrokenEntry, type ChainReport, firstPreviousHash } from "./contract.ts";
import type { AuditStore, Bounds, SegmentRow } from "./store.ts";

/** Some 10 ms of work: longer, and whoever else waits for the process would notice. */
const batchRows = 1_000;

type Deps = {
  store: AuditStore;
  seals: Seals;
  clock: Clock;
  folder: string;
  readAnchors: () => Promise<KnownAnchors>;
};
/** Where the walk along the chain stands. */
type Walk = { entry: number; hash: string };

/** Checks the whole chain: archive files, rows, head, anchors. The first fault that it meets is the first there is. */
export async function verifyChain(deps: Deps): Promise<ChainReport> {
  const { store, clock } = deps;
  const startedMs = clock.monotonicMs();
  // The anchors come first: one that is written meanwhile would name an entry that the bounds don't know.
  const { anchors, fault } = await deps.readAnchors();
  const bounds = await store.bounds();
  const archivedThrough = lastArchived(bounds);
  const nothing = bounds.head === null && bounds.last === null && bounds.segments.length === 0;
  const empty = nothing && anchors.length === 0 && fault === null;
  const broken = empty
    ? null
    : ((nothing ? removed(anchors) : await firstFault(deps, bounds, anchors)) ?? lostAnchors(fault));
  // Another process moved a segment to its file meanwhile: what is missed here now lies there.
  if (broken !== null && lastArchived(await store.bounds()) !== archivedThrough) return verifyChain(deps);
  const firstEntry = bounds.last === null ? null : archivedThrough + 1;
  return {
    state: empty ? "empty" : broken === null ? "intact" : "broken",
    checkedAt: new Date(clock.nowMs()).toISOString(),
    entries: bounds.last === null ? 0 : Math.max(0, bounds.last - archivedThrough),
    firstEntry,
    lastEntry: bounds.last,
    head: bounds.head?.hash ?? null,
    archivedThrough: archivedThrough === 0 ? null : archivedThrough,
    anchors: { checked: anchors.length, lastEntry: anchors.at(-1)?.entry ?? null },
    broken,
    durationMs: Math.round(clock.monotonicMs() - startedMs),
  };
}

const isArchived = (segment: SegmentRow) => segment.archivedAt !== null;
const lastArchived = ({ segments }: Bounds) => segments.filter(isArchived).at(-1)?.lastEntry ?? 0;

/** An empty log of which something was written down outside. */
function removed(anchors: readonly Anchor[]): BrokenEntry | null {
  const last = anchors.reduce((highest, { entry }) => Math.max(highest, entry), 0);
  if (last === 0) return null;
  const words = `The log is empty, but entry ${last} was written down outside: everything was removed.`;
  return { entry: 1, kind: "anchor", words };
}

const lostAnchors = (words: string | null): BrokenEntry | null =>
  words === null ? null : { entry: 1, kind: "anchor", words };

async function firstFault(
  deps: Deps,
  bounds: Bounds,
  anchors: readonly Anchor[],
): Promise<BrokenEntry | null> {
  const anchored = new Map<number, string>();
  for (const { entry, hash } of anchors) {
    if ((anchored.get(entry) ?? hash) !== hash) return disagrees(entry);
    anchored.set(entry, hash);
  }
  const walk: Walk = { entry: 0, hash: firstPreviousHash };
  for (const segment of bounds.segments.filter(isArchived)) {
    const fault = await checkSegment(deps, segment, walk, bounds, anchored);
    if (fault !== null) return fault;
    walk.entry = segment.lastEntry;
    walk.hash = segment.lastHash;
  }
  return (await checkRows(deps, bounds, walk, anchored)) ?? (await checkEnd(deps, bounds, walk, anchored));
}

const disagrees = (entry: number): BrokenEntry => ({
  entry,
  kind: "anchor",
  words: "The hash of this entry was written down outside, and it was another one.",
});

/** The seal covers the file's own hash, so an intact file needs no look at its rows. */
async function checkSegment(
  { store, seals, folder }: Deps,
  segment: SegmentRow,
  walk: Walk,
  bounds: Bounds,
  anchored: Map<number, string>,
): Promise<BrokenEntry | null> {
  const { firstEntry: entry, lastEntry, file } = segment;
  const bad = (words: string): BrokenEntry => ({ entry, kind: "archive", words });
  if (segment.seal !== seals.segment(segment))
    return bad(`The record of ${file} was not sealed with this log's key.`);
  if (entry !== walk.entry + 1 || segment.previousHash !== walk.hash)
    return { ...bad(`An archive file before ${file} is no longer known.`), entry: walk.entry + 1 };
  // The seal doesn't cover the name, and whoever writes to the records must not have other files read.
  if (file !== archiveName(entry, lastEntry))
    return bad(`The record of entry ${entry} names a file that isn't its own.`);
  const where = path.join(folder, file);
  const bytes = await readFile(where).catch(() => null);
  if (bytes === null) return bad(`The archive file ${file} is missing.`);
  if (sha256(bytes) !== segment.fileSha256)
    return bad(`The archive file ${file} isn't the one that was written.`);
  const inside = [...anchored.keys()].filter((one) => one >= entry && one <= lastEntry);
  const rowsLeft = bounds.first !== null && bounds.first <= lastEntry;
  if (inside.length === 0 && !rowsLeft) return null;
  const { rows } = await readArchive(where);
  const wrong = inside.sort((a, b) => a - b).find((one) => rows[one - entry]?.[1] !== anchored.get(one));
  if (wrong !== undefined) return disagrees(wrong);
  // A removal that was cut off left rows that also lie in the file; what doesn't is somebody else's.
  for (const row of await store.chainRows(Number.MIN_SAFE_INTEGER, lastEntry, lastEntry - entry + 2)) {
    if (!isSame(row, rows[entryOf(row) - entry]))
      return {
        entry: entryOf(row),
        kind: "inserted",
        words: "This entry was archived; the row here is another one.",
      };
  }
  return null;
}

const isSame = (row: StoredRow, other: StoredRow | undefined) =>
  other !== undefined && row[1] === other[1] && canonicalOf(row[0]) === canonicalOf(other[0]);

async function checkRows(
  { store, seals }: Deps,
  bounds: Bounds,
  walk: Walk,
  anchored: Map<number, string>,
): Promise<BrokenEntry | null> {
  if (bounds.last === null) return null;
  const strange = bounds.first !== null && walk.entry === 0 && bounds.first < 1 ? bounds.first : null;
  if (strange !== null)
    return { entry: strange, kind: "inserted", words: "This entry stands before the beginning of the log." };
  const through = isGenuine(bounds, seals) ? Math.min(bounds.head?.entry ?? 0, bounds.last) : bounds.last;
  const rowsOf = batches(store);
  // Batches end at anchors, to compare there. From the first line on that isn't as it should be, rows are looked at.
  const stops = [...anchored.keys()].sort((one, other) => one - other);
  while (walk.entry < through) {
    while (stops[0] !== undefined && stops[0] <= walk.entry) stops.shift();
    const end = Math.min(through, stops[0] ?? through);
    const lines = await store.chainLines(walk.entry + 1, end, batchRows).catch(() => "");
    const { entry, hash, whole } = followLines(lines, walk, seals);
    const moved = entry > walk.entry;
    walk.entry = entry;
    walk.hash = hash;
    if (moved && (anchored.get(entry) ?? hash) !== hash) return disagrees(entry);
    if (!whole || !moved) break;
    await nextTurn();
  }
  for await (const batch of rowsOf(walk.entry + 1, through)) {
    for (const row of batch) {
      const expected = walk.entry + 1;
      if (!isIntact(row, expected, walk.hash, seals))
        return diagnose(
          row,
          { entry: expected, previousHash: walk.hash, lastEntry: bounds.last },
          rowsOf,
          seals,
        );
      walk.entry = expected;
      walk.hash = row[1] ?? "";
      if (anchored.size > 0 && (anchored.get(expected) ?? walk.hash) !== walk.hash)
        return disagrees(expected);
    }
  }
  return null;
}

/** Reads in batches and lets the rest of the process run between them. */
export function batches(store: AuditStore): RowsOf {
  return async function* rowsOf(first, through) {
    for (let next = first; next <= through; ) {
      const rows = await readable(store, next, through);
      const last = rows.at(-1);
      if (last === undefined) return;
      yield rows;
      next = entryOf(last) + 1;
      await nextTurn();
    }
  };
}

/** A column that holds bytes instead of text makes SQLite refuse the whole batch. Then rows come one by one. */
async function readable(store: AuditStore, first: number, through: number): Promise<StoredRow[]> {
  try {
    return await store.chainRows(first, through, batchRows);
  } catch {
    return store.chainRows(first, through, 1).catch(() => [[["unreadable", first], null, null] as const]);
  }
}

const isGenuine = ({ head }: Bounds, seals: Seals) =>
  head !== null && head.seal === seals.head(head.entry, head.hash);

/** Compares the head, and anchors beyond it, with where the walk ended. */
async function checkEnd(
  { store, seals }: Deps,
  bounds: Bounds,
  walk: Walk,
  anchored: Map<number, string>,
): Promise<BrokenEntry | null> {
  const { head } = bounds;
  const last = Math.max(bounds.last ?? 0, walk.entry);
  if (head === null) return { entry: last, kind: "head", words: "The head of the chain is missing." };
  if (!isGenuine(bounds, seals))
    return { entry: last, kind: "head", words: "The head of the chain was not sealed with this log's key." };
  if (walk.entry < head.entry) {
    const words = `The log ends at entry ${walk.entry}, but its head is entry ${head.entry}: the tail was cut off.`;
    return { entry: walk.entry + 1, kind: "tail-cut", words };
  }
  if (head.entry < last) {
    const [next] = await store.chainRows(head.entry + 1, last, 1);
    const genuine = next !== undefined && isIntact(next, head.entry + 1, walk.hash, seals);
    return genuine
      ? {
          entry: last,
          kind: "head",
          words: `The head is entry ${head.entry}, older than the last one: it was set back.`,
        }
      : {
          entry: head.entry + 1,
          kind: "inserted",
          words: "This entry was put in behind the head of the chain.",
        };
  }
  if (head.hash !== walk.hash)
    return {
      entry: last,
      kind: "head",
      words: "The head of the chain holds another hash than the last entry.",
    };
  const beyond = [...anchored.keys()].filter((entry) => entry > last).sort((a, b) => a - b)[0];
  if (beyond === undefined) return null;
  const words = `Entry ${beyond} was written down outside, but the log ends at ${last}: its end is gone, or the records are an older copy.`;
  return { entry: beyond, kind: "anchor", words };
}
