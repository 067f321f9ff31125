import type { Clock } from "#core/kernel/clock.ts";
import { AppError } from "#core/kernel/errors.ts";

const failuresPerAccount = 5;
const failuresPerAddress = 20;
const windowMs = 5 * 60_000;
/** A cap, so that an attacker can't fill the memory with made-up names. */
const keysMax = 10_000;

/** Counts failed sign-ins by account and by address. Kept in memory: a restart forgives, an attack costs minutes. */
export function createThrottle(clock: Clock) {
  const failures = new Map<string, number[]>();

  function recent(key: string): number[] {
    const since = clock.nowMs() - windowMs;
    return (failures.get(key) ?? []).filter((atMs) => atMs > since);
  }

  function keysOf(account: string, address: string): [[string, number], [string, number]] {
    return [
      [`account:${account.toLowerCase()}`, failuresPerAccount],
      [`address:${address}`, failuresPerAddress],
    ];
  }

  function assertAllowed(keys: [string, number][]): void {
    for (const [key, max] of keys) {
      const times = recent(key);
      const oldest = times.at(-max);
      if (times.length < max || oldest === undefined) continue;
      const waitS = Math.max(1, Math.ceil((oldest + windowMs - clock.nowMs()) / 1_000));
      throw new AppError({
        code: "rate_limited",
        userMessage: `Too many failed sign-ins. Try again in ${waitS > 90 ? `${Math.ceil(waitS / 60)} min` : `${waitS} s`}.`,
        retryable: true,
      });
    }
  }

  return {
    /**
     * Counts an attempt as failed before the password is looked at: of many that come at once, no more get
     * through than one after another.
     * @returns what to call when it was a good one.
     * @throws AppError `rate_limited` that says when to try again.
     */
    begin(account: string, address: string): () => void {
      const keys = keysOf(account, address);
      assertAllowed(keys);
      if (failures.size > keysMax) failures.clear();
      const atMs = clock.nowMs();
      for (const [key] of keys) failures.set(key, [...recent(key), atMs]);
      return () => {
        const [[accountKey], [addressKey]] = keys;
        failures.delete(accountKey);
        // Somebody who knows one password may still be guessing others from the same address.
        const times = recent(addressKey);
        const own = times.lastIndexOf(atMs);
        failures.set(addressKey, own < 0 ? times : times.toSpliced(own, 1));
      };
    },
  };
}
