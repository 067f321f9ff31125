import type { AuditSubject } from "#core/audit/index.ts";
import type { Outcome } from "#core/consul/index.ts";
import type { RestoreRecord } from "../store.ts";
import type { Live, RunDeps } from "./deps.ts";
import { auditOutcome } from "./outcome-words.ts";

/** Writes how it ended, with its audit row, in one transaction. What succeeded is watched from here on. */
export async function settle(
  {
    db,
    store,
    audit,
    clock,
    log,
    watchMs,
  }: Pick<RunDeps, "db" | "store" | "audit" | "clock" | "log" | "watchMs">,
  row: RestoreRecord,
  outcome: Outcome,
  live: Live,
  subject: AuditSubject,
): Promise<void> {
  const isWatched = outcome.state === "succeeded";
  const nowMs = clock.nowMs();
  live.phase = isWatched ? "watching" : "done";
  await db.transaction(async (tx) => {
    await store.update(
      row.id,
      {
        state: outcome.state,
        phase: live.phase,
        outcomeText: outcome.text,
        ...(outcome.consulStatus === null ? {} : { consulStatus: outcome.consulStatus }),
        ...(live.bytesSent === 0 ? {} : { bytesSent: BigInt(live.bytesSent) }),
        finishedAt: new Date(nowMs),
        watchUntil: isWatched ? new Date(nowMs + watchMs) : null,
        ...(isWatched ? {} : { runner: null }),
      },
      tx,
    );
    await audit.write(subject, auditOutcome[outcome.state], outcome.text, tx);
  });
  log.info({ restoreId: row.id, state: outcome.state, status: outcome.consulStatus }, "restore ended");
}
