import { setImmediate as nextTurn } from "node:timers/promises";
import type { CompareResult, Difference } from "./contract.ts";
import { createMapSink, createQueueSinks, type KeySink } from "./key-sinks.ts";
import {
  compareKeyMaps,
  createKeysMerge,
  type KeysMerge,
  type MergeSide,
  type TakeKey,
} from "./keys-merge.ts";
import { compareTables, createRecordTable, type RecordTable } from "./record-table.ts";
import { readSide, type Side, type StartVerifier } from "./side.ts";
import { createTally, kvTypeName, type Tally } from "./tally.ts";

export type OnDifference = (difference: Difference) => void | Promise<void>;

export type PassOptions = {
  readonly start: StartVerifier;
  readonly onDifference?: OnDifference | undefined;
  readonly includeChurn?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly keysInMemoryMax: number;
  /**
   * `merge` needs keys in order, and memory for a few MiB of them; `stop-unsorted` is the same, but ends at once
   * where the order does not hold; `in-memory` holds all keys, as hashes of their values.
   */
  readonly keys: "merge" | "stop-unsorted" | "in-memory";
};

type Sources = readonly [AsyncIterable<Uint8Array>, AsyncIterable<Uint8Array>];

/** Reads both archives once. Null when it stopped because the keys of one do not stand in order. */
export async function comparePass(sources: Sources, options: PassOptions): Promise<CompareResult | null> {
  const stopper = new AbortController();
  const signals = [stopper.signal, ...(options.signal === undefined ? [] : [options.signal])];
  const signal = AbortSignal.any(signals);
  const work: Work = { tally: createTally(), options, signal };
  try {
    signal.throwIfAborted();
    const pair = openPair(sources, work);
    // A source that fails or an abort must not wait for a part that waits for it.
    const failed = Promise.all(pair.sides.map(({ done }) => done)).then(() => new Promise<never>(() => {}));
    return await Promise.race([failed, aborted(signal), comparePair(pair, work)]);
  } catch (error) {
    options.signal?.throwIfAborted();
    throw error;
  } finally {
    stopper.abort();
  }
}

type Work = { readonly tally: Tally; readonly options: PassOptions; readonly signal: AbortSignal };

/** Two archives that are being read, A first. */
type Pair = {
  readonly sides: readonly [Side, Side];
  readonly tables: readonly [RecordTable, RecordTable];
  readonly keys: readonly [KeySink, KeySink];
  /** Null where keys are not merged. */
  readonly merge: KeysMerge | null;
};

function openPair(sources: Sources, { tally, options, signal }: Work): Pair {
  const { keysInMemoryMax: max, start } = options;
  const events = {
    onSame: (type: number) => tally.addIdentical("kv", type, kvTypeName),
    onPush: () => merge?.advance(),
  };
  const keys: [KeySink, KeySink] =
    options.keys === "in-memory" ? [createMapSink(max), createMapSink(max)] : createQueueSinks(events);
  const tables = [createRecordTable(), createRecordTable()] as const;
  const open = (at: 0 | 1): Side =>
    readSide(sources[at], { ...keys[at].sink, other: tables[at].add }, start, signal);
  const sides = [open(0), open(1)] as const;
  const mergeSide = (at: 0 | 1): MergeSide => {
    const { head, shift, inOrder } = keys[at];
    return { head, shift, inOrder, verified: () => sides[at].report()?.ok ?? null };
  };
  const onTaken = (): void => {
    sides[0].taken();
    sides[1].taken();
  };
  const take = takeKey(tally, teller(tally, options));
  const merge =
    options.keys === "in-memory" ? null : createKeysMerge(mergeSide(0), mergeSide(1), take, onTaken);
  for (const side of sides) {
    side.done.then(merge?.advance, () => {});
  }
  return { sides, tables: [tables[0].table, tables[1].table], keys, merge };
}

function aborted(signal: AbortSignal): Promise<never> {
  const promise = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  promise.catch(() => {});
  return promise;
}

async function comparePair(pair: Pair, { tally, options, signal }: Work): Promise<CompareResult | null> {
  const { sides, tables, keys, merge } = pair;
  const inOrder = (): boolean => keys[0].inOrder() && keys[1].inOrder();
  if (merge !== null) {
    await merge.done;
    for (const side of sides) {
      side.discard();
    }
    if (options.keys === "stop-unsorted" && !inOrder()) {
      return null;
    }
  }
  const reports = await Promise.all([sides[0].done, sides[1].done]);
  if (!reports.every(({ ok }) => ok)) {
    return { outcome: "not-verified", reports, summary: null };
  }
  if (!inOrder()) {
    return { outcome: "keys-unsorted", reports, summary: null };
  }
  const tell = teller(tally, options);
  const breathe = breather(signal);
  if (keys[0].map !== null && keys[1].map !== null) {
    const take = takeKey(tally, tell);
    await compareKeyMaps(
      keys[0].map,
      keys[1].map,
      (difference, entry) => take(difference, entry) ?? breathe(),
    );
  }
  for (const finding of compareTables(...tables)) {
    if (finding.difference === null) {
      tally.addIdentical(finding.kind, finding.type, finding.typeName);
    } else {
      await tell(finding.difference);
    }
    await breathe();
  }
  return { outcome: "compared", reports, summary: tally.summary() };
}

type Tell = (difference: Difference) => Promise<void> | undefined;

/** Counts a difference, and hands it on unless it is churn that nobody asked for. */
function teller(tally: Tally, { onDifference, includeChurn = false }: PassOptions): Tell {
  return (difference) => {
    tally.addDifference(difference);
    if (onDifference === undefined || (difference.churn && !includeChurn)) {
      return undefined;
    }
    return onDifference(difference) ?? undefined;
  };
}

function takeKey(tally: Tally, tell: Tell): TakeKey {
  return (difference, entry) => {
    if (difference !== null) {
      return tell(difference);
    }
    tally.addIdentical("kv", entry.type, kvTypeName);
    return undefined;
  };
}

/** Lets timers, streams and an abort have their turn now and then in a loop that waits for nothing else. */
function breather(signal: AbortSignal): () => Promise<void> | undefined {
  let count = 0;
  return () => {
    count += 1;
    return count % 4096 === 0 ? nextTurn().then(() => signal.throwIfAborted()) : undefined;
  };
}
