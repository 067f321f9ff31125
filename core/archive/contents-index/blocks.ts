import { crc32, deflateRawSync, inflateRawSync } from "node:zlib";
import type { ByteReader } from "./byte-reader.ts";
import type { ByteWriter } from "./byte-writer.ts";
import { ContentsIndexError, damaged } from "./errors.ts";
import { blockRawBytesMax } from "./limits.ts";

/** Where a compressed block stands in the index, and how it is known to be whole. */
export type BlockPlace = {
  readonly position: number;
  readonly storedBytes: number;
  readonly rawBytes: number;
  /** Of the stored bytes. It finds damage, not forgery: whoever may write the index may write all of it. */
  readonly crc: number;
};

export type BlockSink = {
  /** Compresses a block and hands it on; the bytes are not kept. */
  readonly write: (raw: Uint8Array) => BlockPlace;
  /** Hands on bytes that are no block. */
  readonly raw: (bytes: Uint8Array) => void;
  /** Bytes handed on so far. */
  readonly position: () => number;
};

// Small windows and tables: blocks have a few kilobytes, and setting up the default state costs more than the
// compressing itself.
const blockWindowBits = 13;
const deflateOptions = { level: 3, windowBits: blockWindowBits, memLevel: 5, chunkSize: 8192 };

export function createBlockSink(onBytes: (chunk: Uint8Array) => void): BlockSink {
  let position = 0;
  const raw = (bytes: Uint8Array) => {
    position += bytes.length;
    onBytes(bytes);
  };
  return {
    write: (bytes) => {
      const stored = deflateRawSync(bytes, deflateOptions);
      const place = { position, storedBytes: stored.length, rawBytes: bytes.length, crc: crc32(stored) };
      raw(stored);
      return place;
    },
    raw,
    position: () => position,
  };
}

export type IndexSource = {
  /** Length of the index. */
  readonly bytes: number;
  /** Exactly `length` bytes from `offset`. What it throws (a fault of the disk, an abort) passes unchanged. */
  readonly read: (offset: number, length: number) => Promise<Uint8Array>;
};

export async function readExactly(source: IndexSource, offset: number, length: number): Promise<Uint8Array> {
  const bytes = await source.read(offset, length);
  if (bytes.length === length) return bytes;
  throw new ContentsIndexError("CUT", `The contents index is cut: ${bytes.length} of ${length} bytes came.`);
}

/** @throws ContentsIndexError DAMAGED, CUT */
export async function readBlock(source: IndexSource, place: BlockPlace): Promise<Buffer> {
  const stored = await readExactly(source, place.position, place.storedBytes);
  if (crc32(stored) !== place.crc) throw damaged(`the checksum of the block at ${place.position} is wrong`);
  return inflateExactly(stored, place.rawBytes, blockWindowBits);
}

/** Never inflates further than the length that is expected. */
export function inflateExactly(stored: Uint8Array, rawBytes: number, windowBits = 15): Buffer {
  // Room for the whole at once, and a byte more, by which zlib sees that it is the end.
  const chunkSize = Math.min(Math.max(rawBytes + 1, 64), 1024 * 1024);
  let raw: Buffer;
  try {
    raw = inflateRawSync(stored, { maxOutputLength: Math.max(rawBytes, 1), chunkSize, windowBits });
  } catch (error) {
    throw damaged("compressed bytes can't be read", error);
  }
  if (raw.length !== rawBytes) throw damaged(`${raw.length} bytes came out where ${rawBytes} were announced`);
  return raw;
}

/** Blocks mostly follow each other, so that only the gap between them is written, which is 0. */
export function writePlace(to: ByteWriter, place: BlockPlace, expectedPosition: number): number {
  to.signed(place.position - expectedPosition);
  to.varint(place.storedBytes);
  to.varint(place.rawBytes);
  to.u32(place.crc);
  return place.position + place.storedBytes;
}

/** @param end where the blocks end in the index: none may reach beyond */
export function readPlace(from: ByteReader, expectedPosition: number, end: number): BlockPlace {
  const position = expectedPosition + from.signed();
  const storedBytes = from.upTo(end, "the length of a block");
  const rawBytes = from.upTo(blockRawBytesMax, "the inflated length of a block");
  if (position < 0 || position + storedBytes > end) throw damaged("a block lies outside of the index");
  return { position, storedBytes, rawBytes, crc: from.u32() };
}
