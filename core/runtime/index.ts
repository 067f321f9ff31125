export { networkOf } from "#core/access/index.ts";
export { buildRuntime, type Runtime, type RuntimeOptions } from "./build.ts";
export { type LocalRuntime, openLocal } from "./local.ts";
export type { Operations } from "./operations.ts";
