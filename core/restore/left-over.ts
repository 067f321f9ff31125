import type { AuditService, AuditSubject } from "#core/audit/index.ts";
import type { Database } from "#core/db/index.ts";
import type { Clock } from "#core/kernel/clock.ts";
import { newCorrelationId } from "#core/kernel/ids.ts";
import type { ArchiveStore } from "#core/storage/index.ts";
import { markInterrupted, settleUnsent, stoppedBefore } from "./run/broken-off.ts";
import type { Runner } from "./run/run.ts";
import type { Running } from "./run/running.ts";
import type { RestoreRecord, RestoreStore } from "./store.ts";
import { systemSubject } from "./system-subject.ts";

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

const noSecrets = { token: undefined, tokenAfter: undefined, areLost: true };

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
      await settleUnsent(deps, found, stoppedBefore, restartSubject(found));
      settled += 1;
      continue;
    }
    // One that had ended before was being compared again: that was an act of its own, and this is another.
    const isAgain = found.finishedAt !== null;
    if (!isAgain) openActs.add(found.correlationId);
    const at = new Date(deps.clock.nowMs());
    await store.addEvent({ restoreId: found.id, at, kind: "log", text: stoppedBefore.line });
    const left = await markInterrupted(deps, found, stoppedBefore, deps.runnerName);
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

function restartSubject(row: RestoreRecord, isCheck = false): AuditSubject {
  return isCheck
    ? systemSubject(row, "restore.check", "restart", newCorrelationId())
    : systemSubject(row, "restore.run", "restart");
}
