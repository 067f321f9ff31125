import type { AuditService, AuditSubject } from "#core/audit/index.ts";
import type { ClusterService } from "#core/clusters/index.ts";
import { assertUnchanged, type Outcome, sendArchive } from "#core/consul/index.ts";
import type { ContentsService } from "#core/contents/index.ts";
import type { Database } from "#core/db/index.ts";
import type { Clock } from "#core/kernel/clock.ts";
import { AppError } from "#core/kernel/errors.ts";
import { newRequestId } from "#core/kernel/ids.ts";
import type { Logger } from "#core/kernel/logger.ts";
import type { SnapshotService } from "#core/snapshots/index.ts";
import type { ArchiveStore } from "#core/storage/index.ts";
import type { RestorePhase } from "../contract.ts";
import type { Preflights } from "../preflights.ts";
import type { RestoreRecord, RestoreStore } from "../store.ts";
import { type Examination, examineOnce, examineUntil, pause } from "./examine.ts";
import {
  acceptedOf,
  answered,
  auditOutcome,
  fromThrown,
  fromVerdict,
  holds,
  megabytes,
  notTold,
} from "./outcome-words.ts";
import { createSteps, type Steps } from "./steps.ts";
import { sample, watch } from "./watch.ts";

export type RunDeps = {
  db: Database;
  store: RestoreStore;
  snapshots: SnapshotService;
  contents: ContentsService;
  clusters: ClusterService;
  preflights: Preflights;
  audit: AuditService;
  clock: Clock;
  log: Logger;
  checks: ArchiveStore;
  idleTimeoutMs: number;
  /** How long a datacenter is watched after a restore. */
  watchMs: number;
  /** How long Consul may still be applying what it got before an answer was lost. */
  settleMs: number;
};

/** Tokens that were typed for this one act. In memory only. */
export type Secrets = { token: string | undefined; tokenAfter: string | undefined };

/** What the process that runs a restore knows of it; fresher than the row. */
export type Live = {
  controller: AbortController;
  phase: RestorePhase;
  bytesSent: number;
  firstByteSent: boolean;
  /** The safety snapshot under way. */
  safetyId: string | null;
  watching: AbortController;
  done: Promise<void>;
};

/** After this a datacenter that still can't be read is told so, and can be looked at again by hand. */
const examineForMs = 10 * 60_000;

export type Runner = ReturnType<typeof createRunner>;

/** Does what was agreed on: safety snapshot, sending, comparing, watching. However it ends, the row says so. */
export function createRunner(deps: RunDeps) {
  const { db, store, snapshots, clusters, preflights, audit, clock, log } = deps;

  async function settle(
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
          watchUntil: isWatched ? new Date(nowMs + deps.watchMs) : null,
          ...(isWatched ? {} : { runner: null }),
        },
        tx,
      );
      await audit.write(subject, auditOutcome[outcome.state], outcome.text, tx);
    });
    log.info({ restoreId: row.id, state: outcome.state, status: outcome.consulStatus }, "restore ended");
  }

  /** Right before anything is sent: is the target still what the preflight saw? */
  async function recheck(row: RestoreRecord, secrets: Secrets, steps: Steps): Promise<void> {
    await steps.take("preflight", "Looking at the target once more", async (say) => {
      const { snapshotId, clusterId, datacenter, returnOf } = row;
      const accepted = returnOf === null ? acceptedOf(row) : null;
      const found = await preflights.recheck(
        { snapshotId, clusterId: clusterId ?? "", datacenter },
        accepted,
        secrets.token,
      );
      if (found.length > 0) {
        const titles = found.map(({ title, detail }) => `${title}. ${detail}`).join(" ");
        throw new AppError({
          code: "conflict",
          userMessage: `The target has changed since the preflight: ${titles}`,
        });
      }
      say("Nothing has changed since the preflight");
    });
  }

  async function takeSafety(
    row: RestoreRecord,
    secrets: Secrets,
    live: Live,
    subject: AuditSubject,
    steps: Steps,
  ): Promise<void> {
    if (row.withoutSafetyReason !== null) {
      await steps.skipped("safety", `No safety snapshot: ${row.withoutSafetyReason}`);
      return;
    }
    live.phase = "safety";
    await store.update(row.id, { phase: "safety" });
    await steps.take("safety", `Taking a consistent snapshot of ${row.datacenter}`, async (say) => {
      const takeSubject: AuditSubject = {
        ...subject,
        action: "snapshot.take",
        reason: `safety snapshot of ${row.id}`,
      };
      const { id, start } = await db.transaction(async (tx) => {
        const prepared = await prepareSafety(row, secrets, tx);
        await store.update(row.id, { safetySnapshotId: prepared.id }, tx);
        await audit.write(takeSubject, "intent", null, tx);
        return prepared;
      });
      live.safetyId = id;
      start(takeSubject);
      if (live.controller.signal.aborted) await snapshots.cancel(id, "the restore").catch(() => undefined);
      const taken = await snapshots.ended(id);
      live.safetyId = null;
      live.controller.signal.throwIfAborted();
      if (taken.state !== "verified")
        throw new AppError({
          code: "conflict",
          userMessage: `The safety snapshot failed: ${taken.failureText ?? taken.state}`,
        });
      await store.update(row.id, { liveIndex: taken.raftIndex === null ? null : BigInt(taken.raftIndex) });
      say(`${id}, ${megabytes(taken.archiveBytes)} at index ${taken.raftIndex}, verified and pinned`);
    });
  }

  type Tx = Parameters<Parameters<Database["transaction"]>[0]>[0];
  function prepareSafety(row: RestoreRecord, secrets: Secrets, tx: Tx) {
    return snapshots.prepareTake(
      {
        clusterId: row.clusterId ?? "",
        datacenter: row.datacenter,
        mode: "consistent",
        maxStaleMs: 0,
        note: `before restore ${row.id}`,
        pin: true,
        token: secrets.token,
      },
      {
        userId: row.byUserId,
        name: row.byName,
        requestId: newRequestId(),
        correlationId: row.correlationId,
        source: "safety",
      },
      tx,
    );
  }

  async function send(row: RestoreRecord, secrets: Secrets, live: Live, steps: Steps): Promise<Outcome> {
    const { signal } = live.controller;
    const archive = await snapshots.openArchive(row.snapshotId);
    let allSentAtMs = 0;
    return steps.take("sent", `Sending ${megabytes(archive.bytes)}`, async (say) => {
      await assertUnchanged(archive, signal);
      const outcome = await sendArchive({
        client: await clusters.client(row.clusterId ?? ""),
        datacenter: row.datacenter,
        token: secrets.token,
        archive,
        idleTimeoutMs: deps.idleTimeoutMs,
        signal,
        beforeFirstByte: async () => {
          // From here on a cancel comes too late, even while the row is being written.
          live.firstByteSent = true;
          await store.update(row.id, { phase: "sending", firstByteSentAt: new Date(clock.nowMs()) });
        },
        onBytes: (bytes) => {
          live.bytesSent += bytes;
        },
        onAllSent: () => {
          live.phase = "applying";
          allSentAtMs = clock.nowMs();
          const sent = {
            phase: "applying",
            allSentAt: new Date(allSentAtMs),
            bytesSent: BigInt(live.bytesSent),
          };
          // The answer may come first; then the row already says more.
          void store
            .updateIf(row.id, "running", sent)
            .catch((error: unknown) => log.warn({ err: error }, "progress was not written"));
        },
      });
      say(
        `${megabytes(live.bytesSent)} of ${megabytes(archive.bytes)}; PUT /v1/snapshot?dc=${row.datacenter} ${answered(outcome)}`,
      );
      return outcome;
    });
  }

  /** From the first look to the last, for a run that has just begun. */
  async function run(row: RestoreRecord, live: Live, secrets: Secrets, subject: AuditSubject): Promise<void> {
    const steps = createSteps({ store, clock, restoreId: row.id });
    let outcome: Outcome;
    try {
      await recheck(row, secrets, steps);
      await takeSafety(row, secrets, live, subject, steps);
      live.controller.signal.throwIfAborted();
      live.phase = "sending";
      await keepSample(row, secrets, false);
      outcome = await send(row, secrets, live, steps);
    } catch (error) {
      outcome = fromThrown(error, live.firstByteSent, live.controller.signal.aborted);
    }
    if (outcome.state !== "succeeded" && outcome.state !== "unknown")
      return settle(row, outcome, live, subject);
    const isAnswered = outcome.state === "succeeded";
    await store.update(row.id, {
      phase: "comparing",
      state: isAnswered ? "running" : "interrupted",
      bytesSent: BigInt(live.bytesSent),
      consulStatus: outcome.consulStatus,
      outcomeText: outcome.text,
      ...(isAnswered ? { answeredAt: new Date(clock.nowMs()) } : { interruptedAt: new Date(clock.nowMs()) }),
    });
    await steps.log(outcome.text);
    live.phase = "comparing";
    await conclude((await store.find(row.id)) ?? row, live, secrets, subject);
  }

  /** Compares, says what the datacenter holds, and watches it where that is the snapshot. */
  async function conclude(
    row: RestoreRecord,
    live: Live,
    secrets: Secrets,
    subject: AuditSubject,
  ): Promise<void> {
    const steps = createSteps({ store, clock, restoreId: row.id });
    const outcome = await examine(row, live, secrets, steps);
    await settle(row, outcome, live, subject);
    const settled = await store.find(row.id);
    if (settled?.phase === "watching") await watchOn(settled, live, secrets);
  }

  async function examine(row: RestoreRecord, live: Live, secrets: Secrets, steps: Steps): Promise<Outcome> {
    const { signal } = live.controller;
    const isAnswered = row.consulStatus === 200;
    const tokens = [
      ...new Set(
        [secrets.tokenAfter, undefined, secrets.token].filter((each, at) => each !== undefined || at === 1),
      ),
    ];
    const about = await examined(row);
    const untilMs = clock.monotonicMs() + examineForMs;
    let told = "";
    const look = () =>
      examineOnce(
        { snapshots, contents: deps.contents, clock, checks: deps.checks, log },
        about,
        tokens,
        !isAnswered,
        signal,
      );
    const onProblem = (text: string) => {
      if (text !== told) void steps.log(text).catch(() => undefined);
      told = text;
    };
    const again = () => examineUntil(look, { nowMs: clock.monotonicMs, untilMs, signal, onProblem });
    return steps.take(
      "compared",
      "Comparing a fresh snapshot with the one that was restored",
      async (say) => {
        let found = await again();
        if (!("problem" in found) && !isAnswered && found.verdict !== "snapshot") {
          // Consul may have had the whole archive and still be reading it; then it is replaced a moment later.
          await steps.log(
            `So far it holds ${holds[found.verdict]}. Looking once more in ${Math.round(deps.settleMs / 1_000)} s`,
          );
          await pause(deps.settleMs, signal);
          found = await again();
        }
        const outcome = await keepFinding(row, found, isAnswered);
        say(outcome.text);
        return outcome;
      },
    );
  }

  async function examined(row: RestoreRecord) {
    const snapshot = await snapshots.openArchive(row.snapshotId).catch(() => null);
    return {
      restoreId: row.id,
      snapshotId: row.snapshotId,
      safetySnapshotId: row.safetySnapshotId,
      clusterId: row.clusterId ?? "",
      datacenter: row.datacenter,
      liveIndex: row.liveIndex === null ? null : Number(row.liveIndex),
      snapshotIndex: snapshot?.raftIndex ?? null,
    };
  }

  async function keepFinding(
    row: RestoreRecord,
    found: Examination | { problem: string },
    isAnswered: boolean,
  ): Promise<Outcome> {
    if ("problem" in found) return notTold(row, found.problem, isAnswered);
    const { verdict, snapshot, safety } = found;
    await store.update(row.id, {
      verdict,
      verdictJson: JSON.stringify({ snapshot, safety }),
      checkedAt: new Date(clock.nowMs()),
    });
    return fromVerdict(row, verdict, snapshot, isAnswered);
  }

  async function keepSample(row: RestoreRecord, secrets: Secrets, isAfter: boolean): Promise<void> {
    const token = isAfter ? secrets.tokenAfter : secrets.token;
    const client = await clusters.client(row.clusterId ?? "");
    const { at, raftIndex, ...rest } = await sample(client, row.datacenter, token, clock.nowMs());
    await store.addSample({
      restoreId: row.id,
      at: new Date(at),
      raftIndex: raftIndex === null ? null : BigInt(raftIndex),
      ...rest,
    });
  }

  /** Watches until the time is over, somebody says that all is well, or another restore begins there. */
  async function watchOn(row: RestoreRecord, live: Live, secrets: Secrets): Promise<void> {
    const steps = createSteps({ store, clock, restoreId: row.id });
    const signal = AbortSignal.any([live.watching.signal, live.controller.signal]);
    const client = await clusters.client(row.clusterId ?? "");
    await watch({
      look: () => sample(client, row.datacenter, secrets.tokenAfter, clock.nowMs()),
      keep: ({ at, raftIndex, ...rest }) =>
        store.addSample({
          restoreId: row.id,
          at: new Date(at),
          raftIndex: raftIndex === null ? null : BigInt(raftIndex),
          ...rest,
        }),
      log: steps.log,
      clock,
      untilMs: row.watchUntil?.getTime() ?? 0,
      signal,
    });
    // A stop of Snapkeep leaves the rest of the watch to the next start.
    if (live.controller.signal.aborted) return;
    live.phase = "done";
    await store.update(row.id, { phase: "done", watchEndedAt: new Date(clock.nowMs()), runner: null });
  }

  return { run, conclude, watchOn, settle };
}
