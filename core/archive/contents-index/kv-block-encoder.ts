import type { KvRecord } from "../records/visitor.ts";
import { ByteWriter } from "./byte-writer.ts";
import { blockKeyBytesFull, blockKeysMax } from "./limits.ts";

/** Which numbers follow the mask; what is usual (0, empty, contiguous) takes no byte. */
export const entryBit = {
  nil: 1,
  flags: 2,
  lockIndex: 4,
  session: 8,
  /** The record does not begin where the one before it in this block ended. */
  apart: 16,
  modified: 32,
  /** An index beyond 2^52: the three are written as doubles. */
  wide: 64,
  /** Enterprise's namespace and partition follow. */
  scoped: 128,
} as const;

const deltaMax = 2 ** 52;

/**
 * Writes the keys of one block in three columns, which compress better apart and are read apart: front-coded keys,
 * lengths of values, other numbers. Before them: count, bytes of all keys in full, lengths of two columns.
 */
export class KvBlockEncoder {
  private readonly keys = new ByteWriter(16 * 1024);
  private readonly values = new ByteWriter(1024);
  private readonly numbers = new ByteWriter(16 * 1024);
  private readonly whole = new ByteWriter(32 * 1024);
  private nextOffset = 0;
  private createIndex = 0;
  private keyBytes = 0;
  count = 0;
  valueBytes = 0;

  get full(): boolean {
    return this.count >= blockKeysMax || this.keyBytes >= blockKeyBytesFull;
  }

  /** @param shared how many leading bytes the key has in common with the one before it; not used for the first */
  add(record: KvRecord, shared: number): void {
    const key = record.key;
    const kept = this.count === 0 ? 0 : shared;
    this.keys.varint(kept);
    this.keys.varint(key.length - kept);
    this.keys.raw(key, kept);
    this.values.varint(record.valueBytes);
    this.addNumbers(record);
    this.count += 1;
    this.keyBytes += key.length;
    this.valueBytes += record.valueBytes;
  }

  /** The block, valid until the next call. The encoder is empty again. */
  take(): Uint8Array {
    this.whole.clear();
    this.whole.varint(this.count);
    this.whole.varint(this.keyBytes);
    this.whole.varint(this.keys.length);
    this.whole.varint(this.values.length);
    this.whole.raw(this.keys.view());
    this.whole.raw(this.values.view());
    this.whole.raw(this.numbers.view());
    this.keys.clear();
    this.values.clear();
    this.numbers.clear();
    this.nextOffset = 0;
    this.createIndex = 0;
    this.keyBytes = 0;
    this.count = 0;
    this.valueBytes = 0;
    return this.whole.view();
  }

  private addNumbers(record: KvRecord): void {
    const to = this.numbers;
    const { createIndex, modifyIndex, lockIndex, offset } = record;
    const wide = !(createIndex <= deltaMax && modifyIndex <= deltaMax && lockIndex <= deltaMax);
    const mask =
      // Where values are not asked for, every value is null: only an empty one can be nil.
      (record.value === null && record.valueBytes === 0 ? entryBit.nil : 0) |
      (record.flags === 0n ? 0 : entryBit.flags) |
      (lockIndex === 0 || wide ? 0 : entryBit.lockIndex) |
      (record.session === "" ? 0 : entryBit.session) |
      (offset === this.nextOffset ? 0 : entryBit.apart) |
      (modifyIndex === createIndex || wide ? 0 : entryBit.modified) |
      (wide ? entryBit.wide : 0) |
      (record.namespace === "" && record.partition === "" ? 0 : entryBit.scoped);
    to.varint(mask);
    to.signed(record.bytes - record.key.length - record.valueBytes);
    if (mask & entryBit.apart) to.signed(offset - this.nextOffset);
    if (wide) {
      to.f64(createIndex);
      to.f64(modifyIndex);
      to.f64(lockIndex);
    } else {
      to.signed(createIndex - this.createIndex);
      this.createIndex = createIndex;
    }
    if (mask & entryBit.modified) to.signed(modifyIndex - createIndex);
    if (mask & entryBit.lockIndex) to.varint(lockIndex);
    if (mask & entryBit.flags) to.u64(record.flags);
    if (mask & entryBit.session) to.text(record.session);
    if (mask & entryBit.scoped) {
      to.text(record.namespace);
      to.text(record.partition);
    }
    this.nextOffset = offset + record.bytes;
  }
}
