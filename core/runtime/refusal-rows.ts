import { networkOf } from "#core/access/index.ts";
import type { Clock } from "#core/kernel/clock.ts";

const windowMs = 5 * 60_000;
/** More than the throttle lets anybody try in that time. */
const rowsPerWindow = 100;
const networksMax = 20_000;

/**
 * Whoever isn't signed in could fill the audit log with refusals, which can't be removed from it. So of one network
 * only so many are written; the last of them says that more came.
 */
export function createRefusalRows(clock: Clock) {
  const networks = new Map<string, { sinceMs: number; rows: number }>();

  return {
    /** Counts a refusal. @returns what to write of it: its words, these with a last remark, or nothing. */
    words(address: string, words: string): string | null {
      const nowMs = clock.monotonicMs();
      const from = networkOf(address);
      const known = networks.get(from);
      const isFresh = known !== undefined && nowMs - known.sinceMs < windowMs;
      const entry = isFresh ? known : { sinceMs: nowMs, rows: 0 };
      entry.rows += 1;
      if (!isFresh) {
        networks.delete(from);
        for (const [oldest, { sinceMs }] of networks) {
          if (networks.size < networksMax && nowMs - sinceMs < windowMs) break;
          networks.delete(oldest);
        }
        networks.set(from, entry);
      }
      if (entry.rows > rowsPerWindow) return null;
      return entry.rows < rowsPerWindow
        ? words
        : `${words} More refusals of this address are not written for 5 minutes.`;
    },
  };
}
