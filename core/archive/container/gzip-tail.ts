import { ArchiveFormatError } from "../format-error.ts";

const trailerBytes = 8;
/** Of what follows the trailer, only the start is kept: enough to quote an error text. */
const keptBytesMax = 1024;

export type GzipTail = {
  readonly write: (chunk: Uint8Array) => void;
  /** The fault that the tail shows against what was really inflated, or null when all is well. */
  readonly conclude: (crc: number, outputBytes: number, tailOffset: number) => ArchiveFormatError | null;
};

/** Everything after the deflate data: the CRC-32, the length, and the bytes that must not be there. */
export function createGzipTail(): GzipTail {
  const kept = Buffer.alloc(trailerBytes + keptBytesMax);
  let totalBytes = 0;
  return {
    write: (chunk) => {
      if (totalBytes < kept.length) {
        kept.set(chunk.subarray(0, kept.length - totalBytes), totalBytes);
      }
      totalBytes += chunk.length;
    },
    conclude: (crc, outputBytes, tailOffset) => {
      if (totalBytes < trailerBytes) {
        return new ArchiveFormatError("GZIP_TRUNCATED", "unexpected EOF", {
          offset: tailOffset + totalBytes,
        });
      }
      return (
        judgeTrailer(kept, crc, outputBytes, tailOffset) ??
        judgeRest(
          kept.subarray(trailerBytes, totalBytes),
          totalBytes - trailerBytes,
          tailOffset + trailerBytes,
        )
      );
    },
  };
}

function judgeTrailer(
  trailer: Buffer,
  crc: number,
  outputBytes: number,
  offset: number,
): ArchiveFormatError | null {
  if (trailer.readUInt32LE(0) !== crc) {
    return new ArchiveFormatError("GZIP_CRC", "gzip: invalid checksum. The contents are damaged.", {
      offset,
    });
  }
  if (trailer.readUInt32LE(4) !== outputBytes % 2 ** 32) {
    return new ArchiveFormatError(
      "GZIP_LENGTH",
      "gzip: invalid checksum. The length in the trailer is wrong.",
      {
        offset: offset + 4,
      },
    );
  }
  return null;
}

function judgeRest(rest: Buffer, restBytes: number, offset: number): ArchiveFormatError | null {
  if (restBytes === 0) {
    return null;
  }
  const text = rest.toString("latin1");
  if (isText(text)) {
    return new ArchiveFormatError("APPENDED_TEXT", appendedTextSentence(text), { offset });
  }
  if (rest[0] === 0x1f && rest[1] === 0x8b) {
    const sentence = `A second gzip member follows the archive, ${restBytes} bytes from byte ${offset} on.`;
    return new ArchiveFormatError("GZIP_SECOND_MEMBER", sentence, { offset });
  }
  const words = restBytes < 10 ? "unexpected EOF" : "gzip: invalid header";
  const sentence = `${words}. ${restBytes} bytes follow the end of the archive at byte ${offset}.`;
  return new ArchiveFormatError("GZIP_TRAILING_BYTES", sentence, { offset });
}

const textBytesMin = 4;
/** Among compressed bytes, so many printable ones in a row come by chance once in 100,000 cut archives. */
const textAfterCutBytesMin = 12;
const quotedCharactersMax = 300;

function isText(text: string): boolean {
  return text.trim().length >= textBytesMin && /^[\t\n\r\x20-\x7e]*$/.test(text);
}

function appendedTextSentence(text: string): string {
  const quoted = text.trim().slice(0, quotedCharactersMax);
  return `The server wrote an error into the archive after it had begun: "${quoted}"`;
}

/**
 * Looks for readable text at the very end of an archive that broke off. Consul, once its 200 is out, can only append
 * the error to the body. Null when there is none; the caller must know already that the archive is not whole.
 */
export function findAppendedText(lastBytes: Buffer, archiveBytes: number): ArchiveFormatError | null {
  const text = /[\t\n\r\x20-\x7e]*$/.exec(lastBytes.toString("latin1"))?.[0] ?? "";
  if (text.trim().length < textAfterCutBytesMin) {
    return null;
  }
  return new ArchiveFormatError("APPENDED_TEXT", appendedTextSentence(text), {
    offset: archiveBytes - text.length,
  });
}
