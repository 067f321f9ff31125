import { AppError } from "#core/kernel/errors.ts";
import type { Holder, Person } from "#core/kernel/operation.ts";
import type { TokenService } from "#core/tokens/index.ts";

/**
 * Whoever sent a request with these headers: a program by its API token, else a person by the session's cookie. A
 * token that is no good is refused even beside a good cookie: whoever sends one means it.
 */
export function createCallerOf(deps: {
  sessions: { authenticate(headers: Headers): Promise<Person | null> };
  tokens: TokenService;
}) {
  /** @throws AppError `unauthenticated` for a token that is no good. */
  return async function callerOf(headers: Headers, address: string): Promise<Holder | null> {
    const authorization = headers.get("authorization");
    if (authorization === null) return deps.sessions.authenticate(headers);
    const text = /^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? "";
    const caller = await deps.tokens.authenticate(text, address);
    if (caller !== null) return caller;
    throw new AppError({
      code: "unauthenticated",
      userMessage: "This API token is unknown, expired or revoked.",
    });
  };
}
