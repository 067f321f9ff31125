import type { StateName } from "#app/_ui/states.ts";
import type { DatacenterHealth } from "#core/clusters/contract.ts";
import type { DatacenterSummary } from "#core/snapshots/contract.ts";

export type SideState =
  /** Words in place of an age. */
  | { state: StateName; bad: boolean; words: string }
  /** The newest good snapshot, whose age ticks. */
  | { state: StateName; bad: false; lastGoodAt: string };

/** What the side bar says of a datacenter: trouble in words, else the age of its newest good snapshot. */
export function sideState(
  health: DatacenterHealth,
  summary: DatacenterSummary | undefined,
  now: number,
): SideState {
  if (health.state === "no_leader") return { state: "failed", bad: true, words: "no leader" };
  if (health.state === "unreachable") return { state: "failed", bad: true, words: "unreachable" };
  const lastGood = summary?.lastGood ?? null;
  if (lastGood === null) return { state: "missing", bad: false, words: "none" };
  const late = now - Date.parse(lastGood.takenAt) > health.objectiveMinutes * 60_000;
  return { state: late ? "overdue" : "verified", bad: false, lastGoodAt: lastGood.takenAt };
}

export function summaryOf(
  summaries: readonly DatacenterSummary[] | undefined,
  health: DatacenterHealth,
): DatacenterSummary | undefined {
  return summaries?.find(
    (each) => each.clusterId === health.clusterId && each.datacenter === health.datacenter,
  );
}
