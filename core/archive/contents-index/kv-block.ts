import { ByteReader } from "./byte-reader.ts";
import type { KvNumbers } from "./contract.ts";
import { damaged } from "./errors.ts";
import { entryBit } from "./kv-block-encoder.ts";
import { blockKeyBytesFull, blockKeysMax, blockRawBytesMax, keyBytesMax } from "./limits.ts";

/** A decoded block: keys in byte order, and their numbers. */
export type KvBlock = {
  readonly count: number;
  readonly key: (index: number) => Uint8Array;
  /** All keys one after the other, and where each ends, after a 0: for loops that look at every key. */
  readonly keys: Buffer;
  readonly ends: Uint32Array;
  readonly numbers: (index: number) => KvNumbers;
  /** How many keys of the block are before `key`. */
  readonly rank: (key: Uint8Array) => number;
  /** Bytes of values of the first `index` keys. */
  readonly valueBytesBefore: (index: number) => number;
  /** Memory that it takes, for the cache. */
  readonly weightBytes: number;
};

/** Numbers are decoded when the first is asked for: whoever steps over folders needs none. */
const numbersWeightBytes = 120;

/** @throws ContentsIndexError DAMAGED; so may `numbers` */
export function decodeKvBlock(raw: Uint8Array): KvBlock {
  const head = new ByteReader(raw);
  const count = head.upTo(blockKeysMax, "the number of keys");
  const keyBytes = head.upTo(blockKeyBytesFull + keyBytesMax, "the length of all keys");
  const keyColumnBytes = head.upTo(blockRawBytesMax, "the length of the keys");
  const valueColumnBytes = head.upTo(blockRawBytesMax, "the length of the values");
  const { keys, ends } = decodeKeys(new ByteReader(head.raw(keyColumnBytes)), count, keyBytes);
  const before = decodeValues(new ByteReader(head.raw(valueColumnBytes)), count);
  const numberColumn = head.raw(head.left);
  let numbers: readonly KvNumbers[] | undefined;
  return {
    count,
    keys,
    ends,
    key: (index) => keys.subarray(ends[index], ends[index + 1]),
    numbers: (index) => {
      numbers ??= decodeNumbers(new ByteReader(numberColumn), ends, before);
      const found = numbers[index];
      if (found === undefined) throw new RangeError(`the block has ${count} keys and no ${index}`);
      return found;
    },
    rank: (wanted) => {
      let low = 0;
      let high = count;
      while (low < high) {
        const middle = (low + high) >>> 1;
        const isBefore = keys.compare(wanted, 0, wanted.length, ends[middle], ends[middle + 1]) < 0;
        if (isBefore) low = middle + 1;
        else high = middle;
      }
      return low;
    },
    valueBytesBefore: (index) => before[index] as number,
    weightBytes: keyBytes + raw.length + count * numbersWeightBytes + 400,
  };
}

function decodeKeys(from: ByteReader, count: number, keyBytes: number) {
  const keys = Buffer.allocUnsafe(keyBytes);
  const ends = new Uint32Array(count + 1);
  let start = 0;
  let at = 0;
  for (let i = 0; i < count; i += 1) {
    const shared = from.upTo(at - start, "the shared part of a key");
    const suffixBytes = from.upTo(from.left, "the length of a key");
    const previous = start;
    start = at;
    if (start + shared + suffixBytes > keyBytes) throw damaged("the keys of a block are too long");
    keys.copyWithin(at, previous, previous + shared);
    at += shared;
    from.copyTo(keys, at, suffixBytes);
    at += suffixBytes;
    ends[i + 1] = at;
  }
  if (at !== keyBytes || from.left !== 0) throw damaged("the keys of a block don't have their length");
  return { keys, ends };
}

/** Bytes of values before each key, and after the last. */
function decodeValues(from: ByteReader, count: number): Float64Array {
  const before = new Float64Array(count + 1);
  let sum = 0;
  for (let i = 1; i <= count; i += 1) {
    sum += from.varint();
    before[i] = sum;
  }
  if (from.left !== 0) throw damaged("a block has lengths left over");
  return before;
}

function decodeNumbers(from: ByteReader, ends: Uint32Array, before: Float64Array): KvNumbers[] {
  const all: KvNumbers[] = [];
  let nextOffset = 0;
  let created = 0;
  for (let i = 0; i + 1 < ends.length; i += 1) {
    const mask = from.varint();
    const valueBytes = (before[i + 1] as number) - (before[i] as number);
    const keyBytes = (ends[i + 1] as number) - (ends[i] as number);
    const bytes = from.signed() + keyBytes + valueBytes;
    const offset = nextOffset + (mask & entryBit.apart ? from.signed() : 0);
    const wide = (mask & entryBit.wide) !== 0;
    if (!wide) created += from.signed();
    const createIndex = wide ? from.f64() : created;
    const wideModifyIndex = wide ? from.f64() : 0;
    const wideLockIndex = wide ? from.f64() : 0;
    const modifyIndex = wide ? wideModifyIndex : createIndex + (mask & entryBit.modified ? from.signed() : 0);
    const lockIndex = mask & entryBit.lockIndex ? from.varint() : wideLockIndex;
    const flags = mask & entryBit.flags ? from.u64() : 0n;
    const session = mask & entryBit.session ? from.text(from.left) : "";
    const isScoped = (mask & entryBit.scoped) !== 0;
    const namespace = isScoped ? from.text(from.left) : "";
    const partition = isScoped ? from.text(from.left) : "";
    const valueIsNil = (mask & entryBit.nil) !== 0;
    const indexes = { lockIndex, createIndex, modifyIndex };
    const scope = { session, namespace, partition };
    all.push({ valueBytes, valueIsNil, flags, ...indexes, ...scope, offset, bytes });
    nextOffset = offset + bytes;
  }
  if (from.left !== 0) throw damaged("a block has bytes left over");
  return all;
}
