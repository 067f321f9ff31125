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
    offset: startOffset,
    endOffset,
    onRecord,
    type: 0,
    recordOffset: startOffset,
    valuesLeft: 0,
    payloadBytesLeft: 0,
    lead: 0,
    lengthBytesLeft: 0,
    length: 0,
  };
  return {
    write: (chunk) => walkChunk(walk, chunk),
    end: () => {
      if (walk.offset !== walk.recordOffset) {
        throw cutRecord(walk);
      }
    },
  };
}

/** One flat object of numbers: this loop sees every value of every record, so it must stay fast. */
type Walk = {
  /** Of the chunk that comes next. */
  offset: number;
  readonly endOffset: number;
  readonly onRecord: OnRecord;
  type: number;
  recordOffset: number;
  /** Values of this record that have not begun yet; the type byte comes when everything is 0. */
  valuesLeft: number;
  payloadBytesLeft: number;
  lead: number;
  lengthBytesLeft: number;
  length: number;
};

function walkChunk(walk: Walk, chunk: Uint8Array): void {
  const end = chunk.length;
  let at = 0;
  while (at < end) {
    if (walk.payloadBytesLeft > 0) {
      const step = Math.min(walk.payloadBytesLeft, end - at);
      walk.payloadBytesLeft -= step;
      at += step;
    } else {
      const byte = chunk[at] ?? 0;
      at += 1;
      if (walk.lengthBytesLeft > 0) {
        takeLengthByte(walk, byte, walk.offset + at);
      } else if (walk.valuesLeft > 0) {
        takeLead(walk, byte, walk.offset + at);
      } else {
        walk.type = byte;
        walk.valuesLeft = 1;
        continue;
      }
    }
    if (walk.valuesLeft === 0 && walk.payloadBytesLeft === 0 && walk.lengthBytesLeft === 0) {
      const next = walk.offset + at;
      walk.onRecord(walk.type, walk.recordOffset, next - walk.recordOffset);
      walk.recordOffset = next;
    }
  }
  walk.offset += end;
}

function takeLead(walk: Walk, lead: number, next: number): void {
  walk.valuesLeft -= 1;
  // Small integers, the most frequent of values, have nothing behind their lead byte.
  if (lead < 0x80 || lead >= 0xe0) {
    return;
  }
  if (lead === msgpackNeverUsed) {
    const text = `The record of type ${walk.type} at byte ${walk.recordOffset} of state.bin is no msgpack.`;
    throw new ArchiveFormatError("RECORD_INVALID", text, { member: "state.bin", offset: next - 1 });
  }
  walk.lengthBytesLeft = lengthBytesByLead[lead] ?? 0;
  if (walk.lengthBytesLeft > 0) {
    walk.lead = lead;
    walk.length = 0;
    return;
  }
  walk.payloadBytesLeft = payloadBytesByLead[lead] ?? 0;
  walk.valuesLeft += valuesByLead[lead] ?? 0;
  checkRoom(walk, next);
}

function takeLengthByte(walk: Walk, byte: number, next: number): void {
  walk.length = walk.length * 256 + byte;
  walk.lengthBytesLeft -= 1;
  if (walk.lengthBytesLeft === 0) {
    walk.payloadBytesLeft = payloadBytesOf(walk.lead, walk.length);
    walk.valuesLeft += valuesOf(walk.lead, walk.length);
    checkRoom(walk, next);
  }
}

/** Every value has at least one byte, so what is announced can never be more than what state.bin still has. */
function checkRoom(walk: Walk, next: number): void {
  if (walk.payloadBytesLeft + walk.valuesLeft > walk.endOffset - next) {
    throw cutRecord(walk);
  }
}

function cutRecord(walk: Walk): ArchiveFormatError {
  const text = `The record of type ${walk.type} at byte ${walk.recordOffset} of state.bin is cut: it claims more bytes than state.bin has.`;
  return new ArchiveFormatError("RECORD_TRUNCATED", text, { member: "state.bin", offset: walk.recordOffset });
}
