import type { z } from "zod";
import type { Prisma } from "#core/db/generated/client.ts";
import type { Database, Tx } from "#core/db/index.ts";
import type { AuditEntry, auditListInput } from "./contract.ts";

/** What a writer hands over; the store adds the entry number. */
export type NewAuditEntry = Omit<AuditEntry, "entry" | "at"> & { at: Date; actorId: string | null };

export function createAuditStore(db: Database) {
  return {
    /** Adds one row. With `tx` it commits or vanishes together with the change that it tells of. */
    async append(entry: NewAuditEntry, tx: Tx = db.prisma): Promise<number> {
      const row = await tx.auditEntry.create({ data: entry, select: { entry: true } });
      return row.entry;
    },

    async list(input: z.output<typeof auditListInput>) {
      const filter = toWhere(input);
      const where: Prisma.AuditEntryWhereInput =
        input.before === undefined ? filter : { AND: [filter, { entry: { lt: input.before } }] };
      const rows = await db.prisma.auditEntry.findMany({
        where,
        orderBy: { entry: "desc" },
        take: input.limit + 1,
      });
      const total = await db.prisma.auditEntry.count({ where: filter });
      return { rows: rows.slice(0, input.limit), total, more: rows.length > input.limit };
    },

    /** Intents that no outcome followed, oldest first. */
    async openIntents() {
      const open = await db.prisma.$queryRaw<{ entry: number | bigint }[]>`
        SELECT "entry" FROM "AuditEntry" AS "intent" WHERE "outcome" = 'intent' AND NOT EXISTS (
          SELECT 1 FROM "AuditEntry" AS "after"
          WHERE "after"."correlationId" = "intent"."correlationId" AND "after"."outcome" <> 'intent')`;
      const entries = open.map((row) => Number(row.entry));
      return db.prisma.auditEntry.findMany({
        where: { entry: { in: entries } },
        orderBy: { entry: "asc" },
      });
    },
  };
}

function toWhere(input: z.output<typeof auditListInput>): Prisma.AuditEntryWhereInput {
  const q = input.q;
  return {
    ...(input.action === undefined ? {} : { action: { startsWith: input.action } }),
    ...(input.outcome === undefined ? {} : { outcome: input.outcome }),
    ...(q === undefined || q === ""
      ? {}
      : {
          OR: [
            { target: { contains: q } },
            { targetId: q },
            { requestId: q },
            { actorName: { contains: q } },
            { address: { startsWith: q } },
          ],
        }),
  };
}
