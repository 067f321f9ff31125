import { type ClusterService, leadsElsewhere } from "#core/clusters/index.ts";
import type { Tx } from "#core/db/index.ts";
import { conflict } from "#core/kernel/errors.ts";
import type { Selection } from "./contract.ts";
import type { RecoveryRecord } from "./store.ts";

/** What a recovery has to know of restores. */
export type RestoresThere = {
  /** How many are running in a datacenter, or were cut off and not told yet. */
  busyIn: (clusterId: string, datacenter: string, tx: Tx) => Promise<number>;
  /** The number of the newest restore that has sent a byte. */
  sendsSoFar: (tx: Tx) => Promise<number>;
  /** How many have sent bytes to it after that one. */
  sentSince: (
    place: { clusterId: string | null; datacenter: string },
    sendNumber: number,
    more: { tx: Tx },
  ) => Promise<number>;
};
type Found = Pick<
  RecoveryRecord,
  "clusterId" | "datacenter" | "clusterUpdatedAt" | "addressesJson" | "sendsBefore" | "selectionJson"
>;
type Cluster = Awaited<ReturnType<ClusterService["get"]>>;

/** Reasons outside of a plan for which it may not be made, written or taken back. Each is an AppError `conflict`. */
export function createGuard({ clusters, restores }: { clusters: ClusterService; restores: RestoresThere }) {
  async function assertNoRestore({ clusterId, datacenter }: Found, tx: Tx): Promise<void> {
    if (clusterId !== null && (await restores.busyIn(clusterId, datacenter, tx)) > 0)
      throw conflict(`A restore of ${datacenter} is running. Wait until it has ended.`);
  }

  return {
    mayPlan: assertNoSecondPerson,

    async mayApply(found: Found, tx: Tx): Promise<void> {
      const { datacenter, sendsBefore } = found;
      await assertNoRestore(found, tx);
      const cluster = await clusters.get(found.clusterId ?? "");
      assertNoSecondPerson(cluster, JSON.parse(found.selectionJson) as Selection[]);
      // It may be another Consul by now.
      if (Date.parse(cluster.updatedAt) !== found.clusterUpdatedAt?.getTime())
        throw conflict("The cluster was changed since this plan was made. Make a new plan.");
      if ((await restores.sentSince(found, sendsBefore, { tx })) > 0)
        throw conflict(`${datacenter} was restored since this plan was made. Make a new plan.`);
    },

    async mayUndo(found: Found, tx: Tx): Promise<void> {
      const { datacenter, sendsBefore } = found;
      const { addresses } = await clusters.get(found.clusterId ?? "");
      if (leadsElsewhere(found.addressesJson, addresses))
        throw conflict("The cluster has none of its addresses of then, so what was applied is not there.");
      await assertNoRestore(found, tx);
      // Raft's index goes back with a restore, so an index of before may be somebody else's write of after.
      if ((await restores.sentSince(found, sendsBefore, { tx })) > 0)
        throw conflict(
          `${datacenter} was restored since it was applied, so there is nothing of it to take back.`,
        );
    },
  };
}

/** What gives rights, or is everything, asks for as many people as a restore does. */
function assertNoSecondPerson({ restoreApproval }: Cluster, selections: readonly Selection[]): void {
  const isAsMuch = (one: Selection) =>
    "prefix" in one
      ? one.prefix === ""
      : "kind" in one && (one.kind === "acl-policy" || one.kind === "acl-role");
  if (restoreApproval === "second-person" && selections.some(isAsMuch))
    throw conflict(
      "In this cluster that needs a second person. Restore the whole snapshot with one, or choose less.",
    );
}
