// The outer shape of an index: magic, blocks, tail (facts and directory, compressed), footer of fixed length.
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { type IndexSource, inflateExactly, readExactly } from "./blocks.ts";
import { ContentsIndexError, damaged } from "./errors.ts";
import { tailRawBytesMax } from "./limits.ts";

/** Like PNG's: a byte that is no text, and line ends that a transfer as text would change. */
export const indexMagic = Buffer.from("\x89SKI\r\n\x1a\n", "latin1");

/** Counts up with every change of the format; an index of another version is made again, never converted. */
export const indexVersion = 1;

export const footerBytes = 80;

/** Where the fields of the footer begin: version, tail's position, its stored and raw length, its SHA-256, CRC. */
const at = { version: 0, position: 8, stored: 16, raw: 24, sha256: 32, crc: 64, magic: 72 } as const;

export function encodeFooter(position: number, tailStored: Uint8Array, tailRawBytes: number): Buffer {
  const footer = Buffer.alloc(footerBytes);
  footer.writeUInt32BE(indexVersion, at.version);
  footer.writeBigUInt64BE(BigInt(position), at.position);
  footer.writeBigUInt64BE(BigInt(tailStored.length), at.stored);
  footer.writeBigUInt64BE(BigInt(tailRawBytes), at.raw);
  createHash("sha256").update(tailStored).digest().copy(footer, at.sha256);
  footer.writeUInt32BE(crc32(footer.subarray(0, at.crc)), at.crc);
  indexMagic.copy(footer, at.magic);
  return footer;
}

export type Tail = {
  readonly raw: Buffer;
  /** Where the tail begins: the end of the blocks. */
  readonly position: number;
};

/**
 * Two reads: the footer, and the tail that it names.
 *
 * @throws ContentsIndexError every code
 */
export async function readTail(source: IndexSource): Promise<Tail> {
  if (source.bytes < indexMagic.length + footerBytes) {
    throw new ContentsIndexError("CUT", `A contents index has more than ${source.bytes} bytes.`);
  }
  const footerPosition = source.bytes - footerBytes;
  const footer = Buffer.from(await readExactly(source, footerPosition, footerBytes));
  if (!footer.subarray(at.magic).equals(indexMagic)) {
    throw new ContentsIndexError("NOT_AN_INDEX", "These bytes are no contents index, or its end is missing.");
  }
  if (footer.readUInt32BE(at.crc) !== crc32(footer.subarray(0, at.crc))) throw damaged("its footer is");
  const version = footer.readUInt32BE(at.version);
  if (version !== indexVersion) {
    throw new ContentsIndexError(
      "VERSION",
      `The contents index is of version ${version}, not ${indexVersion}.`,
    );
  }
  const position = Number(footer.readBigUInt64BE(at.position));
  const storedBytes = Number(footer.readBigUInt64BE(at.stored));
  const rawBytes = Number(footer.readBigUInt64BE(at.raw));
  if (position < indexMagic.length || position + storedBytes !== footerPosition) {
    throw damaged("it is longer or shorter than its footer says");
  }
  if (rawBytes > tailRawBytesMax) throw new ContentsIndexError("TOO_LARGE", "The directory is too large.");
  const stored = await readExactly(source, position, storedBytes);
  const digest = createHash("sha256").update(stored).digest();
  if (!digest.equals(footer.subarray(at.sha256, at.crc))) throw damaged("the checksum of its tail is wrong");
  return { raw: inflateExactly(stored, rawBytes), position };
}
