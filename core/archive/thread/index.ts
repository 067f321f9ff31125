export { type DifferenceLine, type LineSide, toDifferenceLine } from "./difference-line.ts";
export { createSeal } from "./fingerprint.ts";
export { type ArchiveThread, openArchiveThread } from "./host.ts";
export type { CompareJobResult, DifferenceSection, VerifyJobResult } from "./messages.ts";
export type { ThreadSource } from "./source.ts";
