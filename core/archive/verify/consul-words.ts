import { ArchiveFormatError } from "../format-error.ts";

/** What Consul says before the error, by what it was reading when the error came. */
function readingWords(position: string): string {
  switch (position) {
    case "header":
      return "failed reading snapshot: ";
    case "meta.json":
      return "failed to read snapshot metadata: ";
    case "state.bin":
      return "failed to read or write snapshot data: ";
    case "SHA256SUMS":
      return "failed to read snapshot hashes: ";
    default:
      // Behind the tar, the error stands alone.
      return "";
  }
}

/**
 * Puts a fault of the outer layers into the words that Consul would have for it at this place of the tar
 * (`position` as a tar walker gives it). Faults that speak for themselves stay as they are.
 */
export function inConsulWords(fault: ArchiveFormatError, position: string): ArchiveFormatError {
  const text = sentence(fault, position);
  return text === null ? fault : new ArchiveFormatError(fault.code, text, fault);
}

function sentence(fault: ArchiveFormatError, position: string): string | null {
  switch (fault.code) {
    case "GZIP_TRUNCATED":
    case "TAR_TRUNCATED":
      return fault.message === "unexpected EOF"
        ? `${readingWords(position)}unexpected EOF. It breaks off at byte ${fault.offset}.`
        : null;
    case "GZIP_DATA":
      return `${readingWords(position)}flate: corrupt input (${fault.message}).`;
    default:
      return null;
  }
}
