import { deflateRawSync } from "node:zlib";
import type { BlockSink } from "./blocks.ts";
import { ByteWriter } from "./byte-writer.ts";
import type { ContentsFacts } from "./contract.ts";
import { ContentsIndexError } from "./errors.ts";
import { encodeFooter } from "./layout.ts";
import { tailRawBytesMax } from "./limits.ts";

/** The parts of the directory, as their writers left them. */
export type Directory = {
  readonly runs: number;
  readonly runRows: Uint8Array;
  readonly keys: number;
  readonly keyRecordBytes: number;
  readonly kinds: number;
  readonly kindRows: Uint8Array;
};

/** Facts, totals of keys, runs of keys, kinds of other records; then the footer. */
export function writeTail(sink: BlockSink, facts: ContentsFacts, directory: Directory): void {
  if (!/^[0-9a-f]{64}$/.test(facts.stateSha256)) {
    throw new RangeError("stateSha256 must be a SHA-256 in lower-case hex");
  }
  const tail = new ByteWriter();
  tail.text(JSON.stringify(facts));
  tail.varint(directory.keys);
  tail.varint(directory.keyRecordBytes);
  tail.varint(directory.runs);
  tail.raw(directory.runRows);
  tail.varint(directory.kinds);
  tail.raw(directory.kindRows);
  if (tail.length > tailRawBytesMax) {
    throw new ContentsIndexError("TOO_LARGE", "Facts and directory are too large for a contents index.");
  }
  const stored = deflateRawSync(tail.view(), { level: 6 });
  const position = sink.position();
  sink.raw(stored);
  sink.raw(encodeFooter(position, stored, tail.length));
}
