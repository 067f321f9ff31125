/** Every permission there is. `core/access/contract.ts` says which role holds which. Unknown means refused. */
export const permissions = [
  "cluster.read",
  "cluster.manage",
  "snapshot.read",
  "snapshot.take",
  "snapshot.upload",
  "snapshot.download",
  "snapshot.pin",
  "snapshot.delete",
  "restore.read",
  "restore.run",
  "audit.read",
] as const;

export type Permission = (typeof permissions)[number];
