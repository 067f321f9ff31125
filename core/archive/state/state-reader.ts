import { ArchiveFormatError } from "../format-error.ts";
import {
  createRecordWalker,
  type RecordSink,
  type RecordWalker,
  type WalkerLimits,
} from "./record-walker.ts";
import { parseStateHeader, type StateHeader, stateHeaderBytesMax } from "./state-header.ts";

export type StateReader = {
  /** @throws ArchiveFormatError RECORD_*; the reader must then be left alone */
  readonly write: (chunk: Uint8Array) => void;
  /** @throws ArchiveFormatError RECORD_TRUNCATED */
  readonly end: () => void;
  readonly header: () => StateHeader | null;
};

/** Reads a state.bin of `stateBytes` that is pushed into it in any pieces: its header, then its records. */
export function createStateReader(stateBytes: number, sink: RecordSink, limits?: WalkerLimits): StateReader {
  let start = Buffer.alloc(0);
  let header: StateHeader | null = null;
  let walker: RecordWalker | null = null;

  const readHeader = (chunk: Uint8Array): void => {
    const startBytesBefore = start.length;
    start = Buffer.concat([start, chunk.subarray(0, stateHeaderBytesMax)]);
    header = parseStateHeader(start);
    if (header !== null) {
      walker = createRecordWalker(header.bytes, stateBytes, sink, limits);
      walker.write(chunk.subarray(header.bytes - startBytesBefore));
    }
  };

  return {
    write: (chunk) => (walker === null ? readHeader(chunk) : walker.write(chunk)),
    end: () => {
      if (walker === null) {
        const text = "state.bin ends within the map of its last index.";
        throw new ArchiveFormatError("RECORD_TRUNCATED", text, { member: "state.bin", offset: 0 });
      }
      walker.end();
    },
    header: () => header,
  };
}
