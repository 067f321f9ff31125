export { type DifferenceLine, type LineSide, toDifferenceLine } from "./difference-line.ts";
export { createSeal } from "./fingerprint.ts";
export { openArchiveThread } from "./host.ts";
export type { DifferenceSection } from "./messages.ts";
