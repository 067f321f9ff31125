import { type DrillPhase, type DrillRow, drillPhases, drillReport, drillStates } from "./contract.ts";
import type { DrillRecord } from "./store.ts";

const toIso = (value: Date | null): string | null => (value === null ? null : value.toISOString());

function oneOf<T extends string>(known: readonly T[], value: string, otherwise: T): T {
  return known.find((candidate) => candidate === value) ?? otherwise;
}

/** A row as pages and programs see it. @param livePhase fresher than the row; null: it doesn't run in this process. */
export function toDrillRow(row: DrillRecord, livePhase: DrillPhase | null): DrillRow {
  const { consulVersion, snapshotVersion } = row;
  return {
    id: row.id,
    state: oneOf(drillStates, row.state, "failed"),
    phase: livePhase ?? oneOf(drillPhases, row.phase, "done"),
    snapshotId: row.snapshotId,
    clusterId: row.clusterId,
    clusterName: row.clusterName,
    datacenter: row.datacenter,
    trigger: oneOf(["manual", "schedule"] as const, row.trigger, "manual"),
    byName: row.byName,
    startedAt: row.startedAt.toISOString(),
    finishedAt: toIso(row.finishedAt),
    durationMs: row.durationMs,
    consulVersion,
    snapshotVersion,
    sameVersion: sameVersion(consulVersion, snapshotVersion),
    report: toReport(row.reportJson),
    outcomeText: row.outcomeText,
    // What is being removed has ended; there is nothing left to cancel.
    cancellable: livePhase !== null && livePhase !== "removing" && livePhase !== "done",
    correlationId: row.correlationId,
  };
}

export function sameVersion(one: string | null, other: string | null): boolean | null {
  return one === null || other === null ? null : one === other;
}

/** A report of another version of Snapkeep may have another shape. */
function toReport(json: string | null): DrillRow["report"] {
  if (json === null) return null;
  const parsed = drillReport.safeParse(JSON.parse(json));
  return parsed.success ? parsed.data : null;
}
