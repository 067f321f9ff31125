import type { Database, Tx } from "#core/db/index.ts";

export type NewTicket = {
  id: string;
  kind: string;
  objectId: string;
  userId: string;
  contextJson: string;
  correlationId: string;
  expiresAt: Date;
};
export type NewPasskey = {
  id: string;
  name: string;
  publicKey: string;
  userId: string;
  credentialID: string;
  counter: number;
  deviceType: string;
  backedUp: boolean;
  transports: string | null;
  createdAt: Date;
  aaguid: string | null;
};
type UserChange = {
  breakGlass?: boolean;
  disabledAt?: Date | null;
  lastSignInAt?: Date;
  twoFactorEnabled?: boolean;
};

/** What is kept about one person under the settings' keys. */
export const personKeys = {
  /** when a password was given out that must be changed at the first sign-in */
  oneTime: (userId: string) => `password.change:${userId}`,
  /** the time step of the last code that was used */
  totpStep: (userId: string) => `totp.step:${userId}`,
  /** from where somebody signed in lately */
  addresses: (userId: string) => `sign-in.addresses:${userId}`,
};

const ways = { accounts: { select: { providerId: true } }, _count: { select: { passkeys: true } } } as const;
/** The user names that sign in here; whoever comes from the identity provider has none. */
const credential = "credential";

export type UserRow = NonNullable<Awaited<ReturnType<AccessStore["findUser"]>>>;
export type AccessStore = ReturnType<typeof createAccessStore>;

export function createAccessStore(db: Database) {
  return { ...people(db), ...signIn(db), ...settings(db), ...tickets(db) };
}

function people(db: Database) {
  return {
    countUsers: () => db.prisma.user.count(),
    findUser: (id: string, tx: Tx = db.prisma) => tx.user.findUnique({ where: { id }, include: ways }),
    findUserByName: (username: string, tx: Tx = db.prisma) =>
      tx.user.findUnique({ where: { username }, include: ways }),
    findUserByAccount: (providerId: string, accountId: string, tx: Tx = db.prisma) =>
      tx.user.findFirst({ where: { accounts: { some: { providerId, accountId } } }, include: ways }),
    listUsers: (tx: Tx = db.prisma) => tx.user.findMany({ include: ways, orderBy: { name: "asc" } }),
    setGrants: (id: string, grantsJson: string, grantsFrom: string, tx: Tx = db.prisma) =>
      tx.user.update({ where: { id }, data: { grantsJson, grantsFrom } }),
    changeUser: (id: string, data: UserChange, tx: Tx = db.prisma) => tx.user.update({ where: { id }, data }),
    /** Sessions, passwords, codes and passkeys go along; API tokens stay as rows that are good for nothing. */
    async removeUser(id: string, now: Date, tx: Tx): Promise<void> {
      await tx.apiToken.updateMany({ where: { makerId: id, revokedAt: null }, data: { revokedAt: now } });
      await tx.setting.deleteMany({
        where: { key: { in: Object.values(personKeys).map((key) => key(id)) } },
      });
      await tx.user.delete({ where: { id } });
    },
    /** How many sessions and good API tokens each person has. */
    async countsByUser(now: Date, tx: Tx = db.prisma) {
      const sessions = await tx.session.groupBy({
        by: ["userId"],
        where: { expiresAt: { gt: now } },
        _count: { _all: true },
      });
      const tokens = await tx.apiToken.groupBy({
        by: ["makerId"],
        where: { revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] },
        _count: { _all: true },
      });
      return {
        sessions: new Map(sessions.map((row) => [row.userId, row._count._all])),
        tokens: new Map(tokens.map((row) => [row.makerId, row._count._all])),
      };
    },
  };
}

function signIn(db: Database) {
  return {
    passwordHash: async (userId: string, tx: Tx = db.prisma) =>
      (await tx.account.findFirst({ where: { userId, providerId: credential } }))?.password ?? null,
    setPasswordHash: (userId: string, password: string, tx: Tx = db.prisma) =>
      tx.account.updateMany({ where: { userId, providerId: credential }, data: { password } }),

    listSessions: (userId: string, now: Date, tx: Tx = db.prisma) =>
      tx.session.findMany({ where: { userId, expiresAt: { gt: now } }, orderBy: { createdAt: "desc" } }),
    /** @param exceptId the one that stays. @returns how many ended. */
    endSessions: async (userId: string, exceptId: string | null, tx: Tx = db.prisma) =>
      (
        await tx.session.deleteMany({
          where: { userId, ...(exceptId === null ? {} : { NOT: { id: exceptId } }) },
        })
      ).count,
    endSession: async (userId: string, id: string, tx: Tx = db.prisma) =>
      (await tx.session.deleteMany({ where: { userId, id } })).count === 1,
    touchSession: (id: string, now: Date) =>
      db.prisma.session.updateMany({ where: { id }, data: { updatedAt: now } }),

    findTwoFactor: (userId: string, tx: Tx = db.prisma) => tx.twoFactor.findFirst({ where: { userId } }),
    /** Takes the place of whatever was there. */
    async putTwoFactor(row: { id: string; userId: string; secret: string; backupCodes: string }, tx: Tx) {
      await tx.twoFactor.deleteMany({ where: { userId: row.userId } });
      await tx.twoFactor.create({ data: { ...row, verified: false } });
    },
    confirmTwoFactor: (userId: string, backupCodes: string, tx: Tx) =>
      tx.twoFactor.updateMany({ where: { userId }, data: { backupCodes, verified: true } }),
    removeTwoFactor: (userId: string, tx: Tx) => tx.twoFactor.deleteMany({ where: { userId } }),

    listPasskeys: (userId: string, tx: Tx = db.prisma) =>
      tx.passkey.findMany({ where: { userId }, orderBy: { createdAt: "asc" } }),
    findPasskey: (credentialID: string) => db.prisma.passkey.findFirst({ where: { credentialID } }),
    addPasskey: (data: NewPasskey, tx: Tx) => tx.passkey.create({ data }),
    setPasskeyCounter: (id: string, counter: number) =>
      db.prisma.passkey.updateMany({ where: { id }, data: { counter } }),
    renamePasskey: async (userId: string, id: string, name: string, tx: Tx) =>
      (await tx.passkey.updateMany({ where: { id, userId }, data: { name } })).count === 1,
    /** @param id null: all of them. @returns how many. */
    removePasskeys: async (userId: string, id: string | null, tx: Tx) =>
      (await tx.passkey.deleteMany({ where: { userId, ...(id === null ? {} : { id }) } })).count,
  };
}

function settings(db: Database) {
  return {
    readSetting: async (key: string, tx: Tx = db.prisma) =>
      (await tx.setting.findUnique({ where: { key } }))?.value ?? null,
    settingsThatBegin: (prefix: string, tx: Tx = db.prisma) =>
      tx.setting.findMany({ where: { key: { startsWith: prefix } } }),
    writeSetting: (key: string, value: string, tx: Tx = db.prisma) =>
      tx.setting.upsert({ where: { key }, create: { key, value }, update: { value } }),
    removeSetting: (key: string, tx: Tx = db.prisma) => tx.setting.deleteMany({ where: { key } }),
    /** Removes the setting only if it still holds `value`. @returns whether this call removed it. */
    takeSetting: async (key: string, value: string, tx: Tx) =>
      (await tx.setting.deleteMany({ where: { key, value } })).count === 1,
  };
}

function tickets(db: Database) {
  return {
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
