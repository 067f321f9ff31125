import type { AuditSubject } from "#core/audit/index.ts";
import type { Tx } from "#core/db/index.ts";
import { AppError } from "#core/kernel/errors.ts";
import { newRequestId } from "#core/kernel/ids.ts";
import { size } from "../preflight/line.ts";
import type { RestoreRecord } from "../store.ts";
import type { Live, RunDeps, Secrets } from "./deps.ts";

import type { Steps } from "./steps.ts";

type SafetyDeps = Pick<RunDeps, "db" | "store" | "snapshots" | "audit">;
type Act = { row: RestoreRecord; live: Live; secrets: Secrets; subject: AuditSubject; steps: Steps };

/**
 * Takes the safety snapshot: consistent, verified, pinned. Left out only where somebody said why.
 * @throws AppError why there is none; then nothing may be sent.
 */
export async function takeSafety(deps: SafetyDeps, act: Act): Promise<void> {
  const { row, live, steps } = act;
  if (row.withoutSafetyReason !== null)
    return steps.skipped("safety", `No safety snapshot: ${row.withoutSafetyReason}`);
  live.phase = "safety";
  await deps.store.update(row.id, { phase: "safety" });
  await steps.take("safety", `Taking a consistent snapshot of ${row.datacenter}`, async (say) => {
    const id = await startTake(deps, act);
    const taken = await deps.snapshots.ended(id);
    live.safetyId = null;
    live.controller.signal.throwIfAborted();
    if (taken.state !== "verified") {
      const userMessage = `The safety snapshot failed: ${taken.failureText ?? taken.state}`;
      throw new AppError({ code: "conflict", userMessage });
    }
    await deps.store.update(row.id, { liveIndex: taken.raftIndex === null ? null : BigInt(taken.raftIndex) });
    say(`${id}, ${size(taken.archiveBytes ?? 0)} at index ${taken.raftIndex}, verified and pinned`);
  });
}

/** The restore's row knows of the snapshot in the same transaction in which that gets its own. */
async function startTake(deps: SafetyDeps, { row, live, secrets, subject }: Act): Promise<string> {
  const reason = `safety snapshot of ${row.id}`;
  const takeSubject: AuditSubject = { ...subject, action: "snapshot.take", reason };
  const { id, start } = await deps.db.transaction(async (tx) => {
    const prepared = await prepareTake(deps, row, secrets, tx);
    await deps.store.update(row.id, { safetySnapshotId: prepared.id }, tx);
    await deps.audit.write(takeSubject, "intent", null, tx);
    return prepared;
  });
  live.safetyId = id;
  start(takeSubject);
  // A cancel that came before there was anything to cancel.
  if (live.controller.signal.aborted) await deps.snapshots.cancel(id, "the restore").catch(() => undefined);
  return id;
}

function prepareTake({ snapshots }: SafetyDeps, row: RestoreRecord, secrets: Secrets, tx: Tx) {
  const input = {
    clusterId: row.clusterId ?? "",
    datacenter: row.datacenter,
    mode: "consistent" as const,
    maxStaleMs: 0,
    note: `before restore ${row.id}`,
    pin: true,
    token: secrets.token,
  };
  const by = {
    userId: row.byUserId,
    name: row.byName,
    requestId: newRequestId(),
    correlationId: row.correlationId,
    source: "safety" as const,
  };
  return snapshots.prepareTake(input, by, tx);
}
