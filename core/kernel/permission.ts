/** Every permission there is. `core/access/contract.ts` says which role holds which. Unknown means refused. */
export const permissions = [
  "cluster.read",
  "cluster.manage",
  "snapshot.read",
  /** The values of keys in a snapshot; those that look like credentials stay closed. */
  "snapshot.values",
  "snapshot.take",
  "snapshot.upload",
  "snapshot.download",
  "snapshot.pin",
  "snapshot.delete",
  "restore.read",
  "restore.run",
  "audit.read",
  /** What is closed by default: credentials among keys, tokens, private keys. Each time with a reason. */
  "secret.reveal",
] as const;

export type Permission = (typeof permissions)[number];
