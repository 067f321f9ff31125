import type { KvRecord, OtherRecord, RecordKind, RecordVisitor } from "../records/visitor.ts";
import type { Seal } from "../redaction/redacted-value.ts";
import { createBlockSink } from "./blocks.ts";
import { ByteWriter } from "./byte-writer.ts";
import type { ContentsFacts } from "./contract.ts";
import { createKvRunWriter } from "./kv-run-writer.ts";
import { createLateKeys } from "./late-keys.ts";
import { indexMagic } from "./layout.ts";
import { lateBytesFull } from "./limits.ts";
import { createKindWriter, type KindWriter } from "./record-writer.ts";
import { writeTail } from "./tail-writer.ts";

export type ContentsIndexWriterOptions = {
  /** Takes the index piece by piece, in order; a piece is the taker's own. */
  readonly onBytes: (chunk: Uint8Array) => void;
  /** The keyed fingerprint that stands in the place of a secret. */
  readonly seal: Seal;
  /** How much memory keys out of order may take before they are written; for tests. */
  readonly lateBytesFull?: number;
};

export type ContentsIndexSummary = {
  readonly indexBytes: number;
  readonly keys: number;
  /** How many keys were out of byte order or came twice. 0 for whatever a Consul server wrote. */
  readonly lateKeys: number;
};

export type ContentsIndexWriter = Required<RecordVisitor> & {
  /**
   * Ends the index. Until then nothing of it can be opened.
   *
   * @throws ContentsIndexError TOO_LARGE; RangeError when `stateSha256` is none
   */
  readonly finish: (facts: ContentsFacts) => ContentsIndexSummary;
};

/**
 * Makes the index of an archive's contents while its state.bin is read: a visitor of its records. Memory stays
 * flat, but for some 30 bytes of directory for every 256 keys. Values of keys are never looked at.
 * `kv` raises ContentsIndexError TOO_LARGE for a key beyond 4 MiB; the writer must then be left alone.
 */
export function createContentsIndexWriter(options: ContentsIndexWriterOptions): ContentsIndexWriter {
  const sink = createBlockSink(options.onBytes);
  sink.raw(Uint8Array.from(indexMagic));
  const mainRun = createKvRunWriter(sink);
  const lateRuns = new ByteWriter();
  const late = createLateKeys(sink, lateRuns, options.lateBytesFull ?? lateBytesFull);
  const kinds = new Map<RecordKind, KindWriter>();
  const count = { keys: 0, keyRecordBytes: 0, lateKeys: 0 };
  const kv = (record: KvRecord) => {
    count.keys += 1;
    count.keyRecordBytes += record.bytes;
    if (mainRun.add(record)) return;
    count.lateKeys += 1;
    late.add(record);
  };
  const other = (record: OtherRecord) => {
    let kind = kinds.get(record.kind);
    if (kind === undefined) {
      kind = createKindWriter(record.kind, sink, options.seal);
      kinds.set(record.kind, kind);
    }
    kind.add(record);
  };
  const finish = (facts: ContentsFacts) => {
    const mainRows = new ByteWriter();
    mainRun.finish(mainRows);
    late.finish();
    const kindRows = new ByteWriter();
    for (const kind of kinds.values()) kind.finish(kindRows);
    writeTail(sink, facts, {
      runs: late.runs() + 1,
      runRows: Buffer.concat([mainRows.view(), lateRuns.view()]),
      keys: count.keys,
      keyRecordBytes: count.keyRecordBytes,
      kinds: kinds.size,
      kindRows: kindRows.view(),
    });
    return { indexBytes: sink.position(), keys: count.keys, lateKeys: count.lateKeys };
  };
  return { kv, other, finish };
}
