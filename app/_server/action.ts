import "server-only";
import type { z } from "zod";
import { type PublicError, toPublicError } from "#core/kernel/errors.ts";
import type { Operations } from "#core/runtime/index.ts";
import { requestContext } from "./request.ts";
import { getRuntime } from "./runtime.ts";
import { currentCaller } from "./session.ts";

export type ActionResult<T> = { ok: true; data: T } | { ok: false; error: PublicError };

type Input<Name extends keyof Operations> = z.input<Operations[Name]["input"]>;
type Output<Name extends keyof Operations> = z.output<Operations[Name]["output"]>;

/** Makes a server action of an operation. Everything that can go wrong is a value, never a throw. */
export function action<Name extends keyof Operations>(name: Name) {
  return async (input: Input<Name>): Promise<ActionResult<Output<Name>>> => {
    const context = await requestContext("action");
    return asResult(context.requestId, async () => {
      const output = await getRuntime().execute(name, await currentCaller(), input, context);
      return output as Output<Name>;
    });
  };
}

export async function asResult<T>(requestId: string, work: () => Promise<T>): Promise<ActionResult<T>> {
  try {
    return { ok: true, data: await work() };
  } catch (error) {
    const failure = getRuntime().logFailure(error, { requestId }, "a request was refused or failed");
    return { ok: false, error: toPublicError(failure, requestId) };
  }
}
