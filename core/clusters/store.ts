import type { Cluster } from "#core/db/generated/client.ts";
import type { Database, Tx } from "#core/db/index.ts";

export type ClusterRow = Cluster;

export function createClusterStore(db: Database) {
  return {
    list: () => db.prisma.cluster.findMany({ orderBy: { name: "asc" } }),
    find: (id: string) => db.prisma.cluster.findUnique({ where: { id } }),
    findByName: (name: string) => db.prisma.cluster.findUnique({ where: { name } }),
    create: (row: ClusterRow, tx: Tx) => tx.cluster.create({ data: row }),
    update: (id: string, row: Partial<ClusterRow>, tx: Tx) => tx.cluster.update({ where: { id }, data: row }),
    remove: (id: string, tx: Tx) => tx.cluster.delete({ where: { id } }),
    upsert: (row: ClusterRow) =>
      db.prisma.cluster.upsert({ where: { id: row.id }, create: row, update: row }),
    removeIfThere: (id: string) => db.prisma.cluster.deleteMany({ where: { id } }),
  };
}

export type ClusterStore = ReturnType<typeof createClusterStore>;
