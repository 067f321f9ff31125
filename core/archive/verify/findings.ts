import { type ArchiveFinding, archiveFindingCodes } from "../contract.ts";
import type { ArchiveFormatError } from "../format-error.ts";

/** Faults as a report lists them: in the order of their codes. */
export function toFindings(faults: readonly ArchiveFormatError[]): ArchiveFinding[] {
  const rank = (fault: ArchiveFormatError) => archiveFindingCodes.indexOf(fault.code);
  return [...faults]
    .sort((a, b) => rank(a) - rank(b))
    .map(({ code, message, offset, member }) => ({
      code,
      text: message,
      ...(offset !== undefined && { offset }),
      ...(member !== undefined && { member }),
    }));
}
