import type { AuditService } from "#core/audit/index.ts";
import type { Clock } from "#core/kernel/clock.ts";
import { AppError } from "#core/kernel/errors.ts";
import { newCorrelationId, newRequestId } from "#core/kernel/ids.ts";
import type { Holder, Person } from "#core/kernel/operation.ts";
import type { TokenService } from "#core/tokens/index.ts";

/** One row for each token in this time: a program that goes on with an old one would fill the log. */
const refusalEveryMs = 24 * 3_600_000;

/**
 * Whoever sent a request with these headers: a program by its API token, else a person by the session's cookie. A
 * token that is no good is refused even beside a good cookie: whoever sends one means it.
 */
export function createCallerOf(deps: {
  sessions: { authenticate(headers: Headers): Promise<Person | null> };
  tokens: TokenService;
  audit: AuditService;
  clock: Clock;
}) {
  const { sessions, tokens, audit, clock } = deps;
  /** By the ids of tokens that there are or were, so it can't be made to grow. */
  const toldMs = new Map<string, number>();

  /** A text that never was a token leaves no row: anybody can send any number of those. */
  async function writeRefusal(text: string, headers: Headers, address: string, requestId: string) {
    const known = await tokens.refusalOf(text);
    if (known === null) return;
    const nowMs = clock.monotonicMs();
    if (nowMs - (toldMs.get(known.id) ?? Number.NEGATIVE_INFINITY) < refusalEveryMs) return;
    toldMs.set(known.id, nowMs);
    const userAgent = headers.get("user-agent")?.slice(0, 300) ?? null;
    await audit.write(
      {
        action: "token.use",
        caller: null,
        request: { requestId, address, userAgent, door: "route" },
        target: { id: known.id, label: known.name },
        reason: null,
        correlationId: newCorrelationId(),
      },
      "denied",
      known.why,
    );
  }

  /** @throws AppError `unauthenticated` for a token that is no good. */
  return async function callerOf(
    headers: Headers,
    address: string,
    requestId: string = newRequestId(),
  ): Promise<Holder | null> {
    const authorization = headers.get("authorization");
    if (authorization === null) return sessions.authenticate(headers);
    const text = /^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? "";
    const caller = await tokens.authenticate(text, address);
    if (caller !== null) return caller;
    await writeRefusal(text, headers, address, requestId);
    throw new AppError({
      code: "unauthenticated",
      userMessage: "This API token is unknown, expired or revoked.",
    });
  };
}
