import { ArchiveFormatError } from "../format-error.ts";

/** One record of one number: 30 bytes are enough for any size. */
export const paxBytesMax = 1024;

/**
 * Reads the one PAX record that Go's tar writer has a reason to make for a snapshot: the size of a state.bin of
 * 8 GiB or more, which no longer fits the octal field. Any other record would change what the plain header says,
 * and Consul never writes one.
 *
 * @throws ArchiveFormatError TAR_HEADER
 */
export function parsePaxSize(body: Buffer, offset: number): number {
  const text = body.toString("latin1");
  const [, claimedBytes = "", digits = ""] = /^([1-9]\d*) size=(\d+)\n$/.exec(text) ?? [];
  const sizeBytes = Number(digits);
  if (Number(claimedBytes) !== body.length || digits === "" || !Number.isSafeInteger(sizeBytes)) {
    const sentence =
      "The tar has a PAX header with more than the size of a large member; Consul writes no such header.";
    throw new ArchiveFormatError("TAR_HEADER", sentence, { offset });
  }
  return sizeBytes;
}
