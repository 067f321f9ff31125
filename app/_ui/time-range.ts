const dayMs = 86_400_000;
const dayPattern = /^(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})$/;

/** Both in ms; `toMs` null means up to now, and `toMs` is exclusive. */
export type TimeRange = { fromMs: number; toMs: number | null };

/** Reads two whole UTC days, `2026-07-09..2026-07-23`; null for any other text. */
export function parseDays(text: string): TimeRange | null {
  const match = dayPattern.exec(text);
  if (match === null) return null;
  const fromMs = Date.parse(`${match[1]}T00:00:00Z`);
  const lastMs = Date.parse(`${match[2]}T00:00:00Z`);
  if (Number.isNaN(fromMs) || Number.isNaN(lastMs) || lastMs < fromMs) return null;
  return { fromMs, toMs: lastMs + dayMs };
}

/** The last day that is part of the range, for a label; null when it goes up to now. */
export function lastDayMs(range: TimeRange): number | null {
  return range.toMs === null ? null : range.toMs - dayMs;
}
