import type { AuditService } from "#core/audit/index.ts";
import type { Database, Tx } from "#core/db/index.ts";
import { conflict } from "#core/kernel/errors.ts";
import type { Started } from "#core/kernel/long-act.ts";
import type { Caller } from "#core/kernel/operation.ts";
import { approvalValidMs } from "./contract.ts";
import type { createNewRows, NewRowDeps } from "./new-row.ts";
import { whyNotApprove } from "./rows.ts";
import type { Running } from "./run/running.ts";
import type { RestoreRecord, RestoreStore } from "./store.ts";
import { systemSubject } from "./system-subject.ts";

/** How far a clock may be set back before a request is too old to tell. */
const clockSlackMs = 60_000;

type Deps = Pick<NewRowDeps, "snapshots" | "preflights" | "clock" | "runner"> & {
  db: Database;
  audit: AuditService;
  store: RestoreStore;
  running: Running;
  newRows: ReturnType<typeof createNewRows>;
};

/** Requests that wait for somebody else's yes. Bound to exactly what was asked for, and only for a while. */
export function createSecondPerson(deps: Deps) {
  const { db, store, snapshots, preflights, audit, clock, running, newRows } = deps;

  async function assertApprovable(found: RestoreRecord, approver: Caller): Promise<void> {
    const isWaiting = found.state === "waiting";
    const whyNot = isWaiting ? whyNotApprove(found, approver) : "This restore is no longer waiting.";
    if (whyNot !== null) throw conflict(whyNot);
    if (isExpired(found)) throw conflict("The request has expired. It has to be asked for again.");
    if (found.runner !== null && !running.secrets.has(found.id))
      throw conflict(
        "Snapkeep was started again since, and the token that was typed for this restore is gone. It has to be asked for again.",
      );
    if (found.preflightId !== null) await preflights.assertCurrent(await preflights.row(found.preflightId));
    const archive = await snapshots.openArchive(found.snapshotId);
    if (archive.sha256 !== found.archiveSha256)
      throw conflict("The archive is no longer the one that was asked for.");
  }

  /** One that ends further away than any can is of a clock that was set back: then nobody knows how old it is. */
  function isExpired({ approvalExpiresAt }: RestoreRecord): boolean {
    const leftMs = (approvalExpiresAt?.getTime() ?? 0) - clock.nowMs();
    return leftMs <= 0 || leftMs > approvalValidMs + clockSlackMs;
  }

  /** Nobody did it, so the log has it from Snapkeep itself. */
  async function expireOne(found: RestoreRecord): Promise<void> {
    const text = "Nobody agreed in time. Nothing was sent to Consul.";
    await db.transaction(async (tx) => {
      if (await end(found.id, "expired", text, tx))
        await audit.write(systemSubject(found, "restore.request", "expiry"), "failed", text, tx);
    });
  }

  /** Ends a request without anything having been sent. */
  async function end(id: string, state: string, text: string, tx?: Tx): Promise<boolean> {
    const finishedAt = new Date(clock.nowMs());
    const data = { state, phase: "done", outcomeText: text, finishedAt, runner: null };
    if (!(await store.updateIf(id, "waiting", data, tx))) return false;
    running.secrets.delete(id);
    return true;
  }

  return {
    /** What was asked for begins, exactly as it was asked for. */
    async approve(found: RestoreRecord, approver: Caller, tx: Tx): Promise<Started> {
      await assertApprovable(found, approver);
      await newRows.assertAlone(found.clusterId ?? "", found.datacenter, tx);
      const now = new Date(clock.nowMs());
      const data = {
        state: "running",
        phase: "checking",
        approvedByUserId: approver.kind === "person" ? approver.userId : null,
        approvedByName: approver.name,
        approvedAt: now,
        runner: deps.runner,
      };
      if (!(await store.updateIf(found.id, "waiting", data, tx)))
        throw conflict("This restore is no longer waiting.");
      const text = `${approver.name} agreed to what ${found.byName} asked for`;
      await store.addEvent({ restoreId: found.id, at: now, kind: "step", step: "approval", text }, tx);
      const secrets = running.secrets.get(found.id) ?? { token: undefined, tokenAfter: undefined };
      return { id: found.id, start: running.startOf({ ...found, ...data }, secrets) };
    },

    async decline(id: string, approver: Caller, reason: string, tx: Tx): Promise<void> {
      const text = `${approver.name} did not agree: ${reason}. Nothing was sent to Consul.`;
      if (!(await end(id, "declined", text, tx))) throw conflict("This restore is no longer waiting.");
    },

    async cancel(id: string, byName: string): Promise<void> {
      const text = `Cancelled by ${byName}. Nothing was sent to Consul.`;
      if (!(await end(id, "cancelled", text))) throw conflict("This restore is no longer waiting.");
    },

    async expire(): Promise<void> {
      for (const found of await store.waiting()) {
        if (isExpired(found)) await expireOne(found);
      }
    },
  };
}
