import type { Clock } from "#core/kernel/clock.ts";

const lifeMs = 5 * 60_000;
/** A cap: anybody may ask for one without signing in. */
const challengesMax = 10_000;

/**
 * What passkeys sign, each good once. Kept in memory, where whoever asks for many only pushes out the oldest;
 * after a restart people press the button again.
 */
export function createChallenges(clock: Clock) {
  const waiting = new Map<string, { userId: string | null; untilMs: number }>();

  return {
    add(challenge: string, userId: string | null): void {
      const nowMs = clock.nowMs();
      for (const [key, entry] of waiting) {
        if (entry.untilMs > nowMs && waiting.size < challengesMax) break;
        waiting.delete(key);
      }
      waiting.set(challenge, { userId, untilMs: nowMs + lifeMs });
    },

    /** @returns whether it was given out for this, is fresh, and was not used. */
    take(challenge: string, userId: string | null): boolean {
      const entry = waiting.get(challenge);
      if (entry === undefined || entry.userId !== userId) return false;
      waiting.delete(challenge);
      return entry.untilMs > clock.nowMs();
    },
  };
}
