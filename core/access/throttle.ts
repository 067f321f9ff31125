import { isIPv6 } from "node:net";
import type { Clock } from "#core/kernel/clock.ts";
import { AppError } from "#core/kernel/errors.ts";

/** Failures of one account from one address; then guessing it from there stops, and nobody else notices. */
const failuresPerPair = 5;
const failuresPerAddress = 20;
/** From all addresses together. Who has signed in from theirs lately is not held up by it. */
const failuresPerAccount = 20;
const windowMs = 5 * 60_000;
/** A cap, so that an attacker can't fill the memory with made-up names. */
const keysMax = 20_000;

export type Throttle = ReturnType<typeof createThrottle>;

/**
 * Counts failed sign-ins. Kept in memory: a restart forgives, an attack costs minutes.
 * What is counted before the password is looked at must be taken back afterwards; libraries count only one way.
 */
export function createThrottle(clock: Clock) {
  const failures = new Map<string, number[]>();
  const recent = (key: string) => {
    const since = clock.nowMs() - windowMs;
    return (failures.get(key) ?? []).filter((atMs) => atMs > since);
  };

  function assertAllowed(key: string, max: number): void {
    const times = recent(key);
    const oldest = times.at(-max);
    if (times.length < max || oldest === undefined) return;
    const waitS = Math.max(1, Math.ceil((oldest + windowMs - clock.nowMs()) / 1_000));
    throw new AppError({
      code: "rate_limited",
      userMessage: `Too many failed sign-ins. Try again in ${waitS > 90 ? `${Math.ceil(waitS / 60)} min` : `${waitS} s`}.`,
      retryable: true,
      retryAfterS: waitS,
    });
  }

  /** The keys are in the order of their last failure: what is over, or too much, goes from the front. */
  function note(key: string, atMs: number): void {
    const times = [...recent(key), atMs];
    failures.delete(key);
    for (const [oldest, all] of failures) {
      if (failures.size < keysMax && (all.at(-1) ?? 0) > atMs - windowMs) break;
      failures.delete(oldest);
    }
    failures.set(key, times);
  }

  function takeBack(key: string, atMs: number): void {
    const times = recent(key);
    const own = times.lastIndexOf(atMs);
    failures.set(key, own < 0 ? times : times.toSpliced(own, 1));
  }

  return {
    /**
     * Counts an attempt as failed before anything is looked at: of many that come at once, no more get through than
     * one after another.
     * @param known the account has signed in from this address lately.
     * @returns what to call when it was a good one.
     * @throws AppError `rate_limited` that says when to try again.
     */
    begin(account: string, address: string, known = false): () => void {
      const from = networkOf(address);
      const name = account.toLowerCase();
      const [pair, every, source] = [`pair:${from} ${name}`, `account:${name}`, `address:${from}`];
      assertAllowed(pair, failuresPerPair);
      assertAllowed(source, failuresPerAddress);
      if (!known) assertAllowed(every, failuresPerAccount);
      const atMs = clock.nowMs();
      for (const key of [pair, every, source]) note(key, atMs);
      return () => {
        failures.delete(pair);
        // Somebody who knows one password may still be guessing others from the same address, and somebody else
        // may be guessing this one from other addresses.
        takeBack(every, atMs);
        takeBack(source, atMs);
      };
    },
  };
}

/** An IPv6 address by its first 64 bits, which is what one customer gets and can change within. */
export function networkOf(address: string): string {
  const [bare = ""] = address.split("%");
  if (!isIPv6(bare)) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1];
  if (mapped !== undefined) return mapped;
  const [head = "", tail] = bare.split("::");
  const groups = (text: string) => text.split(":").filter(Boolean);
  const front = groups(head);
  const gap = tail === undefined ? 0 : Math.max(0, 8 - front.length - groups(tail).length);
  const all = [...front, ...Array<string>(gap).fill("0"), ...groups(tail ?? "")];
  const first = all.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${first.join(":")}::/64`;
}
