import type { ArchiveFindingCode } from "../contract.ts";
import { ArchiveFormatError } from "../format-error.ts";
import { recordTypeName } from "./record-types.ts";

/** A value that cannot be what its place in a record demands. Only the decoder of records sees it. */
export class Undecodable extends Error {
  override readonly name = "Undecodable";
  readonly code: ArchiveFindingCode;

  constructor(reason: string, code: ArchiveFindingCode = "RECORD_UNDECODABLE") {
    super(reason);
    this.code = code;
  }
}

export function undecodableRecord(type: number, offset: number, fault: Undecodable): ArchiveFormatError {
  const record = `The record of type ${type} (${recordTypeName(type)}) at byte ${offset} of state.bin`;
  const verdict = fault.code === "RECORD_LIMIT" ? "is too large" : "cannot be decoded";
  return new ArchiveFormatError(fault.code, `${record} ${verdict}: ${fault.message}`, {
    member: "state.bin",
    offset,
  });
}
