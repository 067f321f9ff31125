import type { IncomingMessage } from "node:http";
import { AppError } from "#core/kernel/errors.ts";

const harmless = ["GET", "HEAD", "OPTIONS"];
/** What makes a session out of nothing but its body: a page of another site must not sign a browser in as somebody. */
const signingIn = ["/api/v1/sign-in", "/api/v1/setup"];

/**
 * A change must come from a page of ours: its Origin names the address that Snapkeep has. One rule in one place, for
 * actions, routes and streams alike. A program with an API token sends no cookie, so nobody can borrow its rights.
 * @param ownOrigin from the configured base URL; null: whatever host the request asked.
 * @throws AppError `forbidden`.
 */
export function assertSameOrigin(req: IncomingMessage, ownOrigin: string | null): void {
  if (harmless.includes(req.method ?? "GET")) return;
  if (isByToken(req)) return;
  const { origin, host } = req.headers;
  if (origin !== undefined && URL.canParse(origin)) {
    if (ownOrigin === null ? new URL(origin).host === host : new URL(origin).origin === ownOrigin) return;
  }
  throw new AppError({
    code: "forbidden",
    userMessage: "This request did not come from a page of this Snapkeep.",
  });
}

/** A form of another site can make a browser send name and password of its own (Basic), but never a token. */
function isByToken(req: IncomingMessage): boolean {
  const path = (req.url ?? "/").split("?")[0] ?? "/";
  if (!path.startsWith("/api/v1/") || signingIn.includes(path)) return false;
  return /^Bearer /i.test(req.headers.authorization ?? "");
}
