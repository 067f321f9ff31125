import type { DatacenterSummary } from "#core/snapshots/contract.ts";
import type { Point } from "../../_lib/chart-math.ts";

/** One datacenter's line in the size chart. */
export type Lane = {
  key: string;
  name: string;
  points: Point[];
  raft: Point[];
  /** Beginnings of the UTC days with that outcome; the summary counts by day. */
  staleDays: number[];
  failedDays: number[];
};

export type LaneFilter = { clusterId: string | null; datacenter: string | null };

/** More lanes than this can't be told apart in 30 px each, and there are three series colours. */
export const lanesMax = 3;

const dayMs = 86_400_000;

/** The lanes of a time span; datacenters without any snapshot or mark in it are left out. */
export function toLanes(
  datacenters: readonly DatacenterSummary[],
  filter: LaneFilter,
  span: { fromMs: number; toMs: number },
): Lane[] {
  const inside = (ms: number): boolean => ms >= span.fromMs && ms <= span.toMs;
  return datacenters
    .filter((one) => filter.datacenter === null || one.datacenter === filter.datacenter)
    .filter((one) => filter.clusterId === null || one.clusterId === filter.clusterId)
    .map((one) => {
      const sizes = one.sizes
        .map((size) => ({ ...size, atMs: Date.parse(size.takenAt) }))
        .filter((size) => inside(size.atMs))
        .sort((a, b) => a.atMs - b.atMs);
      const days = (count: (day: DatacenterSummary["days"][number]) => number): number[] =>
        one.days
          .filter((day) => count(day) > 0)
          .map((day) => Date.parse(`${day.date}T00:00:00Z`))
          .filter((startMs) => startMs + dayMs > span.fromMs && startMs <= span.toMs);
      return {
        key: `${one.clusterId ?? ""}/${one.datacenter}`,
        name: one.datacenter,
        points: sizes.map((size) => ({ atMs: size.atMs, value: size.archiveBytes })),
        raft: sizes.flatMap((size) =>
          size.raftIndex === null ? [] : [{ atMs: size.atMs, value: size.raftIndex }],
        ),
        staleDays: days((day) => day.stale),
        failedDays: days((day) => day.failed),
      };
    })
    .filter((lane) => lane.points.length > 0 || lane.failedDays.length > 0);
}

/** Where a day's mark stands: in the middle of what the chart shows of that day, so never in the future. */
export function markAt(dayStartMs: number, span: { fromMs: number; toMs: number }): number | null {
  const from = Math.max(dayStartMs, span.fromMs);
  const to = Math.min(dayStartMs + dayMs, span.toMs);
  return to <= from ? null : (from + to) / 2;
}
