import type { z } from "zod";
import type { Reach } from "#core/access/contract.ts";
import type { AuditService, AuditSubject } from "#core/audit/index.ts";
import type { ClusterService } from "#core/clusters/index.ts";
import type { Database, Tx } from "#core/db/index.ts";
import type { Clock } from "#core/kernel/clock.ts";
import { AppError, conflict, noSuch, toAppError } from "#core/kernel/errors.ts";
import { newDrillId } from "#core/kernel/ids.ts";
import type { Logger } from "#core/kernel/logger.ts";
import type { Started } from "#core/kernel/long-act.ts";
import { readTimeCursor, toTimePage } from "#core/kernel/time-pages.ts";
import type { SnapshotService } from "#core/snapshots/index.ts";
import {
  assertRoom,
  findConsulBinary,
  locateConsul,
  removeLeftovers,
  type WhereConsulIs,
} from "#core/throwaway/index.ts";
import type {
  DrillAbility,
  DrillPage,
  DrillPhase,
  DrillRow,
  DrillSchedule,
  drillListInput,
  saveDrillScheduleInput,
} from "./contract.ts";
import { assertCron, nextAfter } from "./cron.ts";
import { toDrillRow } from "./rows.ts";
import { type Live, runDrill, settleLeft } from "./run.ts";
import { scheduleOf, toScheduleRecord } from "./schedule.ts";
import type { DrillRecord, DrillStore, ScheduleRecord } from "./store.ts";

export type DrillServiceDeps = {
  db: Database;
  store: DrillStore;
  snapshots: SnapshotService;
  clusters: ClusterService;
  audit: AuditService;
  clock: Clock;
  log: Logger;
  runner: string;
  /** Where the throwaway Consuls write. */
  folder: string;
  where: WhereConsulIs;
  timeLimitMs: number;
};

export type DrillService = ReturnType<typeof createDrillService>;
type Slot = { scheduleId: string; due: Date };
type By = { userId: string | null; name: string; requestId: string; correlationId: string };

/** Restores archives into a Consul of their own. One at a time: each takes memory and disk like a server of its size. */
export function createDrillService(deps: DrillServiceDeps) {
  const { store, snapshots, clusters, clock, log } = deps;
  const running = new Map<string, Live>();
  /** Which slot a request of the schedule is for. An input can't name one, so nobody else can take it. */
  const slots = new Map<string, Slot>();
  const stopped = new AbortController();

  const view = (row: DrillRecord): DrillRow => toDrillRow(row, running.get(row.id)?.phase ?? null);

  async function row(id: string): Promise<DrillRecord> {
    const found = await store.find(id);
    if (found === null) throw noSuch("drill");
    return found;
  }

  /** @throws AppError with the reason why none can begin now. */
  async function assertFree(slot: Slot | undefined, tx: Tx): Promise<void> {
    if (stopped.signal.aborted)
      throw new AppError({
        code: "stopping",
        userMessage: "Snapkeep is stopping. Nothing was started.",
        retryable: true,
      });
    const [other] = await store.running(tx);
    if (other !== undefined)
      throw conflict(
        `A drill of ${other.snapshotId} is running. One runs at a time; wait until it has ended.`,
      );
    if (slot !== undefined && (await store.isTaken(slotName(slot), tx)))
      throw conflict("This slot of the schedule has had its drill.");
  }

  async function toScheduleView(record: ScheduleRecord): Promise<DrillSchedule> {
    const { id, clusterId, datacenter, cron, enabled, byName } = record;
    const name = (await clusters.list()).find((cluster) => cluster.id === clusterId)?.name;
    const last = await store.lastOf(id);
    const next = enabled ? nextAfter(cron, new Date(clock.nowMs())) : null;
    return {
      id,
      clusterId,
      clusterName: name ?? clusterId,
      datacenter,
      cron,
      enabled,
      byName,
      updatedAt: record.updatedAt.toISOString(),
      nextAt: next?.toISOString() ?? null,
      lastSlotAt: record.lastSlotAt?.toISOString() ?? null,
      lastDrill: last === null ? null : view(last),
    };
  }

  return {
    /** @param reach where the reader may look; null: everywhere. */
    async page(input: z.output<typeof drillListInput>, reach: Reach = null): Promise<DrillPage> {
      const found = await store.page(input.snapshotId, readTimeCursor(input.cursor), input.limit, reach);
      const { rows, nextCursor } = toTimePage(found, input.limit, ({ startedAt }) => startedAt);
      return { rows: rows.map(view), nextCursor };
    },
    get: async (id: string): Promise<DrillRow> => view(await row(id)),

    async ability(): Promise<DrillAbility> {
      try {
        const { version } = await findConsulBinary(deps.where);
        return { able: true, consulVersion: version, problem: "" };
      } catch (error) {
        return { able: false, consulVersion: null, problem: toAppError(error).userMessage };
      }
    },

    /** Writes the row; `start` begins once it and its audit intent are committed. */
    async prepare(snapshotId: string, by: By, tx: Tx): Promise<Started> {
      const slot = slots.get(by.requestId);
      await assertFree(slot, tx);
      await locateConsul(deps.where);
      const archive = await snapshots.openArchive(snapshotId);
      if (archive.state === "corrupt")
        throw new AppError({
          code: "archive_invalid",
          userMessage: "This archive is corrupt. A drill would prove nothing.",
        });
      const snapshot = await snapshots.get(snapshotId);
      await assertRoom(deps.folder, snapshot.stateBytes ?? archive.bytes);
      const now = new Date(clock.nowMs());
      const created = await store.create(
        {
          id: newDrillId(),
          state: "running",
          phase: "starting",
          snapshotId,
          clusterId: snapshot.clusterId,
          clusterName: snapshot.clusterName,
          datacenter: snapshot.datacenter,
          trigger: slot === undefined ? "manual" : "schedule",
          scheduleId: slot?.scheduleId ?? null,
          slot: slot === undefined ? null : slotName(slot),
          byUserId: by.userId,
          byName: by.name,
          startedAt: now,
          heartbeatAt: now,
          snapshotVersion: snapshot.consulVersion,
          archiveSha256: archive.sha256,
          correlationId: by.correlationId,
          runner: deps.runner,
        },
        tx,
      );
      if (slot !== undefined) await store.setLastSlot(slot.scheduleId, slot.due, tx);
      const start = (subject: AuditSubject) => begin(created, subject);
      return { id: created.id, start };
    },

    /** @throws AppError `conflict` when it has ended, or did before it could be stopped. */
    async cancel(id: string, byName: string): Promise<void> {
      const live = running.get(id);
      if (live === undefined) throw conflict("This drill has ended.");
      live.controller.abort(new AppError({ code: "cancelled", userMessage: `Cancelled by ${byName}.` }));
      await live.done;
      if ((await row(id)).state !== "cancelled") throw conflict("It had ended before it could be cancelled.");
    },

    /** Whether none can begin for now. */
    isBusy: async (): Promise<boolean> => stopped.signal.aborted || (await store.running()).length > 0,
    /** The request with this id is for this slot. @returns the way to forget it. */
    expectSlot(requestId: string, slot: Slot): () => void {
      slots.set(requestId, slot);
      return () => slots.delete(requestId);
    },

    schedules: async (reach: Reach): Promise<DrillSchedule[]> =>
      Promise.all((await store.schedules(reach)).map(toScheduleView)),
    schedule: (id: string) => scheduleOf(store, id),
    async saveSchedule(input: z.output<typeof saveDrillScheduleInput>, byName: string, tx: Tx) {
      assertCron(input.cron, new Date(clock.nowMs()));
      const { before, after } = await toScheduleRecord(store, input, { byName, nowMs: clock.nowMs(), tx });
      await store.putSchedule(after, tx);
      return { before, after };
    },
    async removeSchedule(id: string, tx: Tx): Promise<ScheduleRecord> {
      const found = await scheduleOf(store, id);
      await store.removeSchedule(id, tx);
      return found;
    },

    /** Runs once at start: ends the Consuls that a killed process left, and says of its drill that it failed. */
    async recover(): Promise<number> {
      try {
        const folders = await removeLeftovers(deps.folder);
        if (folders > 0) log.warn({ folders }, "removed what killed drills left");
      } catch (error) {
        // No reason to stay down: whoever has no leader at 3 am needs the console, not a drill.
        log.error({ err: error, folder: deps.folder }, "what a killed drill left could not be removed");
      }
      return settleLeft(deps);
    },

    /** Ends the drill that runs, and waits until nothing of it is left. */
    async stop(): Promise<void> {
      stopped.abort();
      const all = [...running.values()];
      for (const live of all)
        live.controller.abort(new AppError({ code: "stopping", userMessage: "Snapkeep was stopped." }));
      await Promise.all(all.map((live) => live.done));
    },
  };

  function begin(created: DrillRecord, subject: AuditSubject): void {
    const phase: DrillPhase = "starting";
    const live: Live = {
      controller: new AbortController(),
      stopped: stopped.signal,
      phase,
      done: Promise.resolve(),
    };
    running.set(created.id, live);
    if (stopped.signal.aborted)
      live.controller.abort(new AppError({ code: "stopping", userMessage: "Snapkeep was stopped." }));
    live.done = runDrill(deps, created, live, subject)
      .catch((error: unknown) =>
        log.error({ err: error, drillId: created.id }, "a drill could not be settled; the next start will"),
      )
      .finally(() => running.delete(created.id));
  }
}

const slotName = ({ scheduleId, due }: Slot): string => `${scheduleId}@${due.toISOString()}`;
