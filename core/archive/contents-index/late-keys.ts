import type { KvRecord } from "../records/visitor.ts";
import type { BlockSink } from "./blocks.ts";
import type { ByteWriter } from "./byte-writer.ts";
import { createKvRunWriter } from "./kv-run-writer.ts";

export type LateKeys = {
  readonly add: (record: KvRecord) => void;
  /** Writes what is left. Afterwards `runs` and `directory` are complete. */
  readonly finish: () => void;
  readonly runs: () => number;
};

/** What an entry takes in memory beside its key's bytes: two objects, a view and its numbers. */
const entryBytes = 320;

/**
 * Takes the keys that came too late for the main run. A Consul server writes none; an archive made by hand can.
 * They are collected, sorted and written as runs of their own, which readers merge: any order of any number of
 * keys gives exact answers in flat memory, it only costs the reader more.
 */
export function createLateKeys(sink: BlockSink, directory: ByteWriter, bytesFull: number): LateKeys {
  let records: KvRecord[] = [];
  let bytes = 0;
  let runs = 0;
  const flush = () => {
    if (records.length === 0) return;
    records.sort((a, b) => Buffer.compare(a.key, b.key) || a.offset - b.offset);
    const run = createKvRunWriter(sink);
    for (const record of records) run.add(record);
    run.finish(directory);
    runs += 1;
    records = [];
    bytes = 0;
  };
  return {
    add: (record) => {
      records.push({ ...record, key: Uint8Array.from(record.key), value: nilMark(record) });
      bytes += record.key.length + entryBytes;
      if (bytes >= bytesFull) flush();
    },
    finish: flush,
    runs: () => runs,
  };
}

const empty = new Uint8Array();

/** An empty value that is not nil must stay told apart from nil when the value itself is let go. */
function nilMark(record: KvRecord): Uint8Array | null {
  return record.value === null ? null : empty;
}
