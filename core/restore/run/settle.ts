import type { AuditSubject } from "#core/audit/index.ts";
import type { Outcome } from "#core/consul/index.ts";
import type { Logger } from "#core/kernel/logger.ts";
import { surely } from "#core/kernel/surely.ts";
import type { RestoreRecord } from "../store.ts";
import type { Live, RunDeps } from "./deps.ts";
import { auditOutcome, isProvenBefore } from "./outcome-words.ts";

/**
 * Writes how it ended, again and again while that fails.
 * @throws only when Snapkeep stops; the next start takes the row up.
 */
export const settleSurely = (...args: Parameters<typeof settle>): Promise<void> =>
  writeSurely(args[0].log, args[1].id, args[3], () => settle(...args));

/**
 * A write of the row that a restore can't go on without. The process still knows what the row doesn't, so it goes on
 * trying instead of leaving that to be guessed.
 */
export function writeSurely<T>(
  log: Logger,
  restoreId: string,
  { stopped }: Pick<Live, "stopped">,
  work: () => Promise<T>,
): Promise<T> {
  const onFailure = (error: unknown) =>
    log.error({ err: error, restoreId }, "the row of a restore could not be written; trying again");
  return surely(work, { stopped: stopped.signal, onFailure });
}

/** Writes how it ended, with its audit row, in one transaction. What succeeded is watched from here on. */
async function settle(
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
  const nowMs = clock.nowMs();
  // One that is only compared again ended when it ended first: it is not watched anew, nor younger.
  const finishedAt = row.finishedAt ?? new Date(nowMs);
  const watchUntil = new Date(finishedAt.getTime() + watchMs);
  const isWatched = outcome.state === "succeeded" && watchUntil.getTime() > nowMs;
  const before = live.phase;
  const phase = isWatched ? "watching" : "done";
  // Before the row says so, since whoever reads that asks at once what this process does; back where that failed.
  live.phase = phase;
  const written = db.transaction(async (tx) => {
    await store.update(
      row.id,
      {
        state: outcome.state,
        phase,
        // The log has what a later look found; the row keeps what was proven.
        ...(isProvenBefore(row) && outcome.state === "failed" ? {} : { outcomeText: outcome.text }),
        ...(outcome.consulStatus === null ? {} : { consulStatus: outcome.consulStatus }),
        ...(live.bytesSent === 0 ? {} : { bytesSent: BigInt(live.bytesSent) }),
        finishedAt,
        watchUntil: isWatched ? watchUntil : null,
        ...(isWatched ? {} : { runner: null }),
      },
      tx,
    );
    await audit.write(subject, auditOutcome[outcome.state], outcome.text, tx);
  });
  await written.catch((error: unknown) => {
    live.phase = before;
    throw error;
  });
  live.settled = true;
  log.info({ restoreId: row.id, state: outcome.state, status: outcome.consulStatus }, "restore ended");
}
