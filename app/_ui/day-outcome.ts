import type { DatacenterSummary } from "#core/snapshots/contract.ts";
import { formatNumber } from "./format.ts";

/** `none`: nothing happened and nothing was due that day. */
export type DayOutcome = "good" | "stale" | "overdue" | "failed" | "missing" | "none";
export type StripDay = { date: string; outcome: DayOutcome; text?: string };

export const outcomeWords: Record<DayOutcome, string> = {
  good: "Good",
  stale: "Stale",
  overdue: "Overdue",
  failed: "Failed",
  missing: "Missing",
  none: "Nothing due",
};

type Counts = DatacenterSummary["days"][number];

/** A day with several outcomes shows the worst: failed, then stale, then good. */
export function toStripDay(day: Counts): StripDay {
  const outcome: DayOutcome =
    day.failed > 0 ? "failed" : day.stale > 0 ? "stale" : day.good > 0 ? "good" : "none";
  const text = (["good", "stale", "failed"] as const)
    .filter((name) => day[name] > 0)
    .map((name) => `${formatNumber(day[name])} ${name}`)
    .join(", ");
  return { date: day.date, outcome, ...(text === "" ? {} : { text }) };
}

/** The words beside the strip, in days: `28 good, 1 stale, 1 failed`. */
export function stripSummary(days: readonly StripDay[]): string {
  const parts = (["good", "stale", "missing", "overdue", "failed"] as const).flatMap((outcome) => {
    const count = days.filter((day) => day.outcome === outcome).length;
    return count === 0 ? [] : [`${count} ${outcome}`];
  });
  return parts.length === 0 ? "no snapshots yet" : parts.join(", ");
}
