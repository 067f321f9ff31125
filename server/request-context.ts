import type { IncomingMessage } from "node:http";
import { newRequestId } from "#core/kernel/ids.ts";
import type { RequestContext } from "#core/kernel/operation.ts";

/** Headers by which the server tells Next what it knows; a client that sends them is not believed. */
export const requestIdHeader = "x-request-id";
export const addressHeader = "x-snapkeep-address";

/** Gives a request its id and its address, and writes both where Next's side reads them. */
export function identify(req: IncomingMessage): RequestContext {
  const requestId = newRequestId();
  const address = req.socket.remoteAddress?.replace(/^::ffff:/, "") ?? "unknown";
  req.headers[requestIdHeader] = requestId;
  req.headers[addressHeader] = address;
  const userAgent = req.headers["user-agent"]?.slice(0, 300) ?? null;
  return { requestId, address, userAgent, door: "stream" };
}

/** Node's headers as the web's, for the session check. */
export function toWebHeaders(req: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(req.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(", ") : value);
  }
  return headers;
}
