import type { ClusterService, HealthMonitor } from "#core/clusters/index.ts";
import type { Clock } from "#core/kernel/clock.ts";
import type { SnapshotService } from "#core/snapshots/index.ts";
import type { Preflight, PreflightLine } from "../contract.ts";
import type { RestoreStore } from "../store.ts";
import { mayGoWithout } from "../without-safety.ts";

export type TargetFactsDeps = {
  store: RestoreStore;
  snapshots: SnapshotService;
  clusters: ClusterService;
  health: HealthMonitor;
  clock: Clock;
};

/** Who asks twice a second is answered with what was seen just now. */
const targetFreshMs = 2_000;

/** The target as a preflight shows it: what it answers now, and what is known of it. */
export function createTargetFacts(deps: TargetFactsDeps) {
  const { store, snapshots, clusters, health, clock } = deps;

  /** As the last restore of the place, in proportion to the bytes. */
  async function expectedMs(clusterId: string, datacenter: string, bytes: number | null) {
    const last = await store.lastSucceeded(clusterId, datacenter);
    if (last?.firstByteSentAt == null || last.finishedAt === null || bytes === null) return null;
    const tookMs = Math.max(0, last.finishedAt.getTime() - last.firstByteSentAt.getTime());
    return Math.round((tookMs * bytes) / Math.max(1, Number(last.bytesTotal)));
  }

  return async function targetFacts(
    clusterId: string,
    datacenter: string,
    { lines, archiveBytes }: { lines: readonly PreflightLine[]; archiveBytes: number | null },
  ): Promise<Preflight["target"]> {
    const { restoreApproval, name } = await clusters.get(clusterId);
    const { datacenters } = await health.datacenters();
    const seen = datacenters.find((each) => each.clusterId === clusterId && each.datacenter === datacenter);
    const ageMs =
      seen?.checkedAt == null ? Number.POSITIVE_INFINITY : clock.nowMs() - Date.parse(seen.checkedAt);
    const now =
      seen !== undefined && Math.abs(ageMs) < targetFreshMs
        ? seen
        : await health.check(clusterId, datacenter);
    const last = await snapshots.lastOf(clusterId, datacenter);
    const { state, leader, problem, consulVersion, serversTotal, serversHealthy, raftIndex } = now;
    return {
      clusterId,
      clusterName: name,
      datacenter,
      state,
      leader,
      problem,
      consulVersion,
      serversTotal,
      serversHealthy,
      raftIndex,
      needsApproval: restoreApproval === "second-person",
      lastSnapshotBytes: last.bytes,
      lastSnapshotMs: last.ms,
      expectedMs: await expectedMs(clusterId, datacenter, archiveBytes),
      withoutSafety: await mayGoWithout(deps, { clusterId, datacenter }, lines),
    };
  };
}
