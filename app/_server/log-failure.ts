import "server-only";
import { type AppError, errorTable } from "#core/kernel/errors.ts";
import type { Runtime } from "#core/runtime/index.ts";
import { getRuntime } from "./runtime.ts";

const told = new WeakSet<object>();

/** The runtime's `execute`, which tells of its own failures; what fails beside it is told by {@link logFailure}. */
export const execute: Runtime["execute"] = async (...args) => {
  try {
    return await getRuntime().execute(...args);
  } catch (error) {
    if (typeof error === "object" && error !== null) told.add(error);
    throw error;
  }
};

/** A line for what a door answers with a failure, by the level of its code, unless there is one already. */
export function logFailure(error: AppError, requestId: string): void {
  if (told.has(error)) return;
  getRuntime().log[errorTable[error.code].logLevel](
    { requestId, code: error.code, err: error },
    "a request was refused or failed",
  );
}
