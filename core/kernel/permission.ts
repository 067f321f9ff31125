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
  /** The second person's yes, where a cluster's policy asks for one. */
  "restore.approve",
  /** Restoring into a throwaway Consul on Snapkeep's own machine, and when that happens by itself. */
  "drill.run",
  "audit.read",
  /** Archiving old segments and anchoring the head. */
  "audit.manage",
  /** What is closed by default: credentials among keys, tokens, private keys. Each time with a reason. */
  "secret.reveal",
  /** Making API tokens that may no more than their maker. */
  "token.make",
  /** People, their grants, their sessions, and everybody's tokens. */
  "access.manage",
] as const;

export type Permission = (typeof permissions)[number];

/**
 * A role for all clusters, for one, or for one datacenter of one. The role is a text: one that nobody knows any
 * more holds nothing.
 */
export type Grant = {
  role: string;
  /** null: every cluster, and what belongs to none. */
  clusterId: string | null;
  /** null: every datacenter of the cluster. */
  datacenter: string | null;
};

/** Where something is: a datacenter, a whole cluster (`datacenter` null), or the whole installation (both null). */
export type Place = { clusterId: string | null; datacenter: string | null };

/** What belongs to no cluster, such as the people; and what reaches over all of them. */
export const everywhere: Place = { clusterId: null, datacenter: null };

/** Whether a grant reaches a place. A grant for one datacenter doesn't reach the cluster as a whole. */
export function covers(grant: Pick<Grant, "clusterId" | "datacenter">, place: Place): boolean {
  if (grant.clusterId === null) return true;
  if (grant.clusterId !== place.clusterId) return false;
  return grant.datacenter === null || grant.datacenter === place.datacenter;
}
