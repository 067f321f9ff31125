import { parseDays, type TimeRange } from "#app/_ui/time-range.ts";

/** How far back the history looks, as it stands in the URL: `14d`, or two UTC days, `2026-07-09..2026-07-23`. */
export const rangePresets = [
  { value: "1d", days: 1, label: "24 h" },
  { value: "7d", days: 7, label: "7 d" },
  { value: "14d", days: 14, label: "14 d" },
  { value: "30d", days: 30, label: "30 d" },
  { value: "90d", days: 90, label: "90 d" },
] as const;

const dayMs = 86_400_000;

const startOfDay = (ms: number): number => Math.floor(ms / dayMs) * dayMs;

/**
 * Reads the URL's text. The start is a whole UTC day, so that the query's key stays the same while the clock
 * ticks. Text that can't be read means any time, as an edited URL should still show something.
 */
export function parseRange(taken: string | null, nowMs: number): TimeRange | null {
  if (taken === null) return null;
  const preset = rangePresets.find((candidate) => candidate.value === taken);
  if (preset) return { fromMs: startOfDay(nowMs) - preset.days * dayMs, toMs: null };
  return parseDays(taken);
}
