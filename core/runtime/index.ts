export { buildRuntime, type Operations, type Runtime, type RuntimeOptions } from "./build.ts";
