export { type ArchiveSource, type CompareOptions, compareArchives } from "./compare-archives.ts";
export * from "./contract.ts";
export { diffFields } from "./field-differences.ts";
export { type DiffHunk, type DiffLine, diffTexts, type TextDiff, toSplitRows } from "./text-differences.ts";
export { describeValue, toText, type ValueKind } from "./value-text.ts";
export type { TextPart } from "./word-differences.ts";
