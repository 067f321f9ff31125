import { type Reach, withinReach } from "#core/access/contract.ts";
import type { Prisma, Restore } from "#core/db/generated/client.ts";
import type { Database, Tx } from "#core/db/index.ts";

export type RestoreRecord = Restore;
export type RestoreStore = ReturnType<typeof createRestoreStore>;

export function createRestoreStore(db: Database) {
  const { prisma } = db;
  return {
    create: (row: Prisma.RestoreUncheckedCreateInput, tx: Tx = prisma) => tx.restore.create({ data: row }),
    find: (id: string) => prisma.restore.findUnique({ where: { id } }),
    update: (id: string, data: Prisma.RestoreUncheckedUpdateInput, tx: Tx = prisma) =>
      tx.restore.update({ where: { id }, data }),
    running: () => prisma.restore.findMany({ where: { state: "running" } }),
    runningIn: (clusterId: string, datacenter: string, tx: Tx = prisma) =>
      tx.restore.count({ where: { clusterId, datacenter, state: "running" } }),
    /** Newest first; `before` is the start time of the last row of the page before. */
    page: (before: { startedAt: Date; id: string } | null, limit: number, reach: Reach) =>
      prisma.restore.findMany({
        where: { AND: [earlierThan(before), withinReach(reach)] },
        orderBy: [{ startedAt: "desc" }, { id: "desc" }],
        take: limit + 1,
      }),
  };
}

function earlierThan(before: { startedAt: Date; id: string } | null): Prisma.RestoreWhereInput {
  if (before === null) return {};
  return {
    startedAt: { lte: before.startedAt },
    OR: [{ startedAt: { lt: before.startedAt } }, { id: { lt: before.id } }],
  };
}
