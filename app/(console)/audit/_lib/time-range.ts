import { parseDays, type TimeRange } from "#app/_ui/time-range.ts";

/** How far back the log is shown, as it stands in the URL: `24h`, or two UTC days, `2026-07-09..2026-07-23`. */
export const timePresets = [
  { value: "1h", hours: 1, label: "last hour" },
  { value: "24h", hours: 24, label: "last 24 h" },
  { value: "7d", hours: 7 * 24, label: "last 7 d" },
  { value: "30d", hours: 30 * 24, label: "last 30 d" },
  { value: "90d", hours: 90 * 24, label: "last 90 d" },
] as const;

const hourMs = 3_600_000;
/** A span up to now begins at a multiple of this, so that its query stays the same while the clock ticks. */
export const timeStepMs = 5 * 60_000;

/** Reads the URL's text. Text that can't be read means any time, as an edited URL should still show something. */
export function parseTime(text: string | null, nowMs: number): TimeRange | null {
  if (text === null) return null;
  const preset = timePresets.find((candidate) => candidate.value === text);
  if (preset !== undefined) {
    return { fromMs: Math.floor(nowMs / timeStepMs) * timeStepMs - preset.hours * hourMs, toMs: null };
  }
  return parseDays(text);
}
