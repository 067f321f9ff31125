import type { AuditSubject } from "#core/audit/index.ts";
import { isAppError, toAppError } from "#core/kernel/errors.ts";
import { newRequestId } from "#core/kernel/ids.ts";
import { surely } from "#core/kernel/surely.ts";
import { findConsulBinary, runThrowaway, type ThrowawayResult } from "#core/throwaway/index.ts";
import type { DrillPhase, DrillState } from "./contract.ts";
import { sameVersion } from "./rows.ts";
import type { DrillServiceDeps } from "./service.ts";
import type { DrillRecord } from "./store.ts";

export type Live = {
  readonly controller: AbortController;
  /** Aborted when Snapkeep stops. A drill that was cancelled has to be written down like any other. */
  readonly stopped: AbortSignal;
  phase: DrillPhase;
  done: Promise<void>;
};

/** How a drill ended. A fault of Snapkeep, or of its machine, says nothing about the snapshot: `isProof` is false then. */
type Outcome = {
  state: Exclude<DrillState, "running">;
  text: string;
  result: ThrowawayResult | null;
  consulVersion: string | null;
  isProof: boolean;
};

const stoppedText = "Snapkeep was stopped in the middle. Nothing outside this machine was touched.";

/**
 * Never leaves a row that says `running`, or no other drill could begin: how it ended is written again and again until that
 * works.
 * @throws only when Snapkeep stops; the next start says that it failed.
 */
export async function runDrill(
  deps: DrillServiceDeps,
  row: DrillRecord,
  live: Live,
  subject: AuditSubject,
): Promise<void> {
  const startedMs = deps.clock.monotonicMs();
  const outcome = await attempt(deps, row, live);
  const durationMs = Math.round(deps.clock.monotonicMs() - startedMs);
  deps.log.info({ drillId: row.id, state: outcome.state, durationMs }, "drill ended");
  const onFailure = (error: unknown) =>
    deps.log.error({ err: error, drillId: row.id }, "how a drill ended could not be written; trying again");
  const settled = () => settle(deps, row, outcome, durationMs, subject);
  await surely(settled, { stopped: live.stopped, onFailure });
}

async function attempt(deps: DrillServiceDeps, row: DrillRecord, live: Live): Promise<Outcome> {
  const { signal } = live.controller;
  let consulVersion: string | null = null;
  const ended = (state: Outcome["state"], text: string): Outcome => ({
    state,
    text,
    result: null,
    consulVersion,
    isProof: false,
  });
  try {
    const archive = await deps.snapshots.openArchive(row.snapshotId);
    const binary = await findConsulBinary(deps.where);
    consulVersion = binary.version;
    const result = await runThrowaway({
      binary,
      open: () => archive.open(),
      parent: deps.folder,
      name: row.id,
      datacenter: row.datacenter,
      timeLimitMs: deps.timeLimitMs,
      signal,
      inThread: true,
      onPhase: (phase) => enter(deps, row.id, live, phase),
    });
    const { outcome: state, text, isProof } = result;
    return { state, text, result, consulVersion, isProof };
  } catch (error) {
    if (!signal.aborted) return ended("failed", wordsOf(error));
    const reason: unknown = signal.reason;
    const isCancelled = isAppError(reason) && reason.code === "cancelled";
    if (!isCancelled) return ended("failed", stoppedText);
    return ended("cancelled", `${reason.userMessage} Nothing outside this machine was touched.`);
  }
}

function wordsOf(error: unknown): string {
  const failure = toAppError(error);
  return failure.code === "internal" ? failure.message : failure.userMessage;
}

function enter(deps: DrillServiceDeps, id: string, live: Live, phase: DrillPhase): void {
  live.phase = phase;
  // The process knows the phase; the row is for whoever reads the records after a crash.
  deps.store
    .update(id, { phase, heartbeatAt: new Date(deps.clock.nowMs()) })
    .catch((error: unknown) =>
      deps.log.warn({ err: error, drillId: id }, "the phase of a drill was not written"),
    );
}

/** The row, what the snapshot says of its newest drill, and the audit outcome: all or none. */
async function settle(
  deps: DrillServiceDeps,
  row: DrillRecord,
  outcome: Outcome,
  durationMs: number | null,
  subject: AuditSubject,
): Promise<void> {
  const { state, result, consulVersion } = outcome;
  const snapshotVersion = row.snapshotVersion ?? onlyOne(result?.archiveVersions ?? []);
  const text = withVersions(outcome.text, consulVersion, snapshotVersion);
  const finishedAt = new Date(deps.clock.nowMs());
  await deps.db.transaction(async (tx) => {
    await deps.store.update(
      row.id,
      {
        state,
        phase: "done",
        finishedAt,
        durationMs,
        consulVersion,
        snapshotVersion,
        reportJson: result?.report ? JSON.stringify(result.report) : null,
        outcomeText: text,
        runner: null,
      },
      tx,
    );
    if (outcome.isProof) {
      const drill = {
        drillId: row.id,
        drillState: state,
        drilledAt: finishedAt,
        drillMs: durationMs,
        drillConsulVersion: consulVersion,
      };
      await deps.snapshots.setDrill(row.snapshotId, drill, tx);
    }
    await deps.audit.write(subject, state === "passed" ? "ok" : "failed", text, tx);
  });
}

const onlyOne = (versions: readonly string[]): string | null =>
  versions.length === 1 ? (versions[0] ?? null) : null;

function withVersions(text: string, drilledOn: string | null, takenBy: string | null): string {
  if (sameVersion(drilledOn, takenBy) !== false) return text;
  const sentence = /[.…]$/.test(text) ? text : `${text}.`;
  return `${sentence} Drilled on Consul ${drilledOn}; the snapshot was taken by ${takenBy}.`;
}

/** What a killed process left says nothing about the snapshot. @returns how many there were. */
export async function settleLeft(deps: DrillServiceDeps): Promise<number> {
  const left = await deps.store.running();
  for (const row of left) {
    const outcome: Outcome = {
      state: "failed",
      text: stoppedText,
      result: null,
      consulVersion: row.consulVersion,
      isProof: false,
    };
    await settle(deps, row, outcome, null, subjectOfLeft(row));
  }
  return left.length;
}

function subjectOfLeft(row: DrillRecord): AuditSubject {
  return {
    action: "snapshot.drill",
    caller: { kind: "system", name: "restart" },
    request: { requestId: newRequestId(), address: "local", userAgent: null, door: "system" },
    target: {
      id: row.id,
      label: `${row.datacenter ?? "archive"}, ${row.snapshotId}`,
      snapshotId: row.snapshotId,
      places: [{ clusterId: row.clusterId, datacenter: row.datacenter }],
    },
    reason: null,
    correlationId: row.correlationId,
  };
}
