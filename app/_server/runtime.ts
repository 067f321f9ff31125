import "server-only";
import type { Runtime } from "#core/runtime/index.ts";

/**
 * The runtime that server/main.ts built. Next bundles its own copy of every module; only the type is
 * imported here, so that there is one database and one set of jobs in the process.
 */
export function getRuntime(): Runtime {
  const runtime = (globalThis as Record<symbol, unknown>)[Symbol.for("snapkeep.runtime")];
  if (runtime === undefined)
    throw new Error("Start Snapkeep with `npm start` or `npm run dev`, not with next itself.");
  return runtime as Runtime;
}
