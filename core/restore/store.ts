import { type Reach, withinReach } from "#core/access/contract.ts";
import type {
  Prisma,
  Restore,
  RestoreEvent,
  RestorePreflight,
  RestoreSample,
} from "#core/db/generated/client.ts";
import type { Database, Tx } from "#core/db/index.ts";
import type { TimeCursor } from "#core/kernel/time-pages.ts";

export type RestoreRecord = Restore;
export type EventRecord = RestoreEvent;
export type SampleRecord = RestoreSample;
export type PreflightRecord = RestorePreflight;
export type RestoreStore = ReturnType<typeof createRestoreStore>;

/** States in which bytes may be on their way, or what they did is being looked at. */
const busy = { in: ["running", "interrupted"] };

export function createRestoreStore(db: Database) {
  const { prisma } = db;
  return {
    create: (row: Prisma.RestoreUncheckedCreateInput, tx: Tx = prisma) => tx.restore.create({ data: row }),
    find: (id: string, tx: Tx = prisma) => tx.restore.findUnique({ where: { id } }),
    update: (id: string, data: Prisma.RestoreUncheckedUpdateInput, tx: Tx = prisma) =>
      tx.restore.update({ where: { id }, data }),
    /** Changes the row only while it is in this state. @returns whether it was. */
    async updateIf(
      id: string,
      state: string,
      data: Prisma.RestoreUncheckedUpdateInput,
      tx: Tx = prisma,
    ): Promise<boolean> {
      const { count } = await tx.restore.updateMany({ where: { id, state }, data });
      return count > 0;
    },
    busy: () => prisma.restore.findMany({ where: { state: busy } }),
    waiting: () => prisma.restore.findMany({ where: { state: "waiting" } }),
    watching: () => prisma.restore.findMany({ where: { phase: "watching", state: "succeeded" } }),
    busyIn: (clusterId: string, datacenter: string, tx: Tx = prisma) =>
      tx.restore.count({ where: { clusterId, datacenter, state: busy } }),
    busyInCluster: (clusterId: string) => prisma.restore.count({ where: { clusterId, state: busy } }),
    busyAnywhere: () => prisma.restore.count({ where: { state: busy } }),
    /** From here on bytes are on their way. Numbered, because a clock that jumps would mix up what came first. */
    markSending: (id: string, at: Date) =>
      db.transaction(async (tx) => {
        const sendNumber = (await lastSend(tx)) + 1;
        await tx.restore.update({
          where: { id },
          data: { phase: "sending", firstByteSentAt: at, sendNumber },
        });
      }),
    /** The number of the newest restore that has sent a byte, wherever; 0: none. */
    sendsSoFar: (tx: Tx = prisma) => lastSend(tx),
    /** Restores of a place that sent bytes after that one: what was known of it before is worth nothing any more. */
    sentSince: (
      { clusterId, datacenter }: { clusterId: string | null; datacenter: string },
      sendNumber: number,
      { tx = prisma }: { tx?: Tx } = {},
    ) => tx.restore.count({ where: { clusterId, datacenter, sendNumber: { gt: sendNumber } } }),
    /** What still needs this snapshot: as what is restored, or as the way back. */
    usersOf: (snapshotId: string, since: Date) =>
      prisma.restore.findMany({
        where: {
          AND: [
            { OR: [{ snapshotId }, { safetySnapshotId: snapshotId }] },
            {
              OR: [
                { state: { in: ["waiting", "running", "interrupted"] } },
                { state: "succeeded", phase: "watching" },
                { state: "unknown", startedAt: { gt: since } },
              ],
            },
          ],
        },
        select: { id: true, snapshotId: true },
      }),
    /** The newest restore of a place that succeeded and said when its first byte went. */
    lastSucceeded: (clusterId: string, datacenter: string) =>
      prisma.restore.findFirst({
        where: { clusterId, datacenter, state: "succeeded", firstByteSentAt: { not: null } },
        orderBy: { startedAt: "desc" },
        select: { firstByteSentAt: true, finishedAt: true, bytesTotal: true },
      }),
    /** Restores of a place since then that got as far as their safety snapshot, the newest first. */
    safetiesSince: (
      { clusterId, datacenter }: { clusterId: string | null; datacenter: string },
      { since, until }: { since: Date; until: Date },
    ) =>
      prisma.restore.findMany({
        where: {
          clusterId,
          datacenter,
          startedAt: { gt: since, lte: until },
          safetySnapshotId: { not: null },
        },
        orderBy: [{ startedAt: "desc" }, { id: "desc" }],
        select: { id: true, safetySnapshotId: true },
      }),
    watchingIn: (clusterId: string, datacenter: string) =>
      prisma.restore.findMany({ where: { clusterId, datacenter, phase: "watching", state: "succeeded" } }),
    returnsOf: (id: string) =>
      prisma.restore.findMany({
        where: { returnOf: id },
        orderBy: { startedAt: "asc" },
        select: { id: true },
      }),
    /** Newest first; `before` is the start time of the last row of the page before. */
    page: (before: TimeCursor | null, limit: number, reach: Reach) =>
      prisma.restore.findMany({
        where: { AND: [earlierThan(before), withinReach(reach)] },
        orderBy: [{ startedAt: "desc" }, { id: "desc" }],
        take: limit + 1,
      }),

    addEvent: (event: Prisma.RestoreEventUncheckedCreateInput, tx: Tx = prisma) =>
      tx.restoreEvent.create({ data: event }),
    updateEvent: (id: number, data: Prisma.RestoreEventUncheckedUpdateInput, tx: Tx = prisma) =>
      tx.restoreEvent.update({ where: { id }, data }),
    /** Steps that a process which is gone has left running. */
    endOpenSteps: (restoreId: string) =>
      prisma.restoreEvent.updateMany({
        where: { restoreId, kind: "step", state: "running" },
        data: { state: "failed", text: "Cut off: Snapkeep was stopped." },
      }),
    steps: (restoreId: string) =>
      prisma.restoreEvent.findMany({ where: { restoreId, kind: "step" }, orderBy: { id: "asc" } }),
    /** The newest lines, oldest first. */
    async log(restoreId: string, limit: number) {
      const where = { restoreId, kind: "log" };
      const lines = await prisma.restoreEvent.findMany({ where, orderBy: { id: "desc" }, take: limit });
      return { lines: lines.reverse(), total: await prisma.restoreEvent.count({ where }) };
    },
    addSample: (sample: Prisma.RestoreSampleUncheckedCreateInput) =>
      prisma.restoreSample.upsert({
        where: { restoreId_at: { restoreId: sample.restoreId, at: sample.at } },
        create: sample,
        update: sample,
      }),
    samples: (restoreId: string) =>
      prisma.restoreSample.findMany({ where: { restoreId }, orderBy: { at: "asc" } }),

    createPreflight: (row: Prisma.RestorePreflightUncheckedCreateInput, tx: Tx = prisma) =>
      tx.restorePreflight.create({ data: row }),
    findPreflight: (id: string, tx: Tx = prisma) => tx.restorePreflight.findUnique({ where: { id } }),
    updatePreflight: (id: string, data: Prisma.RestorePreflightUncheckedUpdateInput, tx: Tx = prisma) =>
      tx.restorePreflight.update({ where: { id }, data }),
    runningPreflights: () => prisma.restorePreflight.findMany({ where: { state: "running" } }),
  };
}

async function lastSend(tx: Tx): Promise<number> {
  const { _max } = await tx.restore.aggregate({ _max: { sendNumber: true } });
  return _max.sendNumber ?? 0;
}

function earlierThan(before: TimeCursor | null): Prisma.RestoreWhereInput {
  if (before === null) return {};
  return {
    startedAt: { lte: before.at },
    OR: [{ startedAt: { lt: before.at } }, { id: { lt: before.id } }],
  };
}
