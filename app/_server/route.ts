import "server-only";
import { errorTable, toPublicError } from "#core/kernel/errors.ts";
import type { RequestContext } from "#core/kernel/operation.ts";
import { requestContext } from "./request.ts";
import { getRuntime } from "./runtime.ts";

export { readBody } from "./read-body.ts";

/** The one place of the JSON API that turns what was thrown into problem+json. */
export async function answer(work: (context: RequestContext) => Promise<Response>): Promise<Response> {
  const context = await requestContext("route");
  try {
    return await work(context);
  } catch (thrown) {
    const { requestId } = context;
    const error = getRuntime().logFailure(thrown, { requestId }, "a request was refused or failed");
    const { status } = errorTable[error.code];
    const { message, ...rest } = toPublicError(error, context.requestId);
    const problem = { type: "about:blank", title: message, status, detail: message, ...rest };
    return Response.json(problem, {
      status,
      headers: {
        "content-type": "application/problem+json",
        "cache-control": "no-store",
        ...(error.retryAfterS === undefined ? {} : { "retry-after": String(error.retryAfterS) }),
        ...(status === 401 ? { "www-authenticate": 'Bearer realm="Snapkeep"' } : {}),
      },
    });
  }
}

export function json(
  data: unknown,
  status: number,
  context: RequestContext,
  extra: Headers = new Headers(),
): Response {
  extra.set("cache-control", "no-store");
  extra.set("x-request-id", context.requestId);
  return Response.json(data, { status, headers: extra });
}
