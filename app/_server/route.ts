import "server-only";
import { headers } from "next/headers";
import { AppError, errorTable, toAppError, toPublicError } from "#core/kernel/errors.ts";
import type { RequestContext } from "#core/kernel/operation.ts";
import type { Operations } from "#core/runtime/index.ts";
import { requestContext } from "./request.ts";
import { getRuntime } from "./runtime.ts";
import { currentCaller } from "./session.ts";

type Params = { params: Promise<Record<string, string>> };

/** Answers of the JSON API are small requests; archives go elsewhere. */
const bodyBytesMax = 256 * 1024;

/** Makes a GET route of an operation: query and path parameters are its input. */
export function route(name: keyof Operations) {
  return (request: Request, { params }: Params) =>
    answer(async (context) => {
      const query = Object.fromEntries(new URL(request.url).searchParams);
      const output = await getRuntime().execute(
        name,
        await currentCaller(),
        { ...query, ...(await params) },
        context,
      );
      return json(output, 200, context);
    });
}

/** Makes a route of an operation that changes something: the JSON body is its input. */
export function changeRoute(name: keyof Operations, status = 200) {
  return (request: Request, { params }: Params) =>
    answer(async (context) => {
      const body = await readBody(request);
      const output = await getRuntime().execute(
        name,
        await currentCaller(),
        { ...body, ...(await params) },
        context,
      );
      return json(output, status, context);
    });
}

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
      headers: { "content-type": "application/problem+json", "cache-control": "no-store" },
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

/** Reads a JSON object. A change must come from a page of ours, or from a program that says so by Origin. */
export async function readBody(request: Request): Promise<Record<string, unknown>> {
  const received = await headers();
  const origin = received.get("origin");
  const host = received.get("x-forwarded-host") ?? received.get("host");
  if (origin === null || !URL.canParse(origin) || new URL(origin).host !== host) {
    throw new AppError({
      code: "forbidden",
      userMessage: "This request did not come from a page of this Snapkeep.",
    });
  }
  if (Number(received.get("content-length") ?? 0) > bodyBytesMax) throw tooLarge();
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
