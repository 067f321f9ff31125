export type { ArchiveStore, ArchiveWriter, ByteRange } from "./contract.ts";
