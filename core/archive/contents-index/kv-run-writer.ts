import type { KvRecord } from "../records/visitor.ts";
import { type BlockPlace, type BlockSink, writePlace } from "./blocks.ts";
import { ByteWriter } from "./byte-writer.ts";
import { ContentsIndexError } from "./errors.ts";
import { KvBlockEncoder } from "./kv-block-encoder.ts";
import { keyBytesMax, separatorBytesMax } from "./limits.ts";

/** A sequence of blocks whose keys are in byte order from the first to the last. */
export type KvRunWriter = {
  /** True when the record was taken; false when its key is before the last one, and nothing happened. */
  readonly add: (record: KvRecord) => boolean;
  /** Ends the last block, and writes the run's part of the directory. */
  readonly finish: (directory: ByteWriter) => void;
};

/**
 * The directory keeps no whole first keys but the shortest bytes that stand between two blocks: greater than the
 * last key of the one, not greater than the first of the next. The first block's is empty.
 */
export function createKvRunWriter(sink: BlockSink): KvRunWriter {
  const run = new Run(sink);
  return { add: (record) => run.add(record), finish: (directory) => run.finish(directory) };
}

class Run {
  private readonly sink: BlockSink;
  private readonly encoder = new KvBlockEncoder();
  private readonly rows = new ByteWriter(16 * 1024);
  private previous: Uint8Array = new Uint8Array(512);
  private previousBytes = -1;
  private separator: Uint8Array = new Uint8Array();
  private lastSeparator: Uint8Array = new Uint8Array();
  private separatorBytes = 0;
  private blocks = 0;
  private nextPosition = 0;

  constructor(sink: BlockSink) {
    this.sink = sink;
  }

  add(record: KvRecord): boolean {
    const { key } = record;
    if (key.length > keyBytesMax) {
      throw new ContentsIndexError(
        "TOO_LARGE",
        `A key has ${key.length} bytes; at most ${keyBytesMax} can be.`,
      );
    }
    const shared = this.sharedWithPrevious(key);
    if (shared < 0) return false;
    if (this.encoder.full) this.endBlock();
    if (this.encoder.count === 0 && this.previousBytes >= 0) this.separator = copyOf(key, shared + 1);
    this.encoder.add(record, shared);
    if (key.length > this.previous.length) this.previous = new Uint8Array(key.length * 2);
    // What is shared stands there already.
    for (let i = shared; i < key.length; i += 1) this.previous[i] = key[i] as number;
    this.previousBytes = key.length;
    return true;
  }

  finish(directory: ByteWriter): void {
    if (this.encoder.count > 0) this.endBlock();
    directory.varint(this.blocks);
    directory.raw(this.rows.view());
  }

  /** -1 when the key is before the previous one. */
  private sharedWithPrevious(key: Uint8Array): number {
    const end = Math.min(this.previousBytes, key.length);
    const previous = this.previous;
    let at = 0;
    while (at < end && previous[at] === key[at]) at += 1;
    if (at < end) return (previous[at] as number) < (key[at] as number) ? at : -1;
    return this.previousBytes <= key.length ? Math.max(at, 0) : -1;
  }

  private endBlock(): void {
    const { count, valueBytes } = this.encoder;
    const place: BlockPlace = this.sink.write(this.encoder.take());
    const { rows, separator, lastSeparator } = this;
    let shared = 0;
    while (shared < separator.length && separator[shared] === lastSeparator[shared]) shared += 1;
    rows.varint(shared);
    rows.varint(separator.length - shared);
    rows.raw(separator, shared);
    this.nextPosition = writePlace(rows, place, this.nextPosition);
    rows.varint(count);
    rows.varint(valueBytes);
    this.blocks += 1;
    this.lastSeparator = separator;
    this.separatorBytes += separator.length;
    if (this.separatorBytes > separatorBytesMax) {
      throw new ContentsIndexError("TOO_LARGE", "The keys are too long for a contents index.");
    }
  }
}

/** The first `count` bytes. A Buffer's own `slice` would go on pointing into the reader's memory. */
function copyOf(bytes: Uint8Array, count: number): Uint8Array {
  return Uint8Array.from(bytes.subarray(0, count));
}
