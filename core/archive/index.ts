export * from "./contract.ts";
export { ArchiveFormatError } from "./format-error.ts";
export { createArchiveVerifier } from "./verifier.ts";
export { verifyArchive } from "./verify-archive.ts";
