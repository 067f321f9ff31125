export { readStateRange } from "./container/state-range.ts";
export * from "./contract.ts";
export { ArchiveFormatError } from "./format-error.ts";
export { toConsulInspectJson, toConsulInspectTable } from "./inspect/consul-output.ts";
export { inspectArchive } from "./inspect/inspect-archive.ts";
export { inspectState } from "./inspect/inspect-state.ts";
export { decodeRecord, isKvRecord } from "./records/record-decoder.ts";
export { createArchiveVerifier } from "./verify/verifier.ts";
export { verifyArchive } from "./verify/verify-archive.ts";
