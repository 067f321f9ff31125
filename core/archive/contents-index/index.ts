export type { IndexSource } from "./blocks.ts";
export * from "./contract.ts";
export { ContentsIndexError, ContentsQueryError } from "./errors.ts";
export { parseGlob } from "./glob.ts";
export { keyBytesOfId, toKeyName } from "./key-bytes.ts";
export { type ContentsIndex, openContentsIndex } from "./open.ts";
export { isCutValue } from "./record-json.ts";
export {
  type ContentsIndexWriter,
  createContentsIndexWriter,
} from "./writer.ts";
