import type { AuditOutcome } from "#core/audit/contract.ts";

/**
 * The acts that the log knows, for the filter. The log itself takes any name, and a name that stands in the
 * loaded rows is added, so a list that lags behind hides nothing.
 */
export const knownActions = [
  "cluster.add",
  "cluster.edit",
  "cluster.remove",
  "cluster.test",
  "restore.cancel",
  "restore.run",
  "session.sign_in",
  "session.sign_out",
  "setup.first_admin",
  "snapshot.cancel",
  "snapshot.delete",
  "snapshot.download",
  "snapshot.pin",
  "snapshot.take",
  "snapshot.upload",
] as const;

export const outcomeOptions: readonly AuditOutcome[] = ["ok", "denied", "failed", "unknown", "intent"];

export function isOutcome(value: string | null): value is AuditOutcome {
  return outcomeOptions.some((outcome) => outcome === value);
}
