export * from "./contract.ts";
export { ArchiveFormatError } from "./format-error.ts";
export { recordTypeName } from "./record-types.ts";
export { type ArchiveVerifier, type ArchiveVerifierOptions, createArchiveVerifier } from "./verifier.ts";
export { type VerifyArchiveOptions, verifyArchive } from "./verify-archive.ts";
