import { verifyArchive } from "#core/archive/index.ts";
import type { AuditService, AuditSubject } from "#core/audit/index.ts";
import type { Clock } from "#core/kernel/clock.ts";
import { AppError } from "#core/kernel/errors.ts";
import { newRequestId } from "#core/kernel/ids.ts";
import type { Logger } from "#core/kernel/logger.ts";
import type { ArchiveStore } from "#core/storage/index.ts";
import type { Settle } from "./settle.ts";
import type { SnapshotRecord, SnapshotStore } from "./store.ts";

export type RecoveryReport = {
  kept: number;
  failed: number;
  removed: number;
  partials: number;
  missing: number;
  /** Rows that could not be settled this time; the next start tries again. */
  left: number;
};

type Deps = {
  store: SnapshotStore;
  archives: ArchiveStore;
  settle: Settle;
  audit: AuditService;
  clock: Clock;
  log: Logger;
};

/**
 * Runs once at start, before anything else may act: settles what a killed process left. An archive that is
 * whole in the store is verified again and kept, whatever its row said; a partial is removed; a delete that
 * had begun is finished; a row whose archive is gone says so.
 */
export async function recoverSnapshots(deps: Deps): Promise<RecoveryReport> {
  const report: RecoveryReport = { kept: 0, failed: 0, removed: 0, partials: 0, missing: 0, left: 0 };
  for (const row of await deps.store.unfinished()) {
    try {
      report[await settleOne(deps, row)] += 1;
    } catch (error) {
      // One archive that can't be read or removed must not keep all the others from being served.
      report.left += 1;
      deps.log.error(
        { err: error, snapshotId: row.id, state: row.state },
        "left unsettled until the next start",
      );
    }
  }
  report.partials = await deps.archives.removePartials(new Set());
  report.missing = await markMissing(deps);
  return report;
}

async function settleOne(deps: Deps, row: SnapshotRecord): Promise<"kept" | "failed" | "removed"> {
  if (row.state === "deleting") {
    await finishDelete(deps, row);
    return "removed";
  }
  if (await settleWhole(deps, row)) return "kept";
  await settleCutOff(deps, row);
  return "failed";
}

async function settleWhole(deps: Deps, row: SnapshotRecord): Promise<boolean> {
  if ((await deps.archives.stat(row.id)) === null) return false;
  const report = await verifyArchive(await deps.archives.open(row.id));
  if (!report.ok) {
    await deps.archives.remove(row.id);
    return false;
  }
  const facts = { leader: row.leader, consulVersion: row.consulVersion, durationMs: row.durationMs };
  await deps.settle.available(row, report, facts, subjectOf(row, actionOf(row)));
  return true;
}

async function settleCutOff(deps: Deps, row: SnapshotRecord): Promise<void> {
  const failure = new AppError({
    code: "stopping",
    userMessage: "Snapkeep was stopped in the middle. Nothing was stored.",
    retryable: true,
  });
  const subject = subjectOf(row, actionOf(row));
  if (row.state === "uploading") await deps.settle.refused(row, failure, subject);
  else await deps.settle.failed(row, failure, row.durationMs, subject);
}

async function finishDelete(deps: Deps, row: SnapshotRecord): Promise<void> {
  await deps.archives.remove(row.id);
  await deps.store.remove(row.id);
  // The row remembers the act that took it; the one that began to delete it is in the log.
  const began = (await deps.audit.openActs()).filter(
    (act) => act.action === "snapshot.delete" && act.target.id === row.id,
  );
  for (const act of began) await deps.audit.write(act, "ok", "finished after a restart");
}

async function markMissing(deps: Deps): Promise<number> {
  const present = new Set(await deps.archives.list());
  let missing = 0;
  for (const { id, state } of await deps.store.keptIds()) {
    if (present.has(id)) continue;
    missing += 1;
    if (state === "corrupt") continue;
    const failureText = "The archive is no longer in the store.";
    await deps.store.update(id, { state: "corrupt", failureCode: "storage_failed", failureText });
    deps.log.error({ snapshotId: id }, "an archive is missing from the store");
  }
  return missing;
}

const actionOf = (row: SnapshotRecord) => (row.state === "uploading" ? "snapshot.upload" : "snapshot.take");

function subjectOf(row: SnapshotRecord, action: string): AuditSubject {
  return {
    action,
    caller: { kind: "system", name: "restart" },
    request: { requestId: newRequestId(), address: "local", userAgent: null, door: "system" },
    target: { id: row.id, label: `${row.datacenter ?? "archive"}, ${row.id}` },
    reason: null,
    correlationId: row.correlationId,
  };
}
