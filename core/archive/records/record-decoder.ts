import { type ArchiveLimits, defaultArchiveLimits } from "../contract.ts";
import type { RecordCounter } from "../state/record-counter.ts";
import type { RecordSink, WalkedRecord } from "../state/record-walker.ts";
import { decodeOther } from "./decode-other.ts";
import { KvReader } from "./kv-reader.ts";
import { kvsType } from "./record-forms.ts";
import { Undecodable, undecodableRecord } from "./undecodable.ts";
import type { KvRecord, OtherRecord, RecordVisitor } from "./visitor.ts";
import { callVisitor } from "./visitor-error.ts";

export type RecordDecoderOptions = {
  readonly visitor?: RecordVisitor | undefined;
  /** Whether KV records come with their values. */
  readonly values?: boolean | undefined;
};

const kvReason = "a field has no value of its kind.";

/**
 * Decodes each record that a walker finds, counts it, and shows it to the visitor. Its functions throw
 * ArchiveFormatError RECORD_UNDECODABLE and RECORD_LIMIT.
 */
export function createRecordDecoder(
  limits: Pick<ArchiveLimits, "recordBytesMax" | "recordValuesMax">,
  counter: RecordCounter,
  { visitor, values = false }: RecordDecoderOptions,
): RecordSink {
  const reader = new KvReader();
  const showKv = visitor?.kv;
  const showOther = visitor?.other;
  const finishKv = (source: Uint8Array, place: Place, hasHole: boolean): void => {
    counter.add(kvsType, place.bytes);
    if (showKv !== undefined) {
      callVisitor(showKv, toKvRecord(reader, source, place, values && !hasHole));
    }
  };

  return {
    takeAtOnce: (chunk, at, offset) => {
      if (chunk[at] !== kvsType) {
        return 0;
      }
      const end = reader.read(chunk, at + 1, chunk.length, -1);
      if (end < 0 || end - at > limits.recordBytesMax) {
        return 0;
      }
      finishKv(chunk, { type: kvsType, offset, bytes: end - at }, false);
      return end;
    },
    take: (record) => {
      if (record.type === kvsType) {
        if (reader.read(record.source, record.from + 1, record.to, record.holeAt) !== record.to) {
          throw undecodableRecord(kvsType, record.offset, new Undecodable(kvReason));
        }
        finishKv(record.source, record, record.holeAt >= 0);
        return;
      }
      const other = decode(record, limits.recordValuesMax);
      counter.add(record.type, record.bytes);
      if (showOther !== undefined) {
        callVisitor(showOther, other);
      }
    },
  };
}

type Place = { readonly type: number; readonly offset: number; readonly bytes: number };

function toKvRecord(reader: KvReader, source: Uint8Array, place: Place, withValue: boolean): KvRecord {
  return {
    type: kvsType,
    offset: place.offset,
    bytes: place.bytes,
    key: source.subarray(reader.keyFrom, reader.keyTo),
    valueBytes: reader.valueBytes,
    value:
      withValue && reader.hasValue
        ? source.subarray(reader.valueFrom, reader.valueFrom + reader.valueBytes)
        : null,
    flags: toFlags(reader.flagsHigh, reader.flagsLow),
    lockIndex: reader.lockIndex,
    session: toText(source, reader.sessionFrom, reader.sessionTo),
    createIndex: reader.createIndex,
    modifyIndex: reader.modifyIndex,
    namespace: toText(source, reader.namespaceFrom, reader.namespaceTo),
    partition: toText(source, reader.partitionFrom, reader.partitionTo),
  };
}

function toFlags(high: number, low: number): bigint {
  return high === 0 && low === 0 ? 0n : (BigInt(high) << 32n) | BigInt(low);
}

function toText(source: Uint8Array, from: number, to: number): string {
  return from === to ? "" : Buffer.from(source.buffer, source.byteOffset + from, to - from).toString("utf8");
}

function decode(record: WalkedRecord, valuesMax: number): OtherRecord {
  const { source, from, to } = record;
  const bytes = Buffer.from(source.buffer, source.byteOffset + from, to - from);
  try {
    return decodeOther(bytes, record.offset, valuesMax);
  } catch (error) {
    throw error instanceof Undecodable ? undecodableRecord(record.type, record.offset, error) : error;
  }
}

/**
 * Decodes one whole record, its type byte included: what a visitor was shown at this place of a state.bin. A KV
 * record comes with its value, and its buffers are parts of `bytes`; `isKvRecord` tells the two apart.
 *
 * @param offset where the record stands in state.bin, for the result and for an error's words
 * @throws ArchiveFormatError RECORD_UNDECODABLE, RECORD_LIMIT
 */
export function decodeRecord(bytes: Uint8Array, offset = 0): KvRecord | OtherRecord {
  const type = bytes[0];
  if (type === undefined) {
    throw undecodableRecord(0, offset, new Undecodable("it is empty."));
  }
  const place = { type, offset, bytes: bytes.length };
  if (type !== kvsType) {
    const record = { ...place, source: bytes, from: 0, to: bytes.length, holeAt: -1 };
    return decode(record, defaultArchiveLimits.recordValuesMax);
  }
  const reader = new KvReader();
  if (reader.read(bytes, 1, bytes.length, -1) !== bytes.length) {
    throw undecodableRecord(type, offset, new Undecodable(kvReason));
  }
  return toKvRecord(reader, bytes, place, true);
}

export function isKvRecord(record: KvRecord | OtherRecord): record is KvRecord {
  return record.type === kvsType;
}
