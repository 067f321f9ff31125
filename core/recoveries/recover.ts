import type { AuditSubject } from "#core/audit/index.ts";
import { toAppError } from "#core/kernel/errors.ts";
import { newRequestId } from "#core/kernel/ids.ts";
import type { Logger } from "#core/kernel/logger.ts";
import type { RecoveryFiles } from "./files.ts";
import type { Keeper } from "./keeper.ts";
import { toApplyOutcome, toUndoOutcome } from "./outcome.ts";
import type { Reading } from "./read-keys.ts";
import { parseFacts } from "./rows.ts";
import { settleOpen } from "./settle-open.ts";
import type { SettleRow } from "./settle-row.ts";
import type { RecoveryRecord, RecoveryStore } from "./store.ts";

/** A console has to come up also where Consul doesn't answer. */
const askForMs = 5_000;

type Deps = {
  store: RecoveryStore;
  files: RecoveryFiles;
  keeper: Keeper;
  settleRow: SettleRow;
  readingFor: (row: RecoveryRecord, token: string | undefined, signal: AbortSignal) => Promise<Reading>;
  log: Logger;
};

/**
 * Tells what became of recoveries that an earlier process left. What it knows stands in the results; what had been sent
 * without an answer is asked with the stored token, since a typed one is not kept.
 */
export async function recoverRecoveries(deps: Deps): Promise<number> {
  const left = await deps.store.inStates(underWay);
  for (const row of left)
    await recoverOne(deps, row, { subject: subjectOf(row), token: undefined, stopped: true });
  return left.length;
}

/**
 * The same for one that broke off in this process, which still has the token that was typed. Nothing happens where its row
 * says already how it ended.
 */
export async function takeUpRecovery(deps: Deps, id: string, how: Omit<How, "stopped">): Promise<void> {
  const row = await deps.store.find(id);
  if (row !== null && underWay.some((state) => state === row.state))
    await recoverOne(deps, row, { ...how, stopped: false });
}

const underWay = ["planning", "applying", "undoing"] as const;
type How = { subject: AuditSubject; token: string | undefined; stopped: boolean };

async function recoverOne(deps: Deps, row: RecoveryRecord, { subject, token, stopped }: How): Promise<void> {
  const { files, settleRow } = deps;
  const facts = parseFacts(row);
  if (row.state === "planning") {
    await files.remove(row.id);
    const why = stopped ? "Snapkeep was stopped" : brokeOffText;
    const text = `${why} before the plan was made. Nothing was written.`;
    return settleRow(row.id, { state: "failed", text, audit: "failed" }, facts, subject);
  }
  await askWhatBecame(deps, row, token);
  const counts = await deps.keeper.count(row.id, facts.counts);
  const how = { stoppedBy: stopped ? null : `${brokeOffText} in the middle.`, stopped };
  const outcome = row.state === "undoing" ? toUndoOutcome(counts, how) : toApplyOutcome(counts, how);
  await settleRow(row.id, outcome, { ...facts, counts }, subject);
}

const brokeOffText = "Snapkeep met a fault of its own";

/** What can't be asked or written down stays open, and counts as unknown. */
export async function askWhatBecame(
  { files, readingFor, log }: Pick<Deps, "files" | "readingFor" | "log">,
  row: RecoveryRecord,
  token: string | undefined,
): Promise<void> {
  try {
    const reading = await readingFor(row, token, AbortSignal.timeout(askForMs));
    await settleOpen({ files, id: row.id, reading });
  } catch (error) {
    log.error({ err: toAppError(error), recoveryId: row.id }, "what became of a recovery can't be told");
  }
}

const actions: Record<string, string> = {
  planning: "recovery.plan",
  applying: "recovery.apply",
  undoing: "recovery.undo",
};

function subjectOf(row: RecoveryRecord): AuditSubject {
  const { id, snapshotId, clusterId, clusterName, datacenter } = row;
  const label = `part of ${snapshotId} into ${datacenter} in ${clusterName}`;
  return {
    action: actions[row.state] ?? "recovery.apply",
    caller: { kind: "system", name: "restart" },
    request: { requestId: newRequestId(), address: "local", userAgent: null, door: "system" },
    target: { id, label, snapshotId, places: [{ clusterId, datacenter }] },
    reason: row.reason === "" ? null : row.reason,
    correlationId: row.correlationId,
  };
}
