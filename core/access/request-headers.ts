import { addressHeader } from "./auth.ts";

const cookieCharsMax = 16_384;

/**
 * What the sign-in library may see of a request: its browser, its cookies, and the server's own word for where it
 * comes from.
 * @param cookies the end of the names of those that count; a session that is still in the browser has no say in a
 * sign-in. null: none of them.
 */
export function forLibrary(headers: Headers, address: string, cookies: string | null): Headers {
  const only = new Headers({ [addressHeader]: address });
  const userAgent = headers.get("user-agent");
  if (userAgent !== null) only.set("user-agent", userAgent.slice(0, 300));
  const line = (headers.get("cookie") ?? "").slice(0, cookieCharsMax);
  if (cookies === null) return only;
  const pairs = line
    .split(/;\s*/)
    .filter((pair) => pair.split("=")[0]?.endsWith(cookies) === true && pair !== "");
  if (pairs.length > 0) only.set("cookie", pairs.join("; "));
  return only;
}

/** The cookies that an answer sets, as the next request would send them. */
export function toCookieHeader(setCookies: string[]): string {
  return setCookies.map((line) => line.split(";")[0] ?? "").join("; ");
}
