import type { AuditService, AuditSubject } from "#core/audit/index.ts";
import type { Database } from "#core/db/index.ts";
import type { Clock } from "#core/kernel/clock.ts";
import { newCorrelationId, newRequestId } from "#core/kernel/ids.ts";
import type { ArchiveStore } from "#core/storage/index.ts";
import type { Runner } from "./run/run.ts";
import type { Running } from "./run/running.ts";
import type { RestoreRecord, RestoreStore } from "./store.ts";

export type LeftOverDeps = {
  db: Database;
  store: RestoreStore;
  audit: AuditService;
  clock: Clock;
  checks: ArchiveStore;
  running: Running;
  runner: Runner;
  /** Names this process in the rows that it works on. */
  runnerName: string;
};

const noSecrets = { token: undefined, tokenAfter: undefined };

/**
 * Runs once at start. What a killed process left is failed only if no byte had gone; else what the datacenter holds is
 * looked at, however long that takes.
 * @returns how many were settled at once, and the correlation ids of the acts that go on.
 */
export async function takeUpLeftOver(
  deps: LeftOverDeps,
): Promise<{ settled: number; openActs: Set<string> }> {
  const { store, checks, running, runner } = deps;
  for (const id of await checks.list()) await checks.remove(id);
  await checks.removePartials(new Set());
  const openActs = new Set<string>();
  let settled = 0;
  for (const found of await store.busy()) {
    await store.endOpenSteps(found.id);
    if (found.firstByteSentAt === null) {
      await settleUnsent(deps, found);
      settled += 1;
      continue;
    }
    // One that had ended before was being compared again: that was an act of its own, and this is another.
    const isAgain = found.finishedAt !== null;
    if (!isAgain) openActs.add(found.correlationId);
    const left = await markInterrupted(deps, found);
    const subject = restartSubject(left, isAgain);
    running.begin(left, true, (live) => runner.conclude(left, live, noSecrets, subject));
  }
  for (const found of await store.watching())
    running.begin(found, true, (live) => {
      live.phase = "watching";
      return runner.watchOn(found, live, noSecrets);
    });
  return { settled, openActs };
}

async function markInterrupted(
  { store, clock, runnerName }: LeftOverDeps,
  found: RestoreRecord,
): Promise<RestoreRecord> {
  const now = new Date(clock.nowMs());
  const text = "interrupted: Snapkeep was stopped, and has started again";
  await store.addEvent({ restoreId: found.id, at: now, kind: "log", text });
  return store.update(found.id, {
    state: "interrupted",
    phase: "comparing",
    interruptedAt: found.interruptedAt ?? now,
    outcomeText: found.outcomeText ?? "Snapkeep was stopped after bytes of the archive had been sent.",
    runner: runnerName,
  });
}

async function settleUnsent({ db, store, audit, clock }: LeftOverDeps, found: RestoreRecord): Promise<void> {
  const text = "Snapkeep was stopped before anything was sent to Consul. Nothing was replaced.";
  const finishedAt = new Date(clock.nowMs());
  await db.transaction(async (tx) => {
    const data = { state: "failed", phase: "done", outcomeText: text, finishedAt, runner: null };
    await store.update(found.id, data, tx);
    await audit.write(restartSubject(found), "failed", text, tx);
  });
}

function restartSubject(row: RestoreRecord, isCheck = false): AuditSubject {
  const { id, clusterId, clusterName, datacenter, snapshotId } = row;
  const label = `${datacenter} in ${clusterName} from ${snapshotId}`;
  return {
    action: isCheck ? "restore.check" : "restore.run",
    caller: { kind: "system", name: "restart" },
    request: { requestId: newRequestId(), address: "local", userAgent: null, door: "system" },
    target: { id, label, places: [{ clusterId, datacenter }], snapshotId },
    reason: row.reason,
    correlationId: isCheck ? newCorrelationId() : row.correlationId,
  };
}
