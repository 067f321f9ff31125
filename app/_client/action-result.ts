import type { PublicError } from "#core/kernel/errors.ts";
import { ApiError } from "./api.ts";

/** What every server action answers: it never throws across the wire, where the words would get lost. */
export type ActionResult<T> = { ok: true; data: T } | { ok: false; error: PublicError };

/** The data of an action, or its failure as the ApiError that useMutation and <ErrorPanel> understand. */
export function unwrap<T>(result: ActionResult<T>): T {
  if (result.ok) return result.data;
  throw new ApiError(result.error);
}

/** unwrap for a promise: `useMutation({ mutationFn: (input) => unwrapped(takeSnapshot(input)) })`. */
export async function unwrapped<T>(result: Promise<ActionResult<T>>): Promise<T> {
  return unwrap(await result);
}
