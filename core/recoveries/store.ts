import { type Reach, withinReach } from "#core/access/contract.ts";
import type { Prisma, Recovery as Row } from "#core/db/generated/client.ts";
import type { Database, Tx } from "#core/db/index.ts";
import type { TimeCursor } from "#core/kernel/time-pages.ts";
import type { RecoveryState } from "./contract.ts";

export type RecoveryRecord = Row;
export type RecoveryStore = ReturnType<typeof createRecoveryStore>;

export function createRecoveryStore(db: Database) {
  const { prisma } = db;
  return {
    create: (row: Prisma.RecoveryUncheckedCreateInput, tx: Tx = prisma) => tx.recovery.create({ data: row }),
    find: (id: string, tx: Tx = prisma) => tx.recovery.findUnique({ where: { id } }),
    findAll: (ids: string[]) => prisma.recovery.findMany({ where: { id: { in: ids } } }),
    update: (id: string, data: Prisma.RecoveryUncheckedUpdateInput, tx: Tx = prisma) =>
      tx.recovery.update({ where: { id }, data }),
    /** @returns whether it stood in one of these states, and is changed. */
    updateIf: async (
      id: string,
      states: readonly RecoveryState[],
      data: Prisma.RecoveryUncheckedUpdateInput,
      tx: Tx,
    ) => (await tx.recovery.updateMany({ where: { id, state: { in: [...states] } }, data })).count === 1,
    inStates: (states: readonly RecoveryState[]) =>
      prisma.recovery.findMany({ where: { state: { in: [...states] } } }),
    /** How many are writing to a datacenter now. */
    writingIn: (clusterId: string | null, datacenter: string, tx: Tx = prisma) =>
      tx.recovery.count({ where: { clusterId, datacenter, state: { in: ["applying", "undoing"] } } }),
    /** Newest first; `before` is the last row of the page before. */
    page: (
      query: {
        snapshotId?: string | undefined;
        before: TimeCursor | null;
        limit: number;
      },
      reach: Reach,
    ) =>
      prisma.recovery.findMany({
        where: {
          AND: [
            query.snapshotId === undefined ? {} : { snapshotId: query.snapshotId },
            earlierThan(query.before),
            withinReach(reach),
          ],
        },
        orderBy: [{ plannedAt: "desc" }, { id: "desc" }],
        take: query.limit + 1,
      }),
  };
}

function earlierThan(before: TimeCursor | null): Prisma.RecoveryWhereInput {
  if (before === null) return {};
  return {
    plannedAt: { lte: before.at },
    OR: [{ plannedAt: { lt: before.at } }, { id: { lt: before.id } }],
  };
}
