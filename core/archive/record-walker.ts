import { ArchiveFormatError } from "./format-error.ts";
import {
  lengthBytesByLead,
  msgpackNeverUsed,
  payloadBytesByLead,
  payloadBytesOf,
  valuesByLead,
  valuesOf,
} from "./msgpack-lead.ts";

/** A whole record: its type byte stands at `offset` of state.bin, and `bytes` includes it. */
export type OnRecord = (type: number, offset: number, bytes: number) => void;

export type RecordWalker = {
  /** @throws ArchiveFormatError RECORD_INVALID, RECORD_TRUNCATED; the walker must then be left alone */
  readonly write: (chunk: Uint8Array) => void;
  /** @throws ArchiveFormatError RECORD_TRUNCATED when the last record is not whole */
  readonly end: () => void;
};

/**
 * Finds the records of state.bin, each one type byte and one msgpack value, without decoding them: it counts the
 * values that are still to come, so nesting costs no memory, and steps over long strings without touching them.
 *
 * @param startOffset where the first record begins in state.bin
 * @param endOffset the length of state.bin; a value that reaches beyond it is known as cut at once
 */
export function createRecordWalker(startOffset: number, endOffset: number, onRecord: OnRecord): RecordWalker {
  const walk: Walk = {
    endOffset,
    onRecord,
    offset: startOffset,
    recordOffset: startOffset,
    type: 0,
    valuesLeft: 0,
    payloadBytesLeft: 0,
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

type Walk = {
  readonly endOffset: number;
  readonly onRecord: OnRecord;
  /** Where the next chunk begins, `rest` included. */
  offset: number;
  recordOffset: number;
  type: number;
  /** Values of this record that have not begun yet; at 0, and with no payload left, a type byte comes next. */
  valuesLeft: number;
  payloadBytesLeft: number;
  /** The beginning of a value whose length is not whole yet. */
  rest: Uint8Array;
};

/** This loop sees every value of every record of snapshots of gigabytes, so its state is in local variables. */
function walkChunk(walk: Walk, chunk: Uint8Array): void {
  const end = chunk.length;
  const roomBytes = walk.endOffset - walk.offset;
  let valuesLeft = walk.valuesLeft;
  // Steps over payloads without looking whether the chunk has them; what it has not is for the next one.
  let at = walk.payloadBytesLeft;
  walk.rest = chunk.subarray(end);
  if (at > 0 && at <= end && valuesLeft === 0) {
    endRecord(walk, at);
  }
  while (at < end) {
    const byte = chunk[at] ?? 0;
    if (valuesLeft === 0) {
      walk.type = byte;
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
        walk.rest = chunk.slice(at);
        break;
      }
      const length = readLength(chunk, at + 1, lengthBytes);
      at += 1 + lengthBytes + payloadBytesOf(byte, length);
      valuesLeft += valuesOf(byte, length) - 1;
    }
    // Every value has at least one byte, so what is announced can never be more than what state.bin still has.
    if (at + valuesLeft > roomBytes) {
      throw cutRecord(walk);
    }
    if (valuesLeft === 0 && at <= end) {
      endRecord(walk, at);
    }
  }
  walk.valuesLeft = valuesLeft;
  walk.payloadBytesLeft = Math.max(0, at - end);
  walk.offset += end - walk.rest.length;
}

function readLength(chunk: Uint8Array, at: number, bytes: number): number {
  let length = 0;
  for (let end = at + bytes, next = at; next < end; next++) {
    length = length * 256 + (chunk[next] ?? 0);
  }
  return length;
}

function endRecord(walk: Walk, at: number): void {
  const next = walk.offset + at;
  walk.onRecord(walk.type, walk.recordOffset, next - walk.recordOffset);
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
