export { createContentsOperations } from "./operations.ts";
export { toPlainJson } from "./plain-json.ts";
export { keyLabel } from "./rows.ts";
export { type ContentsService, createContentsService, findRecord } from "./service.ts";
