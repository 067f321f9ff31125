import { type Reach, withinReach } from "#core/access/contract.ts";
import type { Drill, DrillSchedule, Prisma } from "#core/db/generated/client.ts";
import type { Database, Tx } from "#core/db/index.ts";
import type { TimeCursor } from "#core/kernel/time-pages.ts";

export type DrillRecord = Drill;
export type ScheduleRecord = DrillSchedule;
export type DrillStore = ReturnType<typeof createDrillStore>;

const newestFirst = [{ startedAt: "desc" as const }, { id: "desc" as const }];

export function createDrillStore(db: Database) {
  const { prisma } = db;
  return {
    create: (row: Prisma.DrillUncheckedCreateInput, tx: Tx = prisma) => tx.drill.create({ data: row }),
    find: (id: string) => prisma.drill.findUnique({ where: { id } }),
    update: (id: string, data: Prisma.DrillUncheckedUpdateInput, tx: Tx = prisma) =>
      tx.drill.update({ where: { id }, data }),
    running: (tx: Tx = prisma) => tx.drill.findMany({ where: { state: "running" } }),
    isTaken: async (slot: string, tx: Tx = prisma) => (await tx.drill.count({ where: { slot } })) > 0,
    lastOf: (scheduleId: string) => prisma.drill.findFirst({ where: { scheduleId }, orderBy: newestFirst }),
    page: (snapshotId: string | undefined, before: TimeCursor | null, limit: number, reach: Reach) =>
      prisma.drill.findMany({
        where: {
          AND: [snapshotId === undefined ? {} : { snapshotId }, earlierThan(before), withinReach(reach)],
        },
        orderBy: newestFirst,
        take: limit + 1,
      }),

    schedules: (reach: Reach) =>
      prisma.drillSchedule.findMany({
        where: schedulesWithin(reach),
        orderBy: [{ datacenter: "asc" }, { clusterId: "asc" }],
      }),
    findSchedule: (id: string, tx: Tx = prisma) => tx.drillSchedule.findUnique({ where: { id } }),
    findScheduleAt: (clusterId: string, datacenter: string, tx: Tx = prisma) =>
      tx.drillSchedule.findUnique({ where: { clusterId_datacenter: { clusterId, datacenter } } }),
    putSchedule: (row: ScheduleRecord, tx: Tx) =>
      tx.drillSchedule.upsert({ where: { id: row.id }, create: row, update: row }),
    removeSchedule: (id: string, tx: Tx) => tx.drillSchedule.deleteMany({ where: { id } }),
    /** Of a schedule that was removed meanwhile, nothing. */
    setLastSlot: (id: string, lastSlotAt: Date, tx: Tx = prisma) =>
      tx.drillSchedule.updateMany({ where: { id }, data: { lastSlotAt } }),
  };
}

function earlierThan(before: TimeCursor | null): Prisma.DrillWhereInput {
  if (before === null) return {};
  return {
    startedAt: { lte: before.at },
    OR: [{ startedAt: { lt: before.at } }, { id: { lt: before.id } }],
  };
}

/** A schedule always is of a cluster, which the shared condition can't say. */
function schedulesWithin(reach: Reach): Prisma.DrillScheduleWhereInput {
  if (reach === null) return {};
  return {
    OR: reach.flatMap(({ clusterId, datacenter }) =>
      clusterId === null ? [] : [{ clusterId, ...(datacenter === null ? {} : { datacenter }) }],
    ),
  };
}
