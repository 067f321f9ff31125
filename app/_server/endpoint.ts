import "server-only";
import { AppError } from "#core/kernel/errors.ts";
import { requestCaller } from "./caller.ts";
import { answer, json, readBody } from "./route.ts";
import { getRuntime } from "./runtime.ts";

const apiPath = "/api/v1";

/**
 * Answers one call of the JSON API: finds the endpoint and runs its operation. Query and path parameters are the
 * input of a GET, the JSON body and the path's parameters that of a change.
 */
export function serveEndpoint(request: Request): Promise<Response> {
  return answer(async (context) => {
    // Who is not signed in learns nothing of what there is.
    const caller = await requestCaller(context.address, context.requestId);
    if (caller === null) throw new AppError({ code: "unauthenticated", userMessage: "Sign in to go on." });
    const runtime = getRuntime();
    const { pathname, searchParams } = new URL(request.url);
    const path = pathname.slice(apiPath.length);
    if (path === "/openapi.json" && request.method === "GET") return json(runtime.openApi(), 200, context);
    const match = runtime.matchEndpoint(request.method, path);
    if (!("endpoint" in match)) return noSuchEndpoint(match.allowed, context.requestId);
    // Served by server/ alone, for tokens: here a session's cookie would be enough to begin them.
    if (match.endpoint.bytes !== undefined) return noSuchEndpoint([], context.requestId);
    const { endpoint } = match;
    const hasBody = endpoint.method === "POST" || endpoint.method === "PUT";
    const given = hasBody ? await readBody(request) : Object.fromEntries(searchParams);
    const output = await runtime.execute(endpoint.operation, caller, { ...given, ...match.params }, context);
    return json(output, endpoint.status, context);
  });
}

function noSuchEndpoint(allowed: string[], requestId: string): Response {
  const status = allowed.length === 0 ? 404 : 405;
  const detail =
    allowed.length === 0 ? "There is nothing here." : `Only ${allowed.join(", ")} can be used here.`;
  const problem = {
    type: "about:blank",
    title: detail,
    status,
    detail,
    code: allowed.length === 0 ? "not_found" : "invalid_input",
    retryable: false,
    requestId,
  };
  return Response.json(problem, {
    status,
    headers: {
      "content-type": "application/problem+json",
      "cache-control": "no-store",
      ...(allowed.length === 0 ? {} : { allow: allowed.join(", ") }),
    },
  });
}
