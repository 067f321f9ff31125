import { crc32 } from "node:zlib";
import { ArchiveFormatError } from "../format-error.ts";

/** Consul's own header has 10 bytes; `gzip` adds a file name. More than this is not worth reading on. */
const gzipHeaderBytesMax = 4 * 1024;

const fixedBytes = 10;
const flagHeaderCrc = 0x02;
const flagExtra = 0x04;
const flagName = 0x08;
const flagComment = 0x10;
const flagsReserved = 0xe0;
/** The two bytes of every gzip file, and deflate, the only method there is. */
const start = Buffer.from([0x1f, 0x8b, 8]);

/** Of a text that is no archive, so much is waited for, to be quoted. */
const quotedBytesMax = 200;

/**
 * Reads the header of a gzip member (RFC 1952) from the start of `bytes` and returns its length, or null when more
 * bytes are needed. The time, the extra flags, the operating system and the name are not judged: they differ
 * between compressors and say nothing about the contents.
 *
 * @throws ArchiveFormatError GZIP_HEADER
 */
export function parseGzipHeader(bytes: Buffer): number | null {
  if (!beginsLikeGzip(bytes)) {
    if (bytes.length < quotedBytesMax) {
      return null;
    }
    throw invalidHeader(quoteText(bytes));
  }
  if (bytes.length < fixedBytes) {
    return null;
  }
  const flags = bytes.readUInt8(3);
  if (flags & flagsReserved) {
    throw invalidHeader(" It has flags that gzip does not know.");
  }
  const end = findHeaderEnd(bytes, flags);
  if (end === null && bytes.length > gzipHeaderBytesMax) {
    throw invalidHeader(` It has more than ${gzipHeaderBytesMax} bytes.`);
  }
  return end;
}

/** What it means that an archive ended within its header: nothing at all, the start of one, or something else. */
export function concludeGzipHeader(bytes: Buffer): ArchiveFormatError {
  if (bytes.length === 0) {
    return new ArchiveFormatError("EMPTY", "failed to decompress snapshot: EOF. The archive is empty.", {
      offset: 0,
    });
  }
  const words = "failed to decompress snapshot: unexpected EOF.";
  if (beginsLikeGzip(bytes)) {
    return new ArchiveFormatError("GZIP_TRUNCATED", words, { offset: bytes.length });
  }
  // Go reads ten bytes before it looks at them.
  return bytes.length < fixedBytes
    ? new ArchiveFormatError("GZIP_HEADER", words + quoteText(bytes), { offset: 0 })
    : invalidHeader(quoteText(bytes));
}

function beginsLikeGzip(bytes: Buffer): boolean {
  return bytes.subarray(0, start.length).equals(start.subarray(0, bytes.length));
}

function findHeaderEnd(bytes: Buffer, flags: number): number | null {
  let end = fixedBytes;
  if (flags & flagExtra) {
    if (bytes.length < end + 2) {
      return null;
    }
    end += 2 + bytes.readUInt16LE(end);
  }
  for (const flag of [flagName, flagComment]) {
    if (flags & flag) {
      const zero = bytes.indexOf(0, end);
      if (zero === -1) {
        return null;
      }
      end = zero + 1;
    }
  }
  if (flags & flagHeaderCrc) {
    if (bytes.length < end + 2) {
      return null;
    }
    if (bytes.readUInt16LE(end) !== (crc32(bytes.subarray(0, end)) & 0xffff)) {
      throw invalidHeader(" Its checksum is wrong.");
    }
    end += 2;
  }
  return bytes.length < end ? null : end;
}

/** A sentence with the text that stands where an archive should: an answer of a server, or a page of a proxy. */
function quoteText(bytes: Buffer): string {
  const [text = ""] = /^[\t\n\r\x20-\x7e]*/.exec(bytes.toString("latin1", 0, quotedBytesMax)) ?? [];
  return text.length < Math.min(bytes.length, 16) ? "" : ` It begins with text: "${text.trim()}"`;
}

function invalidHeader(reason: string): ArchiveFormatError {
  return new ArchiveFormatError(
    "GZIP_HEADER",
    `failed to decompress snapshot: gzip: invalid header.${reason}`,
    {
      offset: 0,
    },
  );
}
