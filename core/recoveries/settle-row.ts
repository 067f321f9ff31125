import type { AuditService, AuditSubject } from "#core/audit/index.ts";
import type { Database } from "#core/db/index.ts";
import type { Logger } from "#core/kernel/logger.ts";
import { surely } from "#core/kernel/surely.ts";
import type { Outcome } from "./outcome.ts";
import { type Facts, toFactsJson } from "./rows.ts";
import type { RecoveryStore } from "./store.ts";

/** The same, again and again while it fails: a row that says applying keeps restores and others out. */
export function createSettleSurely(settleRow: SettleRow, log: Logger, stopped: AbortSignal): SettleRow {
  return (id, ...rest) => {
    const onFailure = (error: unknown) =>
      log.error({ err: error, recoveryId: id }, "how a recovery ended could not be written; trying again");
    return surely(() => settleRow(id, ...rest), { stopped, onFailure });
  };
}

export type SettleRow = ReturnType<typeof createSettleRow>;

/** Writes how an act ended, and its outcome in the audit log, in one transaction. */
export function createSettleRow({
  db,
  store,
  audit,
}: {
  db: Database;
  store: RecoveryStore;
  audit: AuditService;
}) {
  return (id: string, outcome: Outcome, facts: Facts, subject: AuditSubject): Promise<void> =>
    db.transaction(async (tx) => {
      const data = {
        state: outcome.state,
        outcomeText: outcome.text,
        countsJson: toFactsJson(facts),
        runner: null,
        heartbeatAt: null,
      };
      await store.update(id, data, tx);
      await audit.write(subject, outcome.audit, outcome.text, tx);
    });
}
