import { evaluate } from "#core/access/contract.ts";
import type { ClusterService } from "#core/clusters/index.ts";
import type { ActContext } from "#core/db/index.ts";
import type { SnapshotService } from "./service.ts";

type Aim = { snapshotId: string; clusterId: string; datacenter: string };

/**
 * What an act is aimed at that brings a snapshot, or a part of it, into a datacenter: where it would land and where it
 * comes from, since putting one datacenter's secrets into another needs both.
 */
export function createTargetInto(
  deps: { clusters: Pick<ClusterService, "get">; snapshots: Pick<SnapshotService, "placeOf"> },
  labelOf: (aim: { snapshotId: string; datacenter: string; clusterName: string }) => string,
) {
  return async ({ caller }: ActContext, { snapshotId, clusterId, datacenter }: Aim) => {
    const { name: clusterName } = await deps.clusters.get(clusterId);
    const from = await deps.snapshots.placeOf(snapshotId);
    const into = { clusterId, datacenter };
    // A refusal is worded after the first of the two that the caller may not know of, as it is for unknown ones.
    const seesCluster = caller.kind === "system" || evaluate(caller, "cluster.read", [into]).allowed;
    return {
      kind: seesCluster ? "snapshot" : "cluster",
      id: null,
      label: labelOf({ snapshotId, datacenter, clusterName }),
      snapshotId,
      places: [into, from],
    };
  };
}
