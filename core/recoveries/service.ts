import type { z } from "zod";
import type { Reach } from "#core/access/contract.ts";
import type { AuditService, AuditSubject } from "#core/audit/index.ts";
import type { ClusterService } from "#core/clusters/index.ts";
import type { Database, Tx } from "#core/db/index.ts";
import type { Clock } from "#core/kernel/clock.ts";
import { AppError, noSuch, toAppError } from "#core/kernel/errors.ts";
import { newRecoveryId } from "#core/kernel/ids.ts";
import type { Logger } from "#core/kernel/logger.ts";
import type { By, Started } from "#core/kernel/long-act.ts";
import { surely } from "#core/kernel/surely.ts";
import { readTimeCursor, toTimePage } from "#core/kernel/time-pages.ts";
import type { SnapshotService } from "#core/snapshots/index.ts";
import { applyPlan } from "./apply.ts";
import type {
  applyInput,
  planInput,
  Recovery,
  RecoveryItemsPage,
  RecoveryPage,
  RecoveryState,
  recoveryItemsInput,
  recoveryListInput,
  undoInput,
} from "./contract.ts";
import { createRecoveryFiles } from "./files.ts";
import { createGuard, type RestoresThere } from "./guard.ts";
import { readItems } from "./items.ts";
import { createKeeper } from "./keeper.ts";
import { type How, sentence, toApplyOutcome, toUndoOutcome } from "./outcome.ts";
import { makePlan } from "./plan.ts";
import type { Reading } from "./read-keys.ts";
import { askWhatBecame, recoverRecoveries, takeUpRecovery } from "./recover.ts";
import type { Journal } from "./results.ts";
import { type Facts, type LiveState, parseFacts, toFactsJson, toRecovery, undoableStates } from "./rows.ts";
import { countResults, noCounts } from "./run.ts";
import { createSettleRow, createSettleSurely } from "./settle-row.ts";
import type { RecoveryRecord, RecoveryStore } from "./store.ts";
import { undoPlan } from "./undo.ts";

export type RecoveryServiceDeps = {
  db: Database;
  store: RecoveryStore;
  snapshots: SnapshotService;
  clusters: ClusterService;
  audit: AuditService;
  clock: Clock;
  log: Logger;
  runner: string;
  /** Where plans are kept. */
  folder: string;
  restores: RestoresThere;
};
export type RecoveryService = ReturnType<typeof createRecoveryService>;
/** Whose act it is, and the token that was typed for it. In memory only. */
type Act = { subject: AuditSubject; token: string | undefined };
type Live = LiveState & { done: Promise<void> };

/** Recovers parts of snapshots: plans, applies, takes back. One at a time writes to a datacenter. */
export function createRecoveryService(deps: RecoveryServiceDeps) {
  const { store, snapshots, clusters, clock, log } = deps;
  const files = createRecoveryFiles(deps.folder);
  const keeper = createKeeper({ store, files, clock, log });
  const guard = createGuard(deps);
  const running = new Map<string, Live>();
  const stopped = new AbortController();
  const settleOnce = createSettleRow(deps);
  const settleRow = createSettleSurely(settleOnce, log, stopped.signal);
  const isStopping = () => stopped.signal.aborted;

  async function row(id: string, tx?: Tx): Promise<RecoveryRecord> {
    const found = await store.find(id, tx);
    if (found === null) throw noSuch("recovery");
    return found;
  }

  const view = (found: RecoveryRecord): Recovery =>
    toRecovery(found, running.get(found.id) ?? null, clock.nowMs());

  /**
   * However the work ends, the row and the audit log say so: what breaks off is told by what stands in its results, again
   * and again until that is written. Only a stop leaves it to the next start.
   */
  function begin(id: string, act: Act, work: (live: Live) => Promise<void>): void {
    const live: Live = { progress: null, counts: null, done: Promise.resolve() };
    const onFailure = (error: unknown) =>
      log.error({ err: error, recoveryId: id }, "a recovery broke off; taking it up again");
    const told = { store, files, keeper, settleRow, readingFor, log };
    running.set(id, live);
    live.done = work(live)
      .catch(async (error: unknown) => {
        if (isStopping()) throw error;
        onFailure(error);
        await surely(() => takeUpRecovery(told, id, act), { stopped: stopped.signal, onFailure });
      })
      .catch((error: unknown) =>
        log.error({ err: error, recoveryId: id }, "a recovery could not be settled; the next start will"),
      )
      .finally(() => running.delete(id));
  }

  async function readingFor(
    found: Pick<RecoveryRecord, "clusterId" | "datacenter">,
    token: string | undefined,
    signal: AbortSignal,
  ): Promise<Reading> {
    const client = await clusters.client(found.clusterId ?? "");
    return { client, datacenter: found.datacenter, token, signal };
  }

  async function plan(
    created: RecoveryRecord,
    input: z.output<typeof planInput>,
    subject: AuditSubject,
  ): Promise<void> {
    const facts = parseFacts(created);
    try {
      const reading = await readingFor(created, input.token, stopped.signal);
      const archive = await snapshots.inside(created.snapshotId);
      const planned = await makePlan({ files, id: created.id, archive, reading }, input.selections);
      const { notes, create, update, unchanged } = planned;
      const counts = { ...noCounts, create, update, unchanged };
      const text = `${create} to create, ${update} to update, ${unchanged} unchanged`;
      await settleRow(
        created.id,
        { state: "planned", text, audit: "ok" },
        { ...facts, counts, notes },
        subject,
      );
    } catch (error) {
      const { code, message, userMessage } = toAppError(error);
      const text = `${sentence(code === "internal" ? message : userMessage)} Nothing was written.`;
      if (code === "internal") log.error({ err: error, recoveryId: created.id }, "a plan failed");
      await files.remove(created.id);
      await settleRow(created.id, { state: "failed", text, audit: "failed" }, facts, subject);
    }
  }

  async function write(
    found: RecoveryRecord,
    token: string | undefined,
    subject: AuditSubject,
    live: Live,
    isUndo: boolean,
  ): Promise<void> {
    const facts = parseFacts(found);
    const total = isUndo ? facts.counts.applied : facts.counts.create + facts.counts.update;
    let how: How = { stoppedBy: null, stopped: false };
    live.counts = facts.counts;
    live.progress = 0;
    const count = async ({ results }: Journal) => {
      live.counts = countResults(facts.counts, results.of.values());
    };
    try {
      // What has been sent is heard out, so no signal ends it.
      const reading = await readingFor(found, token, new AbortController().signal);
      const onProgress = (done: number) => {
        live.progress = total === 0 ? null : Math.min(1, done / total);
      };
      const run = { files, id: found.id, reading, isStopping, onProgress };
      const ended = isUndo ? await undoPlan(run, count) : await applyPlan(run, count);
      how = { ...ended, stopped: isStopping() };
    } catch (error) {
      const { code, message, userMessage } = toAppError(error);
      log.error({ err: error, recoveryId: found.id }, "a recovery ended early");
      how = { stoppedBy: code === "internal" ? message : userMessage, stopped: false };
      await askWhatBecame({ files, readingFor, log }, found, token);
    }
    const counts = await keeper.count(found.id, facts.counts);
    const outcome = isUndo ? toUndoOutcome(counts, how) : toApplyOutcome(counts, how);
    log.info({ recoveryId: found.id, state: outcome.state, counts }, "recovery ended");
    await settleRow(found.id, outcome, { ...facts, counts }, subject);
  }

  /** Moves the row on, if it stands in one of the states and nothing else writes there. */
  async function claim(
    id: string,
    from: readonly RecoveryState[],
    to: Partial<RecoveryRecord> & { state: RecoveryState },
    tx: Tx,
  ): Promise<RecoveryRecord> {
    if (isStopping()) throw stoppingNow();
    const found = await row(id, tx);
    if ((await store.writingIn(found.clusterId, found.datacenter, tx)) > 0) {
      const userMessage = `Another recovery is writing to ${found.datacenter}. Wait until it has ended.`;
      throw new AppError({ code: "conflict", userMessage });
    }
    const { canApply, canUndo } = view(found);
    const isUndo = to.state === "undoing";
    const may = isUndo ? canUndo : canApply;
    if (may) await (isUndo ? guard.mayUndo(found, tx) : guard.mayApply(found, tx));
    const data = { ...to, runner: deps.runner, heartbeatAt: new Date(clock.nowMs()) };
    if (!may || !(await store.updateIf(id, from, data, tx))) throw notNow(to.state, view(found));
    return found;
  }

  return {
    async page(input: z.output<typeof recoveryListInput>, reach: Reach = null): Promise<RecoveryPage> {
      const { snapshotId, limit } = input;
      const found = await store.page({ snapshotId, before: readTimeCursor(input.cursor), limit }, reach);
      const { rows, nextCursor } = toTimePage(found, limit, ({ plannedAt }) => plannedAt);
      return { rows: rows.map(view), nextCursor };
    },

    get: async (id: string): Promise<Recovery> => view(await row(id)),
    items: (input: z.output<typeof recoveryItemsInput>): Promise<RecoveryItemsPage> =>
      readItems(files, input),

    /** Writes the row; `start` begins once it and the audit intent are committed. */
    async preparePlan(input: z.output<typeof planInput>, by: By, tx: Tx): Promise<Started> {
      if (isStopping()) throw stoppingNow();
      const cluster = await clusters.get(input.clusterId);
      guard.mayPlan(cluster, input.selections);
      const archive = await snapshots.openArchive(input.snapshotId);
      const facts: Facts = {
        counts: noCounts,
        notes: [],
        snapshotTakenAt: archive.takenAt.toISOString(),
        snapshotDatacenter: archive.datacenter,
      };
      const now = new Date(clock.nowMs());
      const created = await store.create(
        {
          id: newRecoveryId(),
          state: "planning",
          snapshotId: input.snapshotId,
          clusterId: cluster.id,
          clusterName: cluster.name,
          datacenter: input.datacenter,
          selectionJson: JSON.stringify(input.selections),
          byUserId: by.userId,
          byName: by.name,
          plannedAt: now,
          clusterUpdatedAt: new Date(cluster.updatedAt),
          addressesJson: JSON.stringify(cluster.addresses),
          sendsBefore: await deps.restores.sendsSoFar(tx),
          countsJson: toFactsJson(facts),
          correlationId: by.correlationId,
          heartbeatAt: now,
          runner: deps.runner,
        },
        tx,
      );
      return {
        id: created.id,
        start: (subject) =>
          begin(created.id, { subject, token: input.token }, () => plan(created, input, subject)),
      };
    },

    /** @throws AppError `conflict` when it isn't planned, or another recovery writes there. */
    async prepareApply(input: z.output<typeof applyInput>, by: By, tx: Tx): Promise<Started> {
      const { id, reason, token } = input;
      const { correlationId, userId: byUserId, name: byName } = by;
      const appliedAt = new Date(clock.nowMs());
      const sendsBefore = await deps.restores.sendsSoFar(tx);
      const to = { state: "applying" as const, reason, correlationId, byUserId, byName, appliedAt };
      const found = await claim(id, ["planned"], to, tx);
      await store.update(id, { sendsBefore }, tx);
      const start = (subject: AuditSubject) =>
        begin(id, { subject, token }, (live) => write(found, token, subject, live, false));
      return { id, start };
    },

    /** @throws AppError `conflict` when there is nothing to take back, or another recovery writes there. */
    async prepareUndo(input: z.output<typeof undoInput>, by: By, tx: Tx): Promise<Started> {
      const { id, token } = input;
      const undoneAt = new Date(clock.nowMs());
      const to = { state: "undoing" as const, correlationId: by.correlationId, undoneAt };
      const found = await claim(id, undoableStates, to, tx);
      const start = (subject: AuditSubject) =>
        begin(id, { subject, token }, (live) => write(found, token, subject, live, true));
      return { id, start };
    },

    /** Runs once at start: tells what became of what an earlier process left. @returns how many there were. */
    recover: () => recoverRecoveries({ store, files, keeper, settleRow: settleOnce, readingFor, log }),
    start: () => keeper.start(),

    /** Plans end at once; what is being written stops after the transaction that is under way. */
    async stop(): Promise<void> {
      stopped.abort(
        new AppError({ code: "stopping", userMessage: "Snapkeep was stopped.", retryable: true }),
      );
      await Promise.all([...running.values()].map((live) => live.done));
      await keeper.stop();
    },
  };
}

function stoppingNow(): AppError {
  const userMessage = "Snapkeep is stopping. Nothing was started.";
  return new AppError({ code: "stopping", userMessage, retryable: true });
}

function notNow(state: RecoveryState, { withoutUndoText, state: now }: Recovery): AppError {
  const words =
    state === "undoing"
      ? (withoutUndoText ?? "There is nothing to take back.")
      : now === "planned"
        ? "The values of this plan are no longer kept. Make a new plan."
        : "This plan has been used, or isn't ready. Make a new one.";
  return new AppError({ code: "conflict", userMessage: words });
}
