import { formatCount, formatDuration, formatNumber } from "#app/_ui/format.ts";
import type { Phase } from "#app/_ui/phases.tsx";
import { type StateName, states } from "#app/_ui/states.ts";
import type { DrillPhase, DrillReport, DrillRow, DrillState } from "#core/drills/contract.ts";
import type { Shown } from "../../_lib/restore-words.ts";

const stateNames = {
  running: ["running", "Running"],
  passed: ["pass", "Passed"],
  differs: ["warning", "Differs"],
  failed: ["failed", "Failed"],
  cancelled: ["cancelled", "Cancelled"],
} as const satisfies Record<DrillState, readonly [StateName, string]>;

/** How a drill stands, for a row. */
export function drillState(state: DrillState): Shown {
  const [name, word] = stateNames[state];
  return { name, word, tone: states[name].tone };
}

const verdicts = {
  running: "Drill running",
  passed: "Proven restore",
  differs: "The restore differs",
  failed: "The drill failed",
  cancelled: "Drill cancelled",
} as const satisfies Record<DrillState, string>;

/** The sentence that a drill's page opens with. */
export function drillVerdict(state: DrillState): string {
  return verdicts[state];
}

/** What the sentence means for whoever relies on the archive. */
export function drillMeaning(row: Pick<DrillRow, "state" | "phase" | "report">): string {
  switch (row.state) {
    case "running":
      return `${drillPhaseWords[row.phase]}. Closing this page changes nothing.`;
    case "passed":
      return row.report === null
        ? "Consul took the archive and gave everything back."
        : provenWords(row.report);
    case "differs":
      return "Consul took the archive, and not everything came back as it is in it.";
    case "failed":
      return "It is not proven that this archive can be restored.";
    case "cancelled":
      return "It ended before it could say anything about the archive.";
    default:
      return row.state satisfies never;
  }
}

/** `All 227,163 records came back equal`, or which of them Consul itself keeps another way. */
function provenWords({ equal, wanted, sampledKeys, sampledEqual }: DrillReport): string {
  const records =
    equal === wanted
      ? `All ${formatCount(wanted, "record")} came back equal`
      : `${formatNumber(equal)} of ${formatCount(wanted, "record")} came back equal, the rest is what Consul keeps by itself`;
  if (sampledKeys === 0) return `${records}.`;
  return `${records}. ${formatNumber(sampledEqual)} of ${formatCount(sampledKeys, "value")} read back byte for byte.`;
}

export const drillPhaseWords = {
  starting: "Starting a Consul of its own",
  restoring: "Restoring the archive into it",
  comparing: "Comparing what came out",
  removing: "Removing it",
  done: "Finishing",
} as const satisfies Record<DrillPhase, string>;

const steps = ["starting", "restoring", "comparing", "removing"] as const satisfies readonly DrillPhase[];

/** The four steps of a drill that runs. */
export function drillPhases(phase: DrillPhase): Phase[] {
  const at = phase === "done" ? steps.length : steps.indexOf(phase);
  return steps.map((step, place) => ({
    key: step,
    what: drillPhaseWords[step],
    state: place < at ? "done" : place === at ? "run" : "wait",
  }));
}

type Versions = Pick<DrillRow, "consulVersion" | "snapshotVersion" | "sameVersion">;

/** Said only where it matters: a proof on another version is a weaker one. */
export function versionWords({ consulVersion, snapshotVersion, sameVersion }: Versions): string | null {
  if (sameVersion !== false) return null;
  return `Drilled on Consul ${consulVersion}, the snapshot was taken by ${snapshotVersion}.`;
}

type Proof = {
  state: Exclude<DrillState, "running" | "cancelled">;
  consulVersion: string | null;
  ms: number;
};

/** For one line beside a snapshot: `Proven restore on Consul 1.21.3, in 4 min 6 s`. */
export function proofWords({ state, consulVersion, ms }: Proof): string {
  const where = consulVersion === null ? "" : ` on Consul ${consulVersion}`;
  return `${verdicts[state]}${where}, in ${formatDuration(ms)}`;
}
