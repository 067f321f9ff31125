export type { IndexSource } from "./blocks.ts";
export * from "./contract.ts";
export { ContentsIndexError, type ContentsIndexErrorCode, ContentsQueryError } from "./errors.ts";
export { parseGlob } from "./glob.ts";
export { type KeyInput, keyBytesOfId, toKeyName } from "./key-bytes.ts";
export type { KvReader } from "./kv-reader.ts";
export { type ContentsIndex, type OpenOptions, openContentsIndex } from "./open.ts";
export { type CutValue, isCutValue } from "./record-json.ts";
export {
  type ContentsIndexSummary,
  type ContentsIndexWriter,
  type ContentsIndexWriterOptions,
  createContentsIndexWriter,
} from "./writer.ts";
