import type { IncomingMessage } from "node:http";
import { AppError } from "#core/kernel/errors.ts";

const harmless = ["GET", "HEAD", "OPTIONS"];

/**
 * A change must come from a page of ours: its Origin names the address that Snapkeep has. One rule in one place, for
 * actions, routes and streams alike. A program with an API token sends no cookie, so nobody can borrow its rights.
 * @param ownOrigin from the configured base URL; null: whatever host the request asked.
 * @throws AppError `forbidden`.
 */
export function assertSameOrigin(req: IncomingMessage, ownOrigin: string | null): void {
  if (harmless.includes(req.method ?? "GET")) return;
  if (req.url?.startsWith("/api/v1/") && req.headers.authorization !== undefined) return;
  const { origin, host } = req.headers;
  if (origin !== undefined && URL.canParse(origin)) {
    if (ownOrigin === null ? new URL(origin).host === host : new URL(origin).origin === ownOrigin) return;
  }
  throw new AppError({
    code: "forbidden",
    userMessage: "This request did not come from a page of this Snapkeep.",
  });
}
