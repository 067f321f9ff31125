import { setTimeout as sleep } from "node:timers/promises";

export interface WaitOptions {
  timeoutMs?: number;
  intervalMs?: number;
}

/**
 * Asks again and again until the probe gives something other than null, and raises an error that says what was
 * waited for. A probe that throws counts as "not yet": an agent that starts refuses connections at first.
 * The time is no expectation, only an end: on a machine with other work a restore or a drill takes many seconds.
 */
export async function waitFor<T>(
  what: string,
  probe: () => Promise<T | null>,
  { timeoutMs = 90_000, intervalMs = 50 }: WaitOptions = {},
): Promise<T> {
  const giveUpAt = Date.now() + timeoutMs;
  let lastError: unknown = null;
  for (;;) {
    try {
      const answer = await probe();
      if (answer !== null) return answer;
      lastError = null;
    } catch (error) {
      if (error instanceof StopWaiting) throw error.reason;
      lastError = error;
    }
    if (Date.now() > giveUpAt) {
      const because = lastError instanceof Error ? ` The last try said: ${lastError.message}` : "";
      throw new Error(`Waited ${timeoutMs} ms in vain for ${what}.${because}`, { cause: lastError });
    }
    await sleep(intervalMs);
  }
}

/** Thrown by a probe that knows that waiting longer is of no use. */
export class StopWaiting extends Error {
  constructor(readonly reason: Error) {
    super(reason.message);
  }
}
