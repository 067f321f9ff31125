import type { Database, Tx } from "#core/db/index.ts";

export type NewTicket = {
  id: string;
  kind: "download" | "upload" | "export";
  objectId: string;
  userId: string;
  contextJson: string;
  correlationId: string;
  expiresAt: Date;
};

export function createAccessStore(db: Database) {
  return {
    countUsers: () => db.prisma.user.count(),
    setRole: (userId: string, role: string) =>
      db.prisma.user.update({ where: { id: userId }, data: { role } }),

    readSetting: async (key: string, tx: Tx = db.prisma) =>
      (await tx.setting.findUnique({ where: { key } }))?.value ?? null,
    writeSetting: (key: string, value: string, tx: Tx = db.prisma) =>
      tx.setting.upsert({ where: { key }, create: { key, value }, update: { value } }),
    /** Removes the setting only if it still holds `value`. @returns whether this call removed it. */
    takeSetting: async (key: string, value: string, tx: Tx) =>
      (await tx.setting.deleteMany({ where: { key, value } })).count === 1,

    addTicket: (ticket: NewTicket, tx: Tx = db.prisma) => tx.ticket.create({ data: ticket }),
    findTicket: (id: string) => db.prisma.ticket.findUnique({ where: { id } }),
    /** A conditional write: of two that redeem at the same time, one gets true. */
    redeemTicket: async (id: string, now: Date) =>
      (
        await db.prisma.ticket.updateMany({
          where: { id, redeemedAt: null, expiresAt: { gt: now } },
          data: { redeemedAt: now },
        })
      ).count === 1,
    unusedTickets: () =>
      db.prisma.ticket.findMany({ where: { redeemedAt: null }, select: { correlationId: true } }),
    /** Removes tickets that ended long ago and returns those that nobody ever redeemed. */
    async sweepTickets(before: Date) {
      const unused = await db.prisma.ticket.findMany({
        where: { expiresAt: { lt: before }, redeemedAt: null },
      });
      await db.prisma.ticket.deleteMany({ where: { expiresAt: { lt: before } } });
      return unused;
    },
  };
}
