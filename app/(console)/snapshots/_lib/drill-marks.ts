import type { StateName } from "#app/_ui/states.ts";
import type { SnapshotRow } from "#core/snapshots/contract.ts";

export type SnapshotDrill = NonNullable<SnapshotRow["drill"]>;

/** What the newest drill of a snapshot showed, where the snapshot stands. */
export const drillMarks = {
  passed: { state: "pass", word: "Drill passed" },
  differs: { state: "warning", word: "Drill differs" },
  failed: { state: "failed", word: "Drill failed" },
} as const satisfies Record<SnapshotDrill["state"], { state: StateName; word: string }>;

/** For a tooltip and for whoever does not see the icon: `Proven restore, drilled on Consul 1.21.3`. */
export function drillMarkWords({ state, consulVersion }: SnapshotDrill): string {
  const words = state === "passed" ? "Proven restore, drilled" : drillMarks[state].word;
  return consulVersion === null ? words : `${words} on Consul ${consulVersion}`;
}
