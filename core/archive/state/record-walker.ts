import { ArchiveFormatError } from "../format-error.ts";
import { KeptBytes } from "./kept-bytes.ts";
import {
  lengthBytesByLead,
  msgpackNeverUsed,
  payloadBytesByLead,
  payloadBytesOf,
  valuesByLead,
  valuesOf,
} from "./msgpack-lead.ts";

/** A whole record: its type byte stands at `offset` of state.bin, and `bytes` includes it. */
export type WalkedRecord = {
  readonly type: number;
  readonly offset: number;
  readonly bytes: number;
  /** Where its bytes are, the type byte first. They are only valid during the call. */
  readonly source: Uint8Array;
  readonly from: number;
  readonly to: number;
  /** Where in `source` the bytes of a KV value were left out; -1 for nowhere. */
  readonly holeAt: number;
};

export type RecordSink = {
  readonly take: (record: WalkedRecord) => void;
  /**
   * May take the record whose type byte is at `at`, if all of it is in the chunk, and return where it ends. With 0
   * the record goes the long way, to `take`: it need not look at what is odd or cut.
   */
  readonly takeAtOnce?: (chunk: Uint8Array, at: number, offset: number) => number;
};

export type WalkerLimits = {
  /** RECORD_LIMIT: bytes of one record, a long KV value not counted. */
  readonly recordBytesMax: number;
  /** Whether KV values of more bytes than a chunk has are joined, too; never beyond `recordBytesMax`. */
  readonly keepsValues: boolean;
};

export type RecordWalker = {
  /** @throws ArchiveFormatError RECORD_INVALID, RECORD_TRUNCATED, RECORD_LIMIT; the walker must then be left alone */
  readonly write: (chunk: Uint8Array) => void;
  /** @throws ArchiveFormatError RECORD_TRUNCATED when the last record is not whole */
  readonly end: () => void;
};

/** From here on, a KV value can be left out of what is kept of its record. */
const longValueBytes = 0x10000;
const valueName = Buffer.from("\xa5Value", "latin1");
const kvsType = 2;

/**
 * Finds the records of state.bin, each one type byte and one msgpack value, without decoding them: it counts the
 * values that are still to come, so nesting costs no memory, and steps over long strings without touching them. Only
 * a record that reaches over the end of a chunk is copied, and of a KV record all but its value.
 *
 * @param startOffset where the first record begins in state.bin
 * @param endOffset the length of state.bin; a value that reaches beyond it is known as cut at once
 */
export function createRecordWalker(
  startOffset: number,
  endOffset: number,
  sink: RecordSink,
  limits: WalkerLimits = { recordBytesMax: Number.POSITIVE_INFINITY, keepsValues: true },
): RecordWalker {
  const walk: Walk = {
    ...limits,
    endOffset,
    sink,
    offset: startOffset,
    recordOffset: startOffset,
    boundOffset: 0,
    type: 0,
    valuesLeft: 0,
    payloadBytesLeft: 0,
    kept: new KeptBytes(),
    keepsFrom: 0,
    hole: null,
    rest: new Uint8Array(),
  };
  return {
    // What is left of a chunk is at most four bytes of a length, and seldom anything.
    write: (chunk) => walkChunk(walk, walk.rest.length === 0 ? chunk : Buffer.concat([walk.rest, chunk])),
    end: () => {
      if (walk.offset + walk.rest.length !== walk.recordOffset) {
        throw cutRecord(walk);
      }
    },
  };
}

type Walk = WalkerLimits & {
  readonly endOffset: number;
  readonly sink: RecordSink;
  /** Where the next chunk begins, `rest` included. */
  offset: number;
  recordOffset: number;
  /** Where the record would be larger than it may. */
  boundOffset: number;
  type: number;
  /** Values of this record that have not begun yet; at 0, and with no payload left, a type byte comes next. */
  valuesLeft: number;
  payloadBytesLeft: number;
  /** What earlier chunks had of this record. */
  readonly kept: KeptBytes;
  /** From where on the next chunk's bytes belong to it. */
  keepsFrom: number;
  /** The long value of this KV record, and where in `kept` its bytes were left out, if they were. */
  hole: { readonly at: number } | null;
  /** The beginning of a value whose length is not whole yet. */
  rest: Uint8Array;
};

/** This loop sees every value of every record of snapshots of gigabytes, so its state is in local variables. */
function walkChunk(walk: Walk, chunk: Uint8Array): void {
  const end = chunk.length;
  const roomBytes = walk.endOffset - walk.offset;
  const takeAtOnce = walk.sink.takeAtOnce;
  let valuesLeft = walk.valuesLeft;
  // Steps over payloads without looking whether the chunk has them; what it has not is for the next one.
  let at = walk.payloadBytesLeft;
  let bound = walk.boundOffset - walk.offset;
  walk.rest = chunk.subarray(end);
  if (at > 0 && at <= end && valuesLeft === 0) {
    endRecord(walk, chunk, at);
  }
  while (at < end) {
    const byte = chunk[at] ?? 0;
    if (valuesLeft === 0) {
      const next = takeAtOnce?.(chunk, at, walk.offset + at) ?? 0;
      if (next > 0) {
        at = next;
        walk.recordOffset = walk.offset + next;
        continue;
      }
      walk.type = byte;
      walk.keepsFrom = at;
      bound = at + walk.recordBytesMax;
      valuesLeft = 1;
      at += 1;
      continue;
    }
    const lengthBytes = lengthBytesByLead[byte] ?? 0;
    if (lengthBytes === 0) {
      if (byte === msgpackNeverUsed) {
        throw invalidRecord(walk, at);
      }
      at += 1 + (payloadBytesByLead[byte] ?? 0);
      valuesLeft += (valuesByLead[byte] ?? 0) - 1;
    } else {
      if (at + 1 + lengthBytes > end) {
        walk.rest = Uint8Array.from(chunk.subarray(at));
        break;
      }
      const length = readLength(chunk, at + 1, lengthBytes);
      if (length >= longValueBytes && walk.type === kvsType && isFirstKvValue(walk, chunk, at)) {
        bound += length;
        leaveOutValue(walk, chunk, at + 1 + lengthBytes, length);
      }
      at += 1 + lengthBytes + payloadBytesOf(byte, length);
      valuesLeft += valuesOf(byte, length) - 1;
    }
    // Every value has at least one byte, so what is announced can never be more than what state.bin still has.
    if (at + valuesLeft > roomBytes) {
      throw cutRecord(walk);
    }
    if (at + valuesLeft > bound) {
      throw largeRecord(walk);
    }
    if (valuesLeft === 0 && at <= end) {
      endRecord(walk, chunk, at);
    }
  }
  const isInRecord = valuesLeft > 0 || at > end;
  keepRest(walk, chunk, end - walk.rest.length, isInRecord);
  walk.valuesLeft = valuesLeft;
  walk.payloadBytesLeft = Math.max(0, at - end);
  walk.offset += end - walk.rest.length;
  walk.boundOffset = walk.offset + bound - (end - walk.rest.length);
}

function readLength(chunk: Uint8Array, at: number, bytes: number): number {
  let length = 0;
  for (let end = at + bytes, next = at; next < end; next++) {
    length = length * 256 + (chunk[next] ?? 0);
  }
  return length;
}

/** Whether the string whose lead byte is at `at` follows the name of the value, for the first time in its record. */
function isFirstKvValue(walk: Walk, chunk: Uint8Array, at: number): boolean {
  const lead = chunk[at];
  if (walk.hole !== null || (lead !== 0xdb && lead !== 0xc6)) {
    return false;
  }
  const from = at - valueName.length;
  return valueName.every((byte, index) => {
    const place = from + index - walk.keepsFrom;
    return (place >= 0 ? chunk[from + index] : walk.kept.byteAt(walk.kept.length + place)) === byte;
  });
}

function leaveOutValue(walk: Walk, chunk: Uint8Array, payloadAt: number, bytes: number): void {
  if (walk.keepsValues && bytes <= walk.recordBytesMax) {
    walk.hole = { at: -1 };
    return;
  }
  walk.kept.add(chunk.subarray(walk.keepsFrom, payloadAt));
  walk.hole = { at: walk.kept.length };
  walk.keepsFrom = payloadAt + bytes;
}

function keepRest(walk: Walk, chunk: Uint8Array, end: number, isInRecord: boolean): void {
  if (isInRecord && walk.keepsFrom < end) {
    walk.kept.add(chunk.subarray(walk.keepsFrom, end));
  }
  walk.keepsFrom = isInRecord ? Math.max(0, walk.keepsFrom - end) : 0;
}

function endRecord(walk: Walk, chunk: Uint8Array, at: number): void {
  const { type, recordOffset: offset, kept, sink } = walk;
  const next = walk.offset + at;
  const bytes = next - offset;
  if (kept.length === 0) {
    sink.take({ type, offset, bytes, source: chunk, from: walk.keepsFrom, to: at, holeAt: -1 });
  } else {
    if (walk.keepsFrom < at) {
      kept.add(chunk.subarray(walk.keepsFrom, at));
    }
    const holeAt = walk.hole?.at ?? -1;
    sink.take({ type, offset, bytes, source: kept.bytes(), from: 0, to: kept.length, holeAt });
    kept.clear();
  }
  walk.hole = null;
  walk.recordOffset = next;
}

function invalidRecord(walk: Walk, at: number): ArchiveFormatError {
  const text = `The record of type ${walk.type} at byte ${walk.recordOffset} of state.bin is no msgpack.`;
  return new ArchiveFormatError("RECORD_INVALID", text, { member: "state.bin", offset: walk.offset + at });
}

function cutRecord(walk: Walk): ArchiveFormatError {
  const text = `The record of type ${walk.type} at byte ${walk.recordOffset} of state.bin is cut: it claims more bytes than state.bin has.`;
  return new ArchiveFormatError("RECORD_TRUNCATED", text, { member: "state.bin", offset: walk.recordOffset });
}

function largeRecord(walk: Walk): ArchiveFormatError {
  const text = `The record of type ${walk.type} at byte ${walk.recordOffset} of state.bin has more than ${walk.recordBytesMax} bytes.`;
  return new ArchiveFormatError("RECORD_LIMIT", text, { member: "state.bin", offset: walk.recordOffset });
}
