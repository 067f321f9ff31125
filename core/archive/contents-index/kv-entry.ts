import type { KvEntry, KvNumbers } from "./contract.ts";
import { damaged } from "./errors.ts";
import { toKeyName } from "./key-bytes.ts";
import type { KvPlace, KvSequence } from "./kv-sequence.ts";

/** Field by field: two spreads cost ten times as much, which a listing of a million keys feels. */
export function toKvEntry(key: Uint8Array, numbers: KvNumbers): KvEntry {
  const { keyId, text, isUtf8 } = toKeyName(key);
  return {
    keyId,
    text,
    isUtf8,
    valueBytes: numbers.valueBytes,
    valueIsNil: numbers.valueIsNil,
    flags: numbers.flags,
    lockIndex: numbers.lockIndex,
    session: numbers.session,
    namespace: numbers.namespace,
    partition: numbers.partition,
    createIndex: numbers.createIndex,
    modifyIndex: numbers.modifyIndex,
    offset: numbers.offset,
    bytes: numbers.bytes,
  };
}

/** The last of the records between two places, all of them of one key: what a restore of them would leave. */
export async function lastEntryIn(keys: KvSequence, from: KvPlace, to: KvPlace): Promise<KvEntry> {
  let left = to.keysBefore - from.keysBefore;
  for await (const { block, start, end } of keys.slices(from)) {
    const count = end - start;
    if (count >= left) {
      const index = start + left - 1;
      return toKvEntry(block.key(index), block.numbers(index));
    }
    left -= count;
  }
  throw damaged("it ends before its last key");
}

/** The records between two places, `max` at most. */
export async function entriesIn(
  keys: KvSequence,
  from: KvPlace,
  to: KvPlace,
  max: number,
): Promise<KvEntry[]> {
  const entries: KvEntry[] = [];
  const count = Math.min(to.keysBefore - from.keysBefore, max);
  for await (const { block, start, end } of keys.slices(from)) {
    for (let i = start; i < end && entries.length < count; i += 1) {
      entries.push(toKvEntry(block.key(i), block.numbers(i)));
    }
    if (entries.length >= count) break;
  }
  return entries;
}
