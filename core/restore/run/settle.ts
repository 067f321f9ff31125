import type { AuditSubject } from "#core/audit/index.ts";
import type { Outcome } from "#core/consul/index.ts";
import type { RestoreRecord } from "../store.ts";
import type { Live, RunDeps } from "./deps.ts";
import { pause } from "./examine.ts";
import { auditOutcome } from "./outcome-words.ts";

const triesAfterMs = [0, 1_000, 5_000, 15_000, 60_000];

/**
 * Writes how it ended, again and again while that fails: a full disk or a busy database must not leave a row that says
 * running for ever, and keeps others from the datacenter.
 * @throws what the last try threw; the next start takes the row up.
 */
export async function settleSurely(...args: Parameters<typeof settle>): Promise<void> {
  const [{ log }, row, , live] = args;
  for (const [at, waitMs] of triesAfterMs.entries()) {
    try {
      await pause(waitMs, live.controller.signal).catch(() => undefined);
      return await settle(...args);
    } catch (error) {
      if (at === triesAfterMs.length - 1) throw error;
      log.error({ err: error, restoreId: row.id }, "how a restore ended could not be written; trying again");
    }
  }
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
