import type { AuditSubject } from "#core/audit/index.ts";
import type { RestoreRecord } from "../store.ts";
import type { RunDeps } from "./deps.ts";

type Deps = Pick<RunDeps, "db" | "store" | "audit" | "clock">;

/** Why a run was not gone on with, in the words of its log, of its row, and of one that had sent nothing. */
export type WhyBroken = { line: string; sent: string; unsent: string };

export const stoppedBefore: WhyBroken = {
  line: "interrupted: Snapkeep was stopped, and has started again",
  sent: "Snapkeep was stopped after bytes of the archive had been sent.",
  unsent: "Snapkeep was stopped before anything was sent to Consul. Nothing was replaced.",
};
export const brokeOff: WhyBroken = {
  line: "interrupted: Snapkeep met a fault of its own, and takes the restore up again",
  sent: "Snapkeep met a fault of its own after bytes of the archive had been sent.",
  unsent: "Snapkeep met a fault of its own before anything was sent to Consul. Nothing was replaced.",
};

/** Bytes had gone: what the datacenter holds is looked at, and until then nobody claims anything. */
export function markInterrupted(
  { store, clock }: Pick<Deps, "store" | "clock">,
  found: RestoreRecord,
  why: WhyBroken,
  runner: string | null,
): Promise<RestoreRecord> {
  return store.update(found.id, {
    state: "interrupted",
    phase: "comparing",
    interruptedAt: found.interruptedAt ?? new Date(clock.nowMs()),
    outcomeText: found.outcomeText ?? why.sent,
    runner,
  });
}

/** No byte had gone, as the row says that is written before the first one. */
export async function settleUnsent(
  { db, store, audit, clock }: Deps,
  found: RestoreRecord,
  why: WhyBroken,
  subject: AuditSubject,
): Promise<void> {
  const finishedAt = new Date(clock.nowMs());
  await db.transaction(async (tx) => {
    const data = { state: "failed", phase: "done", outcomeText: why.unsent, finishedAt, runner: null };
    await store.update(found.id, data, tx);
    await audit.write(subject, "failed", why.unsent, tx);
  });
}
