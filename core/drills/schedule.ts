import type { Tx } from "#core/db/index.ts";
import type { Clock } from "#core/kernel/clock.ts";
import { noSuch } from "#core/kernel/errors.ts";
import { newDrillScheduleId, newRequestId } from "#core/kernel/ids.ts";
import type { Logger } from "#core/kernel/logger.ts";
import type { RequestContext } from "#core/kernel/operation.ts";
import type { SnapshotService } from "#core/snapshots/index.ts";
import { newestDue } from "./cron.ts";
import type { DrillService } from "./service.ts";
import type { DrillStore, ScheduleRecord } from "./store.ts";

/** A slot lasts a minute at least, so this is often enough to be on time. */
const everyMsDefault = 20_000;

export type DrillScheduleDeps = {
  store: DrillStore;
  drills: DrillService;
  snapshots: SnapshotService;
  clock: Clock;
  log: Logger;
  /** The operation `drills.start` as Snapkeep itself, with its permission check and its audit rows. */
  execute: (input: { snapshotId: string }, request: RequestContext) => Promise<unknown>;
  /** Whether a restore is running, or was cut off: it needs the machine for itself. */
  isRestoring: () => Promise<boolean>;
  /** Only for tests. */
  everyMs?: number | undefined;
};

/** Starts drills by the clock. What is due is the newest slot since the last one: after a long night one runs, not thirty. */
export function createDrillSchedule(deps: DrillScheduleDeps) {
  const { store, drills, snapshots, clock, log, everyMs = everyMsDefault } = deps;
  let timer: NodeJS.Timeout | null = null;
  let round: Promise<unknown> = Promise.resolve();

  async function look(): Promise<void> {
    for (const schedule of await store.schedules(null)) {
      if (!schedule.enabled) continue;
      try {
        await runIfDue(schedule);
      } catch (error) {
        log.warn({ err: error, scheduleId: schedule.id }, "a scheduled drill could not be started");
      }
    }
  }

  async function runIfDue(schedule: ScheduleRecord): Promise<void> {
    const due = newestDue(schedule.cron, new Date(clock.nowMs()));
    // A clock that was put back finds slots that are over; what was saved just now begins with the next slot.
    const over = Math.max(schedule.lastSlotAt?.getTime() ?? 0, schedule.updatedAt.getTime());
    if (due === null || due.getTime() <= over) return;
    // The slot stays due until the other drill, or the restore, has ended, or a newer one takes its place.
    if ((await drills.isBusy()) || (await deps.isRestoring())) return;
    const newest = await snapshots.newestVerified(schedule.clusterId, schedule.datacenter);
    if (newest === null) {
      log.warn({ scheduleId: schedule.id }, `no verified snapshot of ${schedule.datacenter} to drill`);
      await store.setLastSlot(schedule.id, due);
      return;
    }
    const requestId = newRequestId();
    const forget = drills.expectSlot(requestId, { scheduleId: schedule.id, due });
    try {
      const request = { requestId, address: "local", userAgent: null, door: "system" as const };
      await deps.execute({ snapshotId: newest }, request);
    } catch (error) {
      // Somebody was quicker, and the slot stays due. Else it is over: the log says why once, not three times a minute.
      if (!(await drills.isBusy())) await store.setLastSlot(schedule.id, due);
      throw error;
    } finally {
      forget();
    }
  }

  return {
    start(): void {
      timer = setInterval(() => {
        round = round
          .then(look)
          .catch((error: unknown) => log.warn({ err: error }, "the schedule of drills failed"));
      }, everyMs);
      timer.unref();
    },
    async stop(): Promise<void> {
      if (timer !== null) clearInterval(timer);
      timer = null;
      await round;
    },
  };
}

/** A new schedule, or the one of this datacenter with what was changed. Its first slot is the next one. */
export async function toScheduleRecord(
  store: DrillStore,
  input: { clusterId: string; datacenter: string; cron: string; enabled: boolean },
  { byName, nowMs, tx }: { byName: string; nowMs: number; tx: Tx },
): Promise<{ before: ScheduleRecord | null; after: ScheduleRecord }> {
  const before = await store.findScheduleAt(input.clusterId, input.datacenter, tx);
  const now = new Date(nowMs);
  const after: ScheduleRecord = {
    id: before?.id ?? newDrillScheduleId(),
    clusterId: input.clusterId,
    datacenter: input.datacenter,
    cron: input.cron,
    enabled: input.enabled,
    byName,
    createdAt: before?.createdAt ?? now,
    updatedAt: now,
    // After a clock that ran ahead for a while, saving is the way to have it run again. Slots stay unique all the same.
    lastSlotAt: null,
  };
  return { before, after };
}

export async function scheduleOf(store: DrillStore, id: string): Promise<ScheduleRecord> {
  const found = await store.findSchedule(id);
  if (found === null) throw noSuch("drill schedule");
  return found;
}
