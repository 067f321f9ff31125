import { ArchiveFormatError } from "../format-error.ts";

/** A map of one entry, the key, and at most nine bytes of number. */
export const stateHeaderBytesMax = 20;

const start = Buffer.from("\x81\xa9LastIndex", "latin1");

export type StateHeader = { readonly lastIndex: number; readonly bytes: number };

/**
 * Reads the msgpack map `{"LastIndex": uint}` that state.bin begins with, or null when more bytes are needed.
 *
 * @throws ArchiveFormatError RECORD_INVALID
 */
export function parseStateHeader(bytes: Buffer): StateHeader | null {
  const known = Math.min(bytes.length, start.length);
  if (!bytes.subarray(0, known).equals(start.subarray(0, known))) {
    throw invalid("state.bin does not begin with the map of its last index.");
  }
  const lead = bytes[start.length];
  if (lead === undefined) {
    return null;
  }
  if (lead < 0x80) {
    return { lastIndex: lead, bytes: start.length + 1 };
  }
  // uint8, uint16, uint32 and uint64 are 0xcc to 0xcf.
  if (lead < 0xcc || lead > 0xcf) {
    throw invalid("The last index at the beginning of state.bin is no unsigned integer.");
  }
  const end = start.length + 1 + 2 ** (lead - 0xcc);
  if (bytes.length < end) {
    return null;
  }
  const lastIndex = Number.parseInt(bytes.toString("hex", start.length + 1, end), 16);
  if (!Number.isSafeInteger(lastIndex)) {
    throw invalid("The last index at the beginning of state.bin is larger than any raft index.");
  }
  return { lastIndex, bytes: end };
}

function invalid(text: string): ArchiveFormatError {
  return new ArchiveFormatError("RECORD_INVALID", text, { member: "state.bin", offset: 0 });
}
