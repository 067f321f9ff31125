import type { ArchiveFindingCode } from "./contract.ts";

type ArchiveFormatPlace = { readonly offset?: number; readonly member?: string };

/**
 * Bytes that cannot be read as what they should be. The parsers of this folder throw it and stop there; a
 * verification catches it and lists it as a finding, while a reader of the contents lets it pass to its caller.
 */
export class ArchiveFormatError extends Error {
  override readonly name = "ArchiveFormatError";
  readonly code: ArchiveFindingCode;
  readonly offset: number | undefined;
  readonly member: string | undefined;

  constructor(code: ArchiveFindingCode, message: string, place: ArchiveFormatPlace = {}) {
    super(message);
    this.code = code;
    this.offset = place.offset;
    this.member = place.member;
  }
}
