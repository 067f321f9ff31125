import type { z } from "zod";
import type { Reach } from "#core/access/contract.ts";
import type { AuditSubject } from "#core/audit/index.ts";
import type { Tx } from "#core/db/index.ts";
import { AppError, conflict, noSuch } from "#core/kernel/errors.ts";
import type { By, Started } from "#core/kernel/long-act.ts";
import type { Caller } from "#core/kernel/operation.ts";
import { readTimeCursor, toTimePage } from "#core/kernel/time-pages.ts";
import {
  approvalValidMs,
  type RestoreDetail,
  type RestorePage,
  type restoreListInput,
  type returnInput,
  type startRestoreInput,
} from "./contract.ts";
import { isElsewhere } from "./elsewhere.ts";
import { takeUpLeftOver } from "./left-over.ts";
import { createNewRows, type NewRowDeps, secretsFrom } from "./new-row.ts";
import { noCheck, noReturn, toDetail, toRow } from "./rows.ts";
import type { RunDeps } from "./run/deps.ts";
import { createRunner } from "./run/run.ts";
import { createRunning } from "./run/running.ts";
import { createSecondPerson } from "./second-person.ts";
import type { RestoreRecord } from "./store.ts";
import { assertMayGoWithout, mayGoWithout } from "./without-safety.ts";

export type RestoreServiceDeps = RunDeps & Pick<NewRowDeps, "runner" | "recoveriesIn">;
export type RestoreService = ReturnType<typeof createRestoreService>;

const logLines = 200;
const expireEveryMs = 30_000;
/** Where the outcome is open, the way back is kept this long, whoever would like to tidy up. */
const unknownHoldsMs = 24 * 3_600_000;

/** Restores: one at a time per datacenter, the row written before the byte, a comparison before any claim. */
export function createRestoreService(deps: RestoreServiceDeps) {
  const { store, snapshots, clusters, preflights, clock, log } = deps;
  const runner = createRunner(deps);
  const running = createRunning({ store, runner, snapshots, log });
  const newRows = createNewRows(deps);
  const secondPerson = createSecondPerson({ ...deps, running, newRows });
  let timer: NodeJS.Timeout | null = null;

  clusters.holdWhile(async (clusterId) =>
    (await store.busyInCluster(clusterId)) > 0
      ? "A restore is running in this cluster. Change it when that has ended."
      : null,
  );
  snapshots.holdWhile(async (snapshotId) => {
    const [user] = await store.usersOf(snapshotId, new Date(clock.nowMs() - unknownHoldsMs));
    if (user === undefined) return null;
    const what = user.snapshotId === snapshotId ? "what is restored" : "the way back";
    return `It is ${what} of the restore ${user.id}, which is not over yet.`;
  });

  async function row(id: string): Promise<RestoreRecord> {
    const found = await store.find(id);
    if (found === null) throw noSuch("restore");
    return found;
  }

  /** Whether another restore has sent bytes to the place since this one did. */
  const isOverrun = async (found: RestoreRecord, tx?: Tx) =>
    found.sendNumber !== null && (await store.sentSince(found, found.sendNumber, { ...(tx && { tx }) })) > 0;
  const safetyOf = async ({ safetySnapshotId }: RestoreRecord) =>
    safetySnapshotId === null ? null : snapshots.get(safetySnapshotId).catch(() => null);
  const needsApproval = async (clusterId: string) =>
    (await clusters.get(clusterId)).restoreApproval === "second-person";

  /** @param isRequest whether it waits for a second person. */
  async function prepare(
    input: z.output<typeof startRestoreInput>,
    by: By,
    isRequest: boolean,
    tx: Tx,
  ): Promise<Started> {
    running.assertNotStopping();
    const isNeeded = await needsApproval(input.clusterId);
    if (isNeeded && !isRequest)
      throw conflict("A restore into this cluster needs a second person. Ask for approval instead.");
    if (!isNeeded && isRequest)
      throw conflict("A restore into this cluster needs no second person. Start it.");
    const { liveIndex, accepted } = await newRows.bound(input);
    await newRows.assertAlone(input.clusterId, input.datacenter, tx);
    const secrets = secretsFrom(input);
    const hasTypedToken = secrets.token !== undefined || secrets.tokenAfter !== undefined;
    const approvalExpiresAt = isRequest ? new Date(clock.nowMs() + approvalValidMs) : null;
    const wanted = { ...input, liveIndex, accepted, returnOf: null, approvalExpiresAt, hasTypedToken };
    const created = await newRows.create(wanted, by, tx);
    if (isRequest) running.secrets.set(created.id, secrets);
    return { id: created.id, start: running.startOf(created, secrets) };
  }

  /** Whether the way back may be taken without another yes: while it is watched, and as long where the outcome is open. */
  async function isReturnFree(found: RestoreRecord, clusterId: string): Promise<boolean> {
    const isWatched = found.phase === "watching" && (found.watchUntil?.getTime() ?? 0) > clock.nowMs();
    const sinceEndMs = Math.abs(clock.nowMs() - (found.finishedAt?.getTime() ?? 0));
    const isOpen = found.state === "unknown" && sinceEndMs <= deps.watchMs;
    return isWatched || isOpen || !(await needsApproval(clusterId));
  }

  return {
    row,

    async page(input: z.output<typeof restoreListInput>, reach: Reach = null): Promise<RestorePage> {
      const found = await store.page(readTimeCursor(input.cursor), input.limit, reach);
      const { rows, nextCursor } = toTimePage(found, input.limit, ({ startedAt }) => startedAt);
      return { rows: rows.map((each) => toRow(each, running.get(each.id))), nextCursor };
    },

    async get(id: string, viewer: Caller): Promise<RestoreDetail> {
      const found = await row(id);
      const parts = {
        steps: await store.steps(id),
        log: await store.log(id, logLines),
        samples: await store.samples(id),
        safety: await safetyOf(found),
        returns: await store.returnsOf(id),
        isOverrun: await isOverrun(found),
        isElsewhere: await isElsewhere(clusters, found),
        withoutSafety: await mayGoWithout(deps, found, []),
        nowMs: clock.nowMs(),
      };
      return toDetail(found, running.get(id), parts, viewer);
    },

    /** What takes too long for a transaction. @throws AppError `invalid_input`. */
    assertTokenAfter: newRows.assertTokenAfter,
    /** Writes the row; `start` begins once it and the audit intent are committed. */
    prepare: (input: z.output<typeof startRestoreInput>, by: By, tx: Tx) => prepare(input, by, false, tx),
    request: (input: z.output<typeof startRestoreInput>, by: By, tx: Tx) => prepare(input, by, true, tx),

    /** The second person's yes. */
    async approve(id: string, approver: Caller, tx: Tx): Promise<Started> {
      running.assertNotStopping();
      return secondPerson.approve(await row(id), approver, tx);
    },
    decline: secondPerson.decline,

    /**
     * The way back, as one act: the safety snapshot of that restore, into the same datacenter. The second person who
     * agreed to the restore agreed to its way back, as long as it is watched.
     */
    async prepareReturn(input: z.output<typeof returnInput>, by: By, tx: Tx): Promise<Started> {
      running.assertNotStopping();
      const found = await row(input.id);
      const { safetySnapshotId, clusterId, datacenter } = found;
      if (input.confirmDatacenter !== datacenter) {
        const userMessage = "This is not the datacenter's name";
        throw new AppError({ code: "invalid_input", field: "confirmDatacenter", userMessage });
      }
      const parts = {
        isOverrun: await isOverrun(found, tx),
        isElsewhere: await isElsewhere(clusters, found),
        nowMs: clock.nowMs(),
      };
      const whyNot = noReturn(found, await safetyOf(found), parts);
      if (whyNot !== null || safetySnapshotId === null || clusterId === null)
        throw conflict(whyNot ?? "There is no way back.");
      if (!(await isReturnFree(found, clusterId)))
        throw conflict(
          "The watch is over, and a restore into this cluster needs a second person. Ask for a restore of the safety snapshot.",
        );
      await newRows.assertAlone(clusterId, datacenter, tx);
      const { reason, withoutSafetyReason } = input;
      assertMayGoWithout(withoutSafetyReason, await mayGoWithout(deps, found, []));
      const created = await newRows.create(
        {
          snapshotId: safetySnapshotId,
          clusterId,
          datacenter,
          reason,
          withoutSafetyReason,
          preflightId: null,
          accepted: [],
          liveIndex: null,
          returnOf: found.id,
          approvalExpiresAt: null,
          hasTypedToken: false,
        },
        by,
        tx,
      );
      return { id: created.id, start: running.startOf(created, secretsFrom(input)) };
    },

    /** Compares once more, where the outcome is not known. */
    async prepareCheck(id: string, token: string | undefined, tx: Tx): Promise<Started> {
      running.assertNotStopping();
      const found = await row(id);
      const whyNot = noCheck(found, {
        isOverrun: await isOverrun(found, tx),
        isElsewhere: await isElsewhere(clusters, found),
        nowMs: clock.nowMs(),
      });
      if (whyNot !== null) throw conflict(whyNot);
      await newRows.assertAlone(found.clusterId ?? "", found.datacenter, tx);
      const data = { state: "interrupted", phase: "comparing", runner: deps.runner };
      if (!(await store.updateIf(id, found.state, data, tx))) throw conflict("It is being compared already.");
      const secrets = secretsFrom({ tokenAfter: token });
      const left = { ...found, ...data };
      const start = (subject: AuditSubject) =>
        running.begin(left, true, (live) => runner.conclude(left, live, secrets, subject));
      return { id, start };
    },

    /** @throws AppError `conflict` once the first byte has gone to Consul. */
    async cancel(id: string, byName: string): Promise<void> {
      if ((await row(id)).state === "waiting") return secondPerson.cancel(id, byName);
      const live = running.get(id);
      if (live === null) throw conflict("This restore has ended.");
      if (live.firstByteSent)
        throw conflict("The first byte has been sent to Consul. A restore can't be called back.");
      live.controller.abort(new AppError({ code: "cancelled", userMessage: `Cancelled by ${byName}.` }));
      if (live.safetyId !== null) await snapshots.cancel(live.safetyId, byName).catch(() => undefined);
      await live.done;
    },

    /** Ends the watch before its time: somebody looked, and all is well. */
    async finishWatch(id: string): Promise<void> {
      const live = running.get(id);
      if ((await row(id)).phase !== "watching" || live === null)
        throw conflict("This restore is not being watched.");
      live.watching.abort();
      await live.done;
    },

    /** Runs once at start. */
    async recover(): Promise<{ settled: number; openActs: Set<string> }> {
      const left = await takeUpLeftOver({ ...deps, running, runner, runnerName: deps.runner });
      return { ...left, settled: left.settled + (await preflights.recover()) };
    },

    start(): void {
      const look = () =>
        void secondPerson
          .expire()
          .catch((error: unknown) => log.warn({ err: error }, "requests were not looked at"));
      timer ??= setInterval(look, expireEveryMs);
      timer.unref();
      look();
    },

    async stop(graceMs: number): Promise<void> {
      if (timer !== null) clearInterval(timer);
      // Asked first: what has not sent a byte must not begin to while others end.
      await Promise.all([running.stop(graceMs), preflights.stop()]);
    },
  };
}
