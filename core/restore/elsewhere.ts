import { addressesSha256, type ClusterService } from "#core/clusters/index.ts";
import type { RestoreRecord } from "./store.ts";

export const elsewhereText = "The cluster has another address now";

/** Whether the cluster's addresses are others than those that a restore went to: then another Consul would answer. */
export async function isElsewhere(
  clusters: ClusterService,
  { clusterId, addressesSha256: then }: Pick<RestoreRecord, "clusterId" | "addressesSha256">,
): Promise<boolean> {
  const cluster = clusterId === null ? null : await clusters.get(clusterId).catch(() => null);
  return cluster !== null && then !== null && addressesSha256(cluster.addresses) !== then;
}
