import type { IncomingMessage } from "node:http";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { AppError } from "#core/kernel/errors.ts";
import { networkOf } from "#core/runtime/index.ts";

const windowS = 60;

/**
 * Counts what costs the server work, by address (of IPv6 the part that one customer gets). Not by token: a made-up one
 * would bring a share of its own. Files of the pages don't count: a browser asks for many at once and they cost nothing.
 */
export function createRateLimit(requestsPerMinute: number) {
  const limiter = new RateLimiterMemory({ points: requestsPerMinute, duration: windowS });

  return {
    /** @throws AppError `rate_limited`, which says when to try again. */
    async count(req: IncomingMessage, address: string): Promise<void> {
      if (req.url?.startsWith("/_next/static/")) return;
      try {
        await limiter.consume(networkOf(address));
      } catch (refused) {
        if (!(refused instanceof RateLimiterRes)) throw refused;
        const waitS = Math.max(1, Math.ceil(refused.msBeforeNext / 1_000));
        throw new AppError({
          code: "rate_limited",
          userMessage: `Too many requests. Try again in ${waitS} s.`,
          retryable: true,
          retryAfterS: waitS,
        });
      }
    },
  };
}
