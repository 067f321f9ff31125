export { createDifferenceLines, type DifferenceLine, type LineSide } from "./difference-line.ts";
export { createSeal } from "./fingerprint.ts";
export { openArchiveThread } from "./host.ts";
export type { DifferenceSection } from "./messages.ts";
