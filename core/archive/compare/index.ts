export { type ArchiveSource, compareArchives } from "./compare-archives.ts";
export * from "./contract.ts";
export { diffFields } from "./field-differences.ts";
export { diffTexts, type TextDiff } from "./text-differences.ts";
export { describeValue } from "./value-text.ts";
