import "server-only";
import { AppError, errorTable, toAppError, toPublicError } from "#core/kernel/errors.ts";
import type { RequestContext } from "#core/kernel/operation.ts";
import { requestContext } from "./request.ts";

/** Answers of the JSON API are small requests; archives go elsewhere. */
const bodyBytesMax = 256 * 1024;

/** The one place of the JSON API that turns what was thrown into problem+json. */
export async function answer(work: (context: RequestContext) => Promise<Response>): Promise<Response> {
  const context = await requestContext("route");
  try {
    return await work(context);
  } catch (thrown) {
    const error = toAppError(thrown);
    const { status } = errorTable[error.code];
    const { message, ...rest } = toPublicError(error, context.requestId);
    const problem = { type: "about:blank", title: message, status, detail: message, ...rest };
    return Response.json(problem, {
      status,
      headers: {
        "content-type": "application/problem+json",
        "cache-control": "no-store",
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

/** Reads a JSON object. Where a change may come from is checked in server/ before. */
export async function readBody(request: Request): Promise<Record<string, unknown>> {
  if (Number(request.headers.get("content-length") ?? 0) > bodyBytesMax) throw tooLarge();
  const text = await request.text();
  if (text.length > bodyBytesMax) throw tooLarge();
  const body: unknown = text === "" ? {} : parseJson(text);
  if (typeof body !== "object" || body === null || Array.isArray(body)) throw notAnObject();
  return body as Record<string, unknown>;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw notAnObject();
  }
}

const tooLarge = () => new AppError({ code: "too_large", userMessage: "The body has more than 256 KB." });
const notAnObject = () =>
  new AppError({ code: "invalid_input", userMessage: "The body must be a JSON object." });
