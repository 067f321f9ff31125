import type { z } from "zod";
import type { Reach } from "#core/access/contract.ts";
import type { AuditService, AuditSubject } from "#core/audit/index.ts";
import type { ClusterService, HealthMonitor } from "#core/clusters/index.ts";
import type { Database, Tx } from "#core/db/index.ts";
import type { Clock } from "#core/kernel/clock.ts";
import { AppError, noSuch, toAppError } from "#core/kernel/errors.ts";
import { newRequestId, newRestoreId } from "#core/kernel/ids.ts";
import type { Logger } from "#core/kernel/logger.ts";
import type { SnapshotService } from "#core/snapshots/index.ts";
import type {
  RestorePage,
  RestorePhase,
  RestoreReview,
  RestoreRow,
  restoreListInput,
  reviewInput,
  startRestoreInput,
} from "./contract.ts";
import { restorePhases, restoreStates } from "./contract.ts";
import { assertUnchanged, type Outcome, sendArchive } from "./send.ts";
import type { RestoreRecord, RestoreStore } from "./store.ts";

export type RestoreServiceDeps = {
  db: Database;
  store: RestoreStore;
  snapshots: SnapshotService;
  clusters: ClusterService;
  health: HealthMonitor;
  audit: AuditService;
  clock: Clock;
  log: Logger;
  runner: string;
  idleTimeoutMs: number;
};

type Live = {
  controller: AbortController;
  phase: RestorePhase;
  bytesSent: number;
  firstByteSent: boolean;
  done: Promise<void>;
};
export type RestoreService = ReturnType<typeof createRestoreService>;

const stoppedText =
  "Snapkeep was stopped after bytes of the archive had been sent, so the data may have been replaced. Look at the datacenter before anything else.";

/** Restores, first form: one at a time per datacenter, the row written before the byte, the truth afterwards. */
export function createRestoreService(deps: RestoreServiceDeps) {
  const { store, snapshots, clusters, health, audit, db, clock, log } = deps;
  const running = new Map<string, Live>();
  let stopping = false;

  async function settle(
    row: RestoreRecord,
    outcome: Outcome,
    bytesSent: number,
    subject: AuditSubject,
  ): Promise<void> {
    await db.transaction(async (tx) => {
      const finishedAt = new Date(clock.nowMs());
      await store.update(
        row.id,
        {
          state: outcome.state,
          phase: "done",
          outcomeText: outcome.text,
          consulStatus: outcome.consulStatus,
          bytesSent: BigInt(bytesSent),
          finishedAt,
          runner: null,
        },
        tx,
      );
      const auditOutcome =
        outcome.state === "succeeded" ? "ok" : outcome.state === "unknown" ? "unknown" : "failed";
      await audit.write(subject, auditOutcome, outcome.text, tx);
    });
  }

  async function run(
    row: RestoreRecord,
    live: Live,
    token: string | undefined,
    subject: AuditSubject,
  ): Promise<void> {
    const { signal } = live.controller;
    let outcome: Outcome;
    try {
      const archive = await snapshots.openArchive(row.snapshotId);
      await assertUnchanged(archive, signal);
      outcome = await sendArchive({
        client: await clusters.client(row.clusterId ?? ""),
        datacenter: row.datacenter,
        token,
        archive,
        idleTimeoutMs: deps.idleTimeoutMs,
        signal,
        beforeFirstByte: async () => {
          await store.update(row.id, { phase: "sending", firstByteSentAt: new Date(clock.nowMs()) });
          live.phase = "sending";
          live.firstByteSent = true;
        },
        onBytes: (bytes) => {
          live.bytesSent += bytes;
        },
        onAllSent: () => {
          live.phase = "applying";
        },
      });
    } catch (error) {
      outcome = fromThrown(error, live, signal);
    }
    log.info({ restoreId: row.id, state: outcome.state, status: outcome.consulStatus }, "restore ended");
    await settle(row, outcome, live.bytesSent, subject);
  }

  async function review(input: z.output<typeof reviewInput>): Promise<RestoreReview> {
    const snapshot = await snapshots.get(input.snapshotId);
    const cluster = await clusters.get(input.clusterId);
    const now = await health.check(input.clusterId, input.datacenter);
    const snapshotIndex = snapshot.raftIndex;
    return {
      snapshotId: snapshot.id,
      clusterId: cluster.id,
      clusterName: cluster.name,
      datacenter: input.datacenter,
      leader: now.leader,
      problem: now.problem,
      consulVersion: now.consulVersion,
      serversTotal: now.serversTotal,
      serversHealthy: now.serversHealthy,
      liveIndex: now.raftIndex,
      snapshotIndex,
      entriesBehind: now.raftIndex === null || snapshotIndex === null ? null : now.raftIndex - snapshotIndex,
      snapshotAgeMs: Math.max(0, clock.nowMs() - Date.parse(snapshot.takenAt)),
      sameDatacenter: snapshot.datacenter === input.datacenter && snapshot.clusterId === input.clusterId,
    };
  }

  return {
    review,

    async page(input: z.output<typeof restoreListInput>, reach: Reach = null): Promise<RestorePage> {
      const [time = "", id = ""] = Buffer.from(input.cursor ?? "", "base64url")
        .toString("utf8")
        .split(" ");
      const startedAt = new Date(time);
      const found = await store.page(
        Number.isNaN(startedAt.getTime()) ? null : { startedAt, id },
        input.limit,
        reach,
      );
      const rows = found.slice(0, input.limit);
      const last = rows.at(-1);
      const more = found.length > input.limit && last !== undefined;
      return {
        rows: rows.map((row) => toView(row, running.get(row.id) ?? null)),
        nextCursor: more
          ? Buffer.from(`${last.startedAt.toISOString()} ${last.id}`).toString("base64url")
          : null,
      };
    },

    async get(id: string): Promise<RestoreRow> {
      const row = await store.find(id);
      if (row === null) throw noSuch("restore");
      return toView(row, running.get(id) ?? null);
    },

    /** Writes the row; `start` begins once it and the audit intent are committed. */
    async prepare(
      input: z.output<typeof startRestoreInput>,
      by: { userId: string | null; name: string; correlationId: string },
      tx: Tx,
    ): Promise<{ id: string; start: (subject: AuditSubject) => void }> {
      if (stopping)
        throw new AppError({
          code: "stopping",
          userMessage: "Snapkeep is stopping. Nothing was started.",
          retryable: true,
        });
      const cluster = await clusters.get(input.clusterId);
      const archive = await snapshots.openArchive(input.snapshotId);
      if (archive.state === "corrupt") {
        throw new AppError({
          code: "archive_invalid",
          userMessage: "This archive is corrupt and can't be restored.",
        });
      }
      if ((await store.runningIn(input.clusterId, input.datacenter, tx)) > 0) {
        throw new AppError({
          code: "conflict",
          userMessage: `Another restore of ${input.datacenter} is running. Wait until it has ended.`,
        });
      }
      const id = newRestoreId();
      const now = new Date(clock.nowMs());
      const row = await store.create(
        {
          id,
          state: "running",
          phase: "checking",
          snapshotId: input.snapshotId,
          snapshotTakenAt: archive.takenAt,
          snapshotDatacenter: archive.datacenter,
          clusterId: cluster.id,
          clusterName: cluster.name,
          datacenter: input.datacenter,
          reason: input.reason,
          byUserId: by.userId,
          byName: by.name,
          startedAt: now,
          heartbeatAt: now,
          bytesTotal: BigInt(archive.bytes),
          correlationId: by.correlationId,
          runner: deps.runner,
        },
        tx,
      );
      const start = (subject: AuditSubject) => {
        const live: Live = {
          controller: new AbortController(),
          phase: "checking",
          bytesSent: 0,
          firstByteSent: false,
          done: Promise.resolve(),
        };
        running.set(id, live);
        live.done = run(row, live, input.token, subject)
          .catch((error: unknown) =>
            log.error({ err: error, restoreId: id }, "a restore could not be settled; the next start will"),
          )
          .finally(() => running.delete(id));
      };
      return { id, start };
    },

    /** @throws AppError `conflict` once the first byte has gone to Consul. */
    async cancel(id: string, byName: string): Promise<void> {
      const live = running.get(id);
      if (live === undefined)
        throw new AppError({ code: "conflict", userMessage: "This restore has ended." });
      if (live.firstByteSent) {
        throw new AppError({
          code: "conflict",
          userMessage: "The first byte has been sent to Consul. A restore can't be called back.",
        });
      }
      live.controller.abort(new AppError({ code: "cancelled", userMessage: `Cancelled by ${byName}.` }));
      await live.done;
    },

    /** Runs once at start: what a killed process left is failed only if no byte had gone, else unknown. */
    async recover(): Promise<number> {
      const left = await store.running();
      for (const row of left) {
        const sent = row.firstByteSentAt !== null;
        const outcome: Outcome = sent
          ? { state: "unknown", text: stoppedText, consulStatus: null }
          : {
              state: "failed",
              text: "Snapkeep was stopped before anything was sent to Consul. Nothing was replaced.",
              consulStatus: null,
            };
        await settle(row, outcome, Number(row.bytesSent), recoverySubject(row));
      }
      return left.length;
    },

    /** Restores that have not sent anything end at once; one under way gets time to hear Consul's answer. */
    async stop(graceMs: number): Promise<void> {
      stopping = true;
      const all = [...running.values()];
      for (const live of all) {
        if (!live.firstByteSent)
          live.controller.abort(new AppError({ code: "cancelled", userMessage: "Snapkeep was stopped." }));
      }
      const grace = new Promise((resolve) => setTimeout(resolve, graceMs).unref());
      await Promise.race([Promise.all(all.map((live) => live.done)), grace]);
    },
  };
}

function fromThrown(error: unknown, live: Live, signal: AbortSignal): Outcome {
  const failure = toAppError(error);
  if (live.firstByteSent) {
    return {
      state: "unknown",
      text: `${failure.message}. Bytes of the archive had been sent, so the data may have been replaced.`,
      consulStatus: null,
    };
  }
  const text = failure.code === "internal" ? failure.message : failure.userMessage;
  if (signal.aborted)
    return { state: "cancelled", text: `${text} Nothing was sent to Consul.`, consulStatus: null };
  return {
    state: "failed",
    text: `${text} Nothing was sent to Consul.`.replace(
      "Nothing was sent to Consul. Nothing was sent",
      "Nothing was sent",
    ),
    consulStatus: null,
  };
}

function toView(row: RestoreRecord, live: Live | null): RestoreRow {
  return {
    id: row.id,
    state: restoreStates.find((state) => state === row.state) ?? "unknown",
    phase: live?.phase ?? restorePhases.find((phase) => phase === row.phase) ?? "done",
    snapshotId: row.snapshotId,
    snapshotTakenAt: row.snapshotTakenAt?.toISOString() ?? null,
    snapshotDatacenter: row.snapshotDatacenter,
    clusterId: row.clusterId,
    clusterName: row.clusterName,
    datacenter: row.datacenter,
    reason: row.reason,
    byName: row.byName,
    startedAt: row.startedAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
    bytesSent: live?.bytesSent ?? Number(row.bytesSent),
    bytesTotal: Number(row.bytesTotal),
    consulStatus: row.consulStatus,
    outcomeText: row.outcomeText,
    cancellable: live !== null && !live.firstByteSent,
    correlationId: row.correlationId,
  };
}

function recoverySubject(row: RestoreRecord): AuditSubject {
  return {
    action: "restore.run",
    caller: { kind: "system", name: "restart" },
    request: { requestId: newRequestId(), address: "local", userAgent: null, door: "system" },
    target: { id: row.id, label: `${row.datacenter} in ${row.clusterName} from ${row.snapshotId}` },
    reason: row.reason,
    correlationId: row.correlationId,
  };
}
