import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { newRequestId } from "#core/kernel/ids.ts";
import type { RequestContext } from "#core/kernel/operation.ts";

/** Headers by which the server tells Next what it knows; a client that sends them is not believed. */
export const requestIdHeader = "x-request-id";
export const addressHeader = "x-snapkeep-address";

/** The page that was asked for, so that the sign-in can lead back to it. */
const pathHeader = "x-snapkeep-path";

/** What a proxy says of the request before it. Without a configured proxy nobody is believed. */
const forwardedHeaders = [
  "forwarded",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-forwarded-port",
  "x-real-ip",
];

/**
 * Gives a request its id and its address, and writes both where Next's side reads them.
 * @param trustedHops how many proxies of ours stand in front.
 */
export function identify(req: IncomingMessage, trustedHops: number): RequestContext {
  const requestId = newRequestId();
  const address = clientAddress(req, trustedHops);
  // Also with proxies: Next and the sign-in library would believe the first entry, which the client wrote.
  for (const name of forwardedHeaders) delete req.headers[name];
  req.headers[requestIdHeader] = requestId;
  req.headers[addressHeader] = address;
  req.headers[pathHeader] = req.url ?? "/";
  const userAgent = req.headers["user-agent"]?.slice(0, 300) ?? null;
  return { requestId, address, userAgent, door: "stream" };
}

/**
 * Each proxy appends the address that it saw to X-Forwarded-For. So with N of ours in front, the client is the Nth
 * from the end; whatever stands before that was written by the client itself.
 */
export function clientAddress(req: IncomingMessage, trustedHops: number): string {
  const peer = plain(req.socket.remoteAddress ?? "unknown");
  if (trustedHops === 0) return peer;
  const forwarded = [req.headers["x-forwarded-for"] ?? []].flat().join(",");
  const seen = forwarded
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  const client = withoutPort(seen.at(-trustedHops) ?? seen[0] ?? peer);
  // What is no address would be counted as somebody new each time it is written differently.
  return isIP(client) === 0 ? peer : client;
}

const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, "");

/** Some proxies write the port as well, which is another one for each connection. */
function withoutPort(text: string): string {
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1];
  return plain(bracketed ?? text.replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, "$1"));
}

/** Node's headers as the web's, for the session check. */
export function toWebHeaders(req: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(req.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(", ") : value);
  }
  return headers;
}
