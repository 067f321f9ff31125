import type { z } from "zod";
import { type Reach, withinReach } from "#core/access/contract.ts";
import type { Prisma, Snapshot } from "#core/db/generated/client.ts";
import type { Database, Tx } from "#core/db/index.ts";
import { AppError } from "#core/kernel/errors.ts";
import { keptStates, type listInput, type SnapshotState, type snapshotFilter } from "./contract.ts";

type Filter = z.output<typeof snapshotFilter>;
export type SnapshotRecord = Snapshot;
export type SnapshotStore = ReturnType<typeof createSnapshotStore>;

const kept = { state: { in: [...keptStates] } };
const inProgress = { state: { in: ["taking", "uploading"] } };
const newestFirst = [{ takenAt: "desc" as const }, { id: "desc" as const }];
const oldestFirst = [{ takenAt: "asc" as const }, { id: "asc" as const }];

export function createSnapshotStore(db: Database) {
  const { prisma } = db;

  return {
    create: (row: Prisma.SnapshotUncheckedCreateInput, tx: Tx = prisma) => tx.snapshot.create({ data: row }),
    find: (id: string) => prisma.snapshot.findUnique({ where: { id } }),
    placeOf: (id: string) =>
      prisma.snapshot.findUnique({ where: { id }, select: { clusterId: true, datacenter: true } }),
    update: (id: string, data: Prisma.SnapshotUncheckedUpdateInput, tx: Tx = prisma) =>
      tx.snapshot.update({ where: { id }, data }),
    /** Changes the row only while it is in one of `from`. @returns whether it did. */
    async updateIf(
      id: string,
      from: SnapshotState[],
      data: Prisma.SnapshotUncheckedUpdateInput,
      tx: Tx = prisma,
    ): Promise<boolean> {
      return (await tx.snapshot.updateMany({ where: { id, state: { in: from } }, data })).count === 1;
    },
    /** A pinned row is never marked, whoever pinned it a moment ago. */
    async markDeleting(id: string): Promise<boolean> {
      const where = { id, pinned: false, NOT: { state: { in: ["taking", "uploading"] } } };
      return (await prisma.snapshot.updateMany({ where, data: { state: "deleting" } })).count === 1;
    },
    remove: (id: string, tx: Tx = prisma) => tx.snapshot.deleteMany({ where: { id } }),
    /** A good archive of exactly these bytes. */
    goodBySha256: (archiveSha256: string) =>
      prisma.snapshot.findFirst({
        where: { archiveSha256, state: { in: ["verified", "stale"] } },
        select: { id: true },
      }),

    unfinished: () =>
      prisma.snapshot.findMany({ where: { state: { in: ["taking", "uploading", "deleting"] } } }),
    keptIds: () =>
      prisma.snapshot.findMany({ where: kept, select: { id: true, archiveBytes: true, state: true } }),
    runningIn: (clusterId: string, datacenter: string) =>
      prisma.snapshot.count({ where: { clusterId, datacenter, ...inProgress } }),

    lastKept: (clusterId: string, datacenter: string) =>
      prisma.snapshot.findFirst({
        where: { clusterId, datacenter, ...kept },
        orderBy: [{ takenAt: "desc" }, { id: "desc" }],
        select: { archiveBytes: true, durationMs: true },
      }),

    /** The archive before `takenAt` of the same datacenter, for the change in size. */
    previous: (clusterId: string | null, datacenter: string | null, takenAt: Date, tx: Tx = prisma) =>
      tx.snapshot.findFirst({
        where: { clusterId, datacenter, ...kept, takenAt: { lt: takenAt } },
        orderBy: newestFirst,
        select: { archiveBytes: true },
      }),

    newestVerified: (clusterId: string, datacenter: string) =>
      prisma.snapshot.findFirst({
        where: { clusterId, datacenter, state: "verified" },
        orderBy: newestFirst,
        select: { id: true },
      }),

    async page(input: z.output<typeof listInput>, reach: Reach) {
      const where = { AND: [toWhere(input), withinReach(reach)] };
      const keptInReach = { AND: [kept, withinReach(reach)] };
      const cursor = input.cursor === undefined ? null : parseCursor(input.cursor);
      const backwards = cursor?.direction === "newer";
      const found = await prisma.snapshot.findMany({
        where: cursor === null ? where : { AND: [where, beyond(cursor)] },
        orderBy: backwards ? oldestFirst : newestFirst,
        take: input.limit + 1,
      });
      const rows = found.slice(0, input.limit);
      if (backwards) rows.reverse();
      const first = rows[0];
      const [total, offset, stored] = await Promise.all([
        prisma.snapshot.count({ where }),
        first === undefined
          ? 0
          : prisma.snapshot.count({
              where: { AND: [where, beyond({ takenAt: first.takenAt, id: first.id, direction: "newer" })] },
            }),
        prisma.snapshot.aggregate({ where: keptInReach, _count: true, _sum: { archiveBytes: true } }),
      ]);
      const last = rows.at(-1);
      const moreOlder = backwards ? true : found.length > input.limit;
      return {
        rows,
        total,
        offset,
        storedCount: stored._count,
        storedBytes: Number(stored._sum.archiveBytes ?? 0n),
        nextCursor: last !== undefined && moreOlder ? toCursor(last, "older") : null,
        previousCursor: first !== undefined && offset > 0 ? toCursor(first, "newer") : null,
      };
    },

    /** Everything that the summary of one datacenter needs. */
    async datacenterFacts(clusterId: string | null, datacenter: string, since: Date) {
      const where = { clusterId, datacenter };
      const select = { takenAt: true, state: true, archiveBytes: true, raftIndex: true };
      const [lastGood, lastAttempt, recent] = await Promise.all([
        prisma.snapshot.findFirst({
          where: { ...where, state: "verified", NOT: { mode: "file" } },
          orderBy: newestFirst,
        }),
        prisma.snapshot.findFirst({ where: { ...where, NOT: { mode: "file" } }, orderBy: newestFirst }),
        prisma.snapshot.findMany({
          where: { ...where, takenAt: { gte: since }, NOT: { mode: "file" } },
          orderBy: oldestFirst,
          select,
          take: 5_000,
        }),
      ]);
      return { lastGood, lastAttempt, recent };
    },
    datacenters: (reach: Reach) =>
      prisma.snapshot.groupBy({
        by: ["clusterId", "clusterName", "datacenter"],
        // An uploaded file alone makes no datacenter that somebody has to watch.
        where: { AND: [{ datacenter: { not: null }, NOT: { mode: "file" } }, withinReach(reach)] },
      }),
    stored: (reach: Reach) =>
      prisma.snapshot.aggregate({
        where: { AND: [kept, withinReach(reach)] },
        _count: true,
        _sum: { archiveBytes: true },
      }),
  };
}

function toWhere(filter: Filter): Prisma.SnapshotWhereInput {
  return {
    ...(filter.clusterId === undefined ? {} : { clusterId: filter.clusterId }),
    ...(filter.datacenter === undefined ? {} : { datacenter: filter.datacenter }),
    ...(filter.state === undefined ? {} : { state: filter.state }),
    ...(filter.source === undefined ? {} : { source: filter.source }),
    ...(filter.pinned === undefined ? {} : { pinned: filter.pinned }),
    ...(filter.from === undefined && filter.to === undefined
      ? {}
      : {
          takenAt: {
            ...(filter.from ? { gte: new Date(filter.from) } : {}),
            ...(filter.to ? { lt: new Date(filter.to) } : {}),
          },
        }),
    ...(filter.q === undefined || filter.q === "" ? {} : { OR: textMatches(filter.q) }),
  };
}

function textMatches(q: string): Prisma.SnapshotWhereInput[] {
  const digits = q.replace(/,/g, "");
  return [
    { note: { contains: q } },
    { id: { startsWith: q } },
    { datacenter: { contains: q } },
    { clusterName: { contains: q } },
    { byName: { contains: q } },
    { failureText: { contains: q } },
    { archiveSha256: { startsWith: q.replace(/\s/g, "").toLowerCase() } },
    ...(/^\d{1,15}$/.test(digits) ? [{ raftIndex: BigInt(digits) }] : []),
  ];
}

type Cursor = { takenAt: Date; id: string; direction: "older" | "newer" };

/** One range over the index first, then the tie: 0.9 ms over a million rows, where the plain OR takes 98. */
function beyond({ takenAt, id, direction }: Cursor): Prisma.SnapshotWhereInput {
  return direction === "older"
    ? { takenAt: { lte: takenAt }, OR: [{ takenAt: { lt: takenAt } }, { id: { lt: id } }] }
    : { takenAt: { gte: takenAt }, OR: [{ takenAt: { gt: takenAt } }, { id: { gt: id } }] };
}

function toCursor(row: { takenAt: Date; id: string }, direction: Cursor["direction"]): string {
  return Buffer.from(`${direction} ${row.takenAt.toISOString()} ${row.id}`).toString("base64url");
}

function parseCursor(text: string): Cursor {
  const [direction, time = "", id = ""] = Buffer.from(text, "base64url").toString("utf8").split(" ");
  const takenAt = new Date(time);
  if ((direction !== "older" && direction !== "newer") || Number.isNaN(takenAt.getTime()) || id === "") {
    throw new AppError({
      code: "invalid_input",
      field: "cursor",
      userMessage: "This page address is wrong. Go back to the first page.",
    });
  }
  return { direction, takenAt, id };
}
