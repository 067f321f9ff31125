import type { ClusterService } from "#core/clusters/index.ts";
import type { SnapshotService } from "#core/snapshots/index.ts";
import type { ComparisonSide } from "./contract.ts";

/** A snapshot of the history as a side. @throws AppError `not_found`. */
export async function snapshotSide(snapshots: SnapshotService, snapshotId: string): Promise<ComparisonSide> {
  await snapshots.inside(snapshotId);
  const row = await snapshots.get(snapshotId);
  const {
    clusterId,
    clusterName,
    datacenter,
    takenAt,
    raftIndex,
    archiveBytes,
    state,
    byName,
    note,
    source,
  } = row;
  return {
    snapshotId,
    clusterId,
    clusterName,
    datacenter,
    takenAt,
    raftIndex,
    archiveBytes,
    state,
    byName,
    note,
    source,
  };
}

/** The cluster as it is now, before its snapshot has been taken. @throws AppError `not_found`. */
export async function liveSide(
  clusters: ClusterService,
  side: { clusterId: string; datacenter: string },
  byName: string,
): Promise<ComparisonSide> {
  const { name } = await clusters.get(side.clusterId);
  return {
    snapshotId: null,
    clusterId: side.clusterId,
    clusterName: name,
    datacenter: side.datacenter,
    takenAt: null,
    raftIndex: null,
    archiveBytes: null,
    state: "taking",
    byName,
    note: "",
    source: "live",
  };
}
