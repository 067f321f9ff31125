import type { KvRecord } from "../records/visitor.ts";
import { compareKeys, createKvKeeper, type KvEntry } from "./kv-entry.ts";
import { release, retain } from "./kv-slabs.ts";

/** From here on the reader of the archive waits for the merge. */
const waitingRecordsMax = 16_384;
const waitingBytesMax = 2 * 1024 * 1024;
/** What was on its way already still comes; beyond this much of it, values are kept as hashes. */
const wholeValueBytesMax = 8 * 1024 * 1024;

/** The KV records of one archive that wait for the merge, in the archive's order. */
export type KvQueue = {
  readonly push: (record: KvRecord) => void;
  /** The record whose turn it is; null when none waits now. */
  readonly head: () => KvEntry | null;
  /** Takes it away; it may still be read until the next record is pushed. */
  readonly shift: () => void;
  /** Tells that a record came which is the same as this one of the other archive, and was not pushed. */
  readonly passed: (same: KvEntry) => void;
  readonly full: () => boolean;
  /** False once a key was not above the one before it. */
  readonly sorted: () => boolean;
  /** Forgets what waits, and whatever comes. */
  readonly discard: () => void;
};

export function createKvQueue(): KvQueue {
  const keep = createKvKeeper();
  let entries: KvEntry[] = [];
  let first = 0;
  let bytes = 0;
  let last: KvEntry | null = null;
  let lastOfOther: KvEntry | null = null;
  let sorted = true;
  let discarding = false;

  const setLast = (entry: KvEntry | null, ofOther: KvEntry | null): void => {
    if (lastOfOther !== null) {
      release(lastOfOther.home);
    }
    last = entry;
    lastOfOther = ofOther;
  };

  return {
    push: (record) => {
      if (discarding) {
        return;
      }
      const entry = keep(record, bytes > wholeValueBytesMax);
      sorted &&= last === null || compareKeys(last, entry) < 0;
      setLast(entry, null);
      bytes += entry.end - entry.start;
      entries.push(entry);
    },
    head: () => entries[first] ?? null,
    shift: () => {
      const entry = entries[first];
      if (entry === undefined) {
        return;
      }
      bytes -= entry.end - entry.start;
      release(entry.home);
      first += 1;
      if (first === entries.length || first === waitingRecordsMax) {
        entries = entries.slice(first);
        first = 0;
      }
    },
    passed: (same) => {
      retain(same.home);
      setLast(same, same);
    },
    full: () => entries.length - first >= waitingRecordsMax || bytes >= waitingBytesMax,
    sorted: () => sorted,
    discard: () => {
      discarding = true;
      entries = [];
      first = 0;
      bytes = 0;
      setLast(null, null);
    },
  };
}
