import type { KvRecord } from "../records/visitor.ts";
import { createKvKeeper, isSameRecord, type KvEntry, keyText } from "./kv-entry.ts";
import { createKvQueue, type KvQueue } from "./kv-queue.ts";
import type { RecordSink } from "./side.ts";

/** Where the keys of one archive wait: for a merge, or all of them in memory. */
export type KeySink = {
  readonly sink: Omit<RecordSink, "other">;
  /** The next key for the merge; null when none waits. */
  readonly head: () => KvEntry | null;
  readonly shift: () => void;
  /** False once this archive cannot be compared in this way. */
  readonly inOrder: () => boolean;
  /** All keys by `keyText`; null for a merge. */
  readonly map: ReadonlyMap<string, KvEntry> | null;
};

type QueueEvents = {
  /** A key of this type is the same in both. */
  readonly onSame: (type: number) => void;
  /** A key waits. */
  readonly onPush: () => void;
};

/** For two archives that are merged: most keys are the same in both, and only one of each pair is kept at all. */
export function createQueueSinks(events: QueueEvents): [KeySink, KeySink] {
  const queues: [KvQueue, KvQueue] = [createKvQueue(), createKvQueue()];
  return [queueSink(queues[0], queues[1], events), queueSink(queues[1], queues[0], events)];
}

function queueSink(queue: KvQueue, other: KvQueue, { onSame, onPush }: QueueEvents): KeySink {
  const { push, full, discard, head, shift, sorted, passed } = queue;
  const kv = (record: KvRecord): void => {
    const waiting = head() === null ? other.head() : null;
    if (waiting !== null && isSameRecord(waiting, record)) {
      passed(waiting);
      other.shift();
      onSame(record.type);
    } else {
      push(record);
      onPush();
    }
  };
  return {
    sink: { kv, full, discard },
    head,
    shift,
    inOrder: sorted,
    map: null,
  };
}

/**
 * Holds every key with some 300 bytes and the key itself. Of a key that comes twice, the last counts, as it does
 * in a restore.
 * @param keysMax from which number on the archive is not compared, so that memory is bounded
 */
export function createMapSink(keysMax: number): KeySink {
  const keep = createKvKeeper();
  const map = new Map<string, KvEntry>();
  let tooMany = false;
  return {
    sink: {
      kv: (record) => {
        if (tooMany) {
          return;
        }
        const entry = keep(record, true);
        map.set(keyText(entry), entry);
        if (map.size > keysMax) {
          tooMany = true;
          map.clear();
        }
      },
      full: () => false,
      discard: () => {},
    },
    head: () => null,
    shift: () => {},
    inOrder: () => !tooMany,
    map,
  };
}
