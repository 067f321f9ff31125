import type { DatacenterSummary } from "#core/snapshots/contract.ts";
import type { Point } from "../../_lib/chart-math.ts";

/** One datacenter's line in the size chart. */
export type Lane = {
  key: string;
  name: string;
  points: Point[];
  raft: Point[];
  /** Middles of the UTC days with that outcome; the summary counts by day. */
  staleMs: number[];
  failedMs: number[];
};

export type LaneFilter = { clusterId: string | null; datacenter: string | null };

/** More lanes than this can't be told apart in 30 px each, and there are three series colours. */
export const lanesMax = 3;

const halfDayMs = 43_200_000;

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
      // Today's middle may still be ahead, and a mark in the future would be a lie.
      const days = (count: (day: DatacenterSummary["days"][number]) => number): number[] =>
        one.days
          .filter((day) => count(day) > 0)
          .map((day) => Math.min(Date.parse(`${day.date}T00:00:00Z`) + halfDayMs, span.toMs))
          .filter(inside);
      return {
        key: `${one.clusterId ?? ""}/${one.datacenter}`,
        name: one.datacenter,
        points: sizes.map((size) => ({ atMs: size.atMs, value: size.archiveBytes })),
        raft: sizes.flatMap((size) =>
          size.raftIndex === null ? [] : [{ atMs: size.atMs, value: size.raftIndex }],
        ),
        staleMs: days((day) => day.stale),
        failedMs: days((day) => day.failed),
      };
    })
    .filter((lane) => lane.points.length > 0 || lane.failedMs.length > 0);
}
