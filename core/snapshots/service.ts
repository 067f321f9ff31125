import type { Readable } from "node:stream";
import type { z } from "zod";
import type { Reach } from "#core/access/contract.ts";
import type { AuditService, AuditSubject } from "#core/audit/index.ts";
import type { ClusterService } from "#core/clusters/index.ts";
import type { Database, Tx } from "#core/db/index.ts";
import type { Clock } from "#core/kernel/clock.ts";
import { AppError, noSuch, toAppError } from "#core/kernel/errors.ts";
import { createHolders } from "#core/kernel/holders.ts";
import { newSnapshotId, type SnapshotId } from "#core/kernel/ids.ts";
import type { Logger } from "#core/kernel/logger.ts";
import type { Started } from "#core/kernel/long-act.ts";
import type { Place } from "#core/kernel/permission.ts";
import type { ArchiveStore, ByteRange } from "#core/storage/index.ts";
import {
  keptStates,
  type listInput,
  type SnapshotDetail,
  type SnapshotPage,
  type SnapshotSource,
  type SnapshotState,
  type takeInput,
} from "./contract.ts";
import { recoverSnapshots } from "./recovery.ts";
import { toSnapshotDetail, toSnapshotRow } from "./rows.ts";
import { createRunningAct, type RunningAct } from "./running.ts";
import { createSettle } from "./settle.ts";
import { createSnapshotStore, type SnapshotRecord } from "./store.ts";
import { summarize } from "./summary.ts";
import { runTake } from "./take.ts";
import { takeUnkept, type UnkeptOptions } from "./unkept.ts";
import { runUpload, type UploadContext } from "./upload.ts";

/** An archive in a store, with the digest that its index must be of. */
export type InsideArchive = { id: string; store: ArchiveStore; stateSha256: string };

export type SnapshotServiceDeps = {
  db: Database;
  archives: ArchiveStore;
  clusters: ClusterService;
  audit: AuditService;
  clock: Clock;
  log: Logger;
  /** Names this process in the rows that it works on. */
  runner: string;
  timeouts: { firstByteMs: number; idleMs: number };
  /** Makes the fingerprints that stand for secrets in the index of an archive's contents. */
  fingerprintKey: string;
};

export type SnapshotService = ReturnType<typeof createSnapshotService>;
type DrillColumns = Required<
  Pick<SnapshotRecord, "drillId" | "drillState" | "drilledAt" | "drillMs" | "drillConsulVersion">
>;
type TakeRequest = z.output<typeof takeInput>;

/** Takes, keeps and hands out snapshots. Rows are the truth; what runs here is only fresher. */
export function createSnapshotService(deps: SnapshotServiceDeps) {
  const { db, archives, clusters, audit, clock, log, fingerprintKey } = deps;
  const store = createSnapshotStore(db);
  const settle = createSettle({ store, audit, db, clock });
  const running = new Map<string, RunningAct>();
  let stopping = false;

  const { holdWhile, assertFree } = createHolders();

  const live = (id: string) => running.get(id)?.progress() ?? null;

  async function row(id: string): Promise<SnapshotRecord> {
    const found = await store.find(id);
    if (found === null) throw noSuch("snapshot");
    return found;
  }

  /** A row whose archive is there. @throws AppError `not_found`. */
  async function kept(id: string): Promise<{ found: SnapshotRecord; bytes: number }> {
    const found = await row(id);
    const facts = await archives.stat(id);
    if (facts === null || !keptStates.some((state) => state === found.state)) {
      throw new AppError({ code: "not_found", userMessage: "This snapshot has no archive in the store." });
    }
    return { found, bytes: facts.bytes };
  }

  function begin(id: string, bytesExpected: number | null): RunningAct {
    const act = createRunningAct(clock, bytesExpected);
    running.set(id, act);
    void act.done.then(() => running.delete(id));
    if (stopping) act.abort(stopped());
    return act;
  }

  function blank(id: string, state: SnapshotState, source: SnapshotSource, nowMs: number) {
    const now = new Date(nowMs);
    return {
      id,
      state,
      source,
      takenAt: now,
      startedAt: now,
      heartbeatAt: now,
      runner: deps.runner,
      phase: "asking",
    };
  }

  return {
    /** @param reach where the reader may look; null: everywhere. */
    async page(input: z.output<typeof listInput>, reach: Reach = null): Promise<SnapshotPage> {
      const found = await store.page(input, reach);
      return { ...found, rows: found.rows.map((found) => toSnapshotRow(found, live(found.id))) };
    },
    get: async (id: string): Promise<SnapshotDetail> => toSnapshotDetail(await row(id), live(id)),
    /** Where a snapshot is from. @throws AppError `not_found`. */
    async placeOf(id: string): Promise<Place> {
      const place = await store.placeOf(id);
      if (place === null) throw noSuch("snapshot");
      return place;
    },
    summary: (reach: Reach = null) => summarize(store, clock.nowMs(), reach),

    /** Writes the row of a take; `start` begins the work once the row and its audit intent are committed. */
    async prepareTake(
      input: TakeRequest,
      by: {
        userId: string | null;
        name: string;
        requestId: string;
        correlationId: string;
        source: SnapshotSource;
      },
      tx: Tx,
    ): Promise<Started<SnapshotId>> {
      const cluster = await clusters.get(input.clusterId);
      const id = newSnapshotId();
      const nowMs = clock.nowMs();
      const before = await store.previous(input.clusterId, input.datacenter, new Date(nowMs), tx);
      const bytesExpected = before?.archiveBytes ?? null;
      const created = await store.create(
        {
          ...blank(id, "taking", by.source, nowMs),
          clusterId: cluster.id,
          clusterName: cluster.name,
          datacenter: input.datacenter,
          mode: input.mode,
          maxStaleMs: input.mode === "stale" ? input.maxStaleMs : null,
          note: input.note,
          pinned: input.pin,
          byUserId: by.userId,
          byName: by.name,
          requestId: by.requestId,
          correlationId: by.correlationId,
          bytesExpected,
        },
        tx,
      );
      // Begun only after the commit: an act whose row was rolled back would never end.
      const start = (subject: AuditSubject) => {
        const act = begin(id, bytesExpected === null ? null : Number(bytesExpected));
        runTake(
          { clusters, archives, store, settle, clock, log, timeouts: deps.timeouts, fingerprintKey },
          created,
          input,
          act,
          subject,
        ).catch((error: unknown) =>
          log.error({ err: error, snapshotId: id }, "a take could not be settled; the next start will"),
        );
      };
      return { id, start };
    },

    /** @throws AppError `conflict` when it isn't under way in this process any more, or came too late. */
    async cancel(id: string, byName: string): Promise<void> {
      const act = running.get(id);
      if (act === undefined)
        throw new AppError({ code: "conflict", userMessage: "This snapshot is no longer being taken." });
      act.abort(
        new AppError({ code: "cancelled", userMessage: `Cancelled by ${byName}. Nothing was stored.` }),
      );
      await act.done;
      const ended = await store.find(id);
      if (ended !== null && keptStates.some((state) => state === ended.state)) {
        const userMessage = "It was stored before it could be cancelled. The snapshot is kept.";
        throw new AppError({ code: "conflict", userMessage });
      }
    },

    /** Receives an upload that a ticket allowed. @throws AppError with the reason; nothing is left then. */
    async receiveUpload(
      upload: {
        id: string;
        context: UploadContext;
        source: Readable;
        correlationId: string;
        /** null: an API token sent it. */
        userId: string | null;
      },
      subject: AuditSubject,
    ): Promise<void> {
      const { id, context } = upload;
      const act = begin(id, context.bytes);
      try {
        const row = {
          ...blank(id, "uploading", "upload", clock.nowMs()),
          clusterId: context.clusterId,
          clusterName: context.clusterName,
          datacenter: context.datacenter,
          mode: "file",
          note: context.note === "" ? context.fileName : context.note,
          pinned: context.pin,
          byUserId: upload.userId,
          byName: context.byName,
          requestId: context.requestId,
          correlationId: upload.correlationId,
          bytesExpected: BigInt(context.bytes),
          requestLine: `file ${context.fileName}`,
        };
        const created = await store.create(row).catch(async (error: unknown) => {
          await audit.write(subject, "failed", toAppError(error).userMessage);
          throw error;
        });
        const { idleMs } = deps.timeouts;
        await runUpload(
          { archives, store, settle, clock, log, idleMs, fingerprintKey },
          created,
          upload.source,
          act,
          subject,
        );
      } finally {
        act.finish();
      }
    },

    holdWhile,

    async setPinned(id: string, pinned: boolean, tx: Tx): Promise<void> {
      if (!pinned) await assertFree(id);
      const done = await store.updateIf(id, ["taking", "uploading", ...keptStates], { pinned }, tx);
      if (!done) throw new AppError({ code: "conflict", userMessage: "There is no archive to pin." });
    },

    /**
     * The row says `deleting` before the archive goes, so that a crash between the two is finished by the
     * next start and never leaves a row that points to nothing.
     * @throws AppError `conflict` when it is pinned or under way.
     */
    async remove(id: string): Promise<void> {
      const found = await row(id);
      if (found.pinned)
        throw new AppError({
          code: "conflict",
          userMessage: "Pinned snapshots can't be deleted. Unpin it first.",
        });
      await assertFree(id);
      if (!(await store.markDeleting(id))) {
        throw new AppError({
          code: "conflict",
          userMessage: "It was pinned meanwhile, or it is still being taken. Nothing was deleted.",
        });
      }
      await archives.remove(id);
      await store.remove(id);
    },

    /** An archive's bytes with what a download's headers need. @throws AppError `not_found`. */
    async openArchive(id: string) {
      const { found, bytes } = await kept(id);
      return {
        bytes,
        sha256: found.archiveSha256 ?? "",
        fileName: found.fileName ?? `${id}.snap`,
        takenAt: found.takenAt,
        state: found.state,
        datacenter: found.datacenter,
        raftIndex: found.raftIndex === null ? null : Number(found.raftIndex),
        open: (range?: ByteRange) => archives.open(id, range),
      };
    },

    /** What looking inside an archive needs. @throws AppError `not_found`. */
    async inside(id: string): Promise<InsideArchive> {
      const { found } = await kept(id);
      return { id, store: archives, stateSha256: found.stateSha256 ?? "" };
    },

    /** Takes a snapshot for a look at the cluster as it is now: into `store`, with no row and no place in the history. */
    takeUnkept: (options: UnkeptOptions) =>
      takeUnkept({ clusters, clock, timeouts: deps.timeouts, fingerprintKey }, options),

    /** Writes down what a drill of this archive showed; of a snapshot that is gone meanwhile, nothing. */
    setDrill: (id: string, drill: DrillColumns, tx: Tx) => store.updateIf(id, [...keptStates], drill, tx),

    /** The newest good archive of a datacenter, however it came here. */
    newestVerified: async (clusterId: string, datacenter: string): Promise<string | null> =>
      (await store.newestVerified(clusterId, datacenter))?.id ?? null,

    /** Resolves when the act of this process on this snapshot has ended, with its row as it is then. */
    async ended(id: string): Promise<SnapshotDetail> {
      await running.get(id)?.done;
      return toSnapshotDetail(await row(id), live(id));
    },

    /** Room in the store of the history; null when it can't say. */
    freeBytes: () => archives.freeBytes(),

    /** Size and duration of the last snapshot that was kept of a datacenter: what the next will be like. */
    async lastOf(clusterId: string, datacenter: string) {
      const found = await store.lastKept(clusterId, datacenter);
      const bytes = found?.archiveBytes ?? null;
      return { bytes: bytes === null ? null : Number(bytes), ms: found?.durationMs ?? null };
    },

    runningIn: (clusterId: string, datacenter: string) => store.runningIn(clusterId, datacenter),

    recover: () => recoverSnapshots({ store, archives, settle, audit, clock, log }),

    /** Ends what runs here, each with its reason, and waits until every row says so. */
    async stop(): Promise<void> {
      stopping = true;
      const acts = [...running.values()];
      for (const act of acts) {
        act.abort(stopped());
      }
      await Promise.all(acts.map((act) => act.done));
    },
  };
}

function stopped(): AppError {
  return new AppError({
    code: "stopping",
    userMessage: "Snapkeep was stopped in the middle. Nothing was stored.",
    retryable: true,
  });
}
