import { type ClusterService, leadsElsewhere } from "#core/clusters/index.ts";
import type { RestoreRecord } from "./store.ts";

export const elsewhereText = "The cluster has none of its addresses of then";

/** Whether the cluster has none of the addresses that a restore went to: then another Consul would answer. */
export async function isElsewhere(
  clusters: ClusterService,
  { clusterId, addressesJson }: Pick<RestoreRecord, "clusterId" | "addressesJson">,
): Promise<boolean> {
  const cluster = clusterId === null ? null : await clusters.get(clusterId).catch(() => null);
  return cluster !== null && leadsElsewhere(addressesJson, cluster.addresses);
}
