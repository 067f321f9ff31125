export { createContentsOperations } from "./operations.ts";
export { keyLabel } from "./rows.ts";
export { type ContentsService, createContentsService, findRecord } from "./service.ts";
