export type { ArchivePart, ArchiveStore, ArchiveWriter, ByteRange } from "./contract.ts";
