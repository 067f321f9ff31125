import type { AuditService, AuditSubject } from "#core/audit/index.ts";
import type { Database } from "#core/db/index.ts";
import type { Outcome } from "./outcome.ts";
import { type Facts, toFactsJson } from "./rows.ts";
import type { RecoveryStore } from "./store.ts";

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
