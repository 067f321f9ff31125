import {
  planKeptDays,
  type Recovery,
  type RecoveryCounts,
  recoveryStates,
  type Selection,
  valuesKeptDays,
} from "./contract.ts";
import { noCounts } from "./run.ts";
import type { RecoveryRecord } from "./store.ts";

const dayMs = 24 * 3_600_000;
export const undoableStates = ["applied", "partial", "interrupted", "undone-partial"] as const;

/** What a row keeps beside its columns: the counts, the plan's notes, and what the snapshot was. */
export type Facts = {
  counts: RecoveryCounts;
  notes: string[];
  snapshotTakenAt: string | null;
  snapshotDatacenter: string | null;
};

/** Written by Snapkeep alone. */
export function parseFacts(row: Pick<RecoveryRecord, "countsJson">): Facts {
  const { notes, snapshotTakenAt, snapshotDatacenter, ...counts } = JSON.parse(row.countsJson) as Partial<
    RecoveryCounts & Omit<Facts, "counts">
  >;
  return {
    counts: { ...noCounts, ...counts },
    notes: notes ?? [],
    snapshotTakenAt: snapshotTakenAt ?? null,
    snapshotDatacenter: snapshotDatacenter ?? null,
  };
}

export function toFactsJson({ counts, ...rest }: Facts): string {
  return JSON.stringify({ ...counts, ...rest });
}

/** What was never written has no way back to keep them for. */
export function valuesKeptUntilMs({
  plannedAt,
  appliedAt,
}: Pick<RecoveryRecord, "plannedAt" | "appliedAt">): number {
  if (appliedAt === null) return plannedAt.getTime() + planKeptDays * dayMs;
  return appliedAt.getTime() + valuesKeptDays * dayMs;
}

export type LiveState = { progress: number | null; counts: RecoveryCounts | null };

export function toRecovery(row: RecoveryRecord, live: LiveState | null, nowMs: number): Recovery {
  const { counts: stored, notes, snapshotTakenAt, snapshotDatacenter } = parseFacts(row);
  const counts = live?.counts ?? stored;
  const state = recoveryStates.find((one) => one === row.state) ?? "interrupted";
  const isKept = valuesKeptUntilMs(row) > nowMs;
  const couldUndo = undoableStates.some((one) => one === state) && counts.applied + counts.unknown > 0;
  return {
    id: row.id,
    state,
    progress: live?.progress ?? null,
    snapshotId: row.snapshotId,
    snapshotTakenAt,
    snapshotDatacenter,
    clusterId: row.clusterId,
    clusterName: row.clusterName,
    datacenter: row.datacenter,
    selections: parseSelections(row),
    reason: row.reason,
    byName: row.byName,
    plannedAt: row.plannedAt.toISOString(),
    appliedAt: row.appliedAt?.toISOString() ?? null,
    undoneAt: row.undoneAt?.toISOString() ?? null,
    counts,
    notes,
    outcomeText: row.outcomeText,
    canApply: state === "planned" && isKept,
    canUndo: couldUndo && isKept,
    withoutUndoText:
      couldUndo && !isKept ? `The values before were kept for ${valuesKeptDays} days and are removed.` : null,
    valuesKeptUntil: new Date(valuesKeptUntilMs(row)).toISOString(),
    correlationId: row.correlationId,
  };
}

/** Written by Snapkeep alone. */
function parseSelections(row: RecoveryRecord): Selection[] {
  return JSON.parse(row.selectionJson) as Selection[];
}
