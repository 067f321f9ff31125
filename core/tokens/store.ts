import type { ApiToken } from "#core/db/generated/client.ts";
import type { Database, Tx } from "#core/db/index.ts";

export type TokenRow = ApiToken;

export function createTokenStore(db: Database) {
  const { prisma } = db;
  return {
    create: (row: TokenRow, tx: Tx = prisma) => tx.apiToken.create({ data: row }),
    find: (id: string) => prisma.apiToken.findUnique({ where: { id } }),
    findByHash: (hash: string) => prisma.apiToken.findUnique({ where: { hash } }),
    /** @param makerId null: everybody's. */
    list: (makerId: string | null) =>
      prisma.apiToken.findMany({
        where: makerId === null ? {} : { makerId },
        orderBy: [{ revokedAt: { sort: "asc", nulls: "first" } }, { createdAt: "desc" }],
      }),
    revoke: (id: string, revokedAt: Date, tx: Tx) =>
      tx.apiToken.update({ where: { id }, data: { revokedAt } }),
    used: (id: string, lastUsedAt: Date, lastUsedBy: string) =>
      prisma.apiToken.update({ where: { id }, data: { lastUsedAt, lastUsedBy } }),
  };
}

export type TokenStore = ReturnType<typeof createTokenStore>;
