import { evaluate } from "#core/access/contract.ts";
import type { ClusterService } from "#core/clusters/index.ts";
import type { ActContext } from "#core/db/index.ts";
import { defineOperation } from "#core/kernel/operation.ts";
import type { SnapshotService } from "#core/snapshots/index.ts";
import {
  restoreListInput,
  restorePage,
  restoreRef,
  restoreReview,
  restoreRow,
  reviewInput,
  startRestoreInput,
} from "./contract.ts";
import type { RestoreService } from "./service.ts";

type NewRestore = { snapshotId: string; clusterId: string; datacenter: string };

const all = { kind: "restore", id: null, label: "restores" };

export function createRestoreOperations(deps: {
  restores: RestoreService;
  clusters: ClusterService;
  snapshots: SnapshotService;
}) {
  const { restores, clusters, snapshots } = deps;
  const targetOf = async (id: string) => {
    const { snapshotId, clusterId, clusterName, datacenter } = await restores.get(id);
    const label = `${datacenter} in ${clusterName} from ${snapshotId}`;
    return { kind: "restore", id, label, snapshotId, places: [{ clusterId, datacenter }] };
  };
  /** Where it would land and where it comes from: putting one datacenter's secrets into another needs both. */
  const newTarget = async ({ caller }: ActContext, input: NewRestore) => {
    const { snapshotId, clusterId, datacenter } = input;
    const { name } = await clusters.get(clusterId);
    const from = await snapshots.placeOf(snapshotId);
    const into = { clusterId, datacenter };
    // A refusal is worded after the first of the two that the caller may not know of, as it is for unknown ones.
    const seesCluster = caller.kind === "system" || evaluate(caller, "cluster.read", [into]).allowed;
    return {
      kind: seesCluster ? "snapshot" : "cluster",
      id: null,
      label: `${datacenter} in ${name} from ${snapshotId}`,
      snapshotId,
      places: [into, from],
    };
  };
  return {
    "restores.list": defineOperation({
      name: "restores.list",
      input: restoreListInput,
      output: restorePage,
      permission: "restore.read",
      audit: "none",
      auditAction: "restore.list",
      target: () => all,
      run: (context: ActContext, input) => restores.page(input, context.reach),
    }),
    "restores.get": defineOperation({
      name: "restores.get",
      input: restoreRef,
      output: restoreRow,
      permission: "restore.read",
      audit: "none",
      auditAction: "restore.get",
      seenWith: "restore.read",
      target: (_context: ActContext, input) => targetOf(input.id),
      run: (_context: ActContext, input) => restores.get(input.id),
    }),
    "restores.review": defineOperation({
      name: "restores.review",
      input: reviewInput,
      output: restoreReview,
      permission: "restore.run",
      audit: "none",
      auditAction: "restore.review",
      seenWith: "cluster.read",
      target: newTarget,
      run: (_context: ActContext, input) => restores.review(input),
    }),
    "restores.start": defineOperation({
      name: "restores.start",
      input: startRestoreInput,
      output: restoreRef,
      permission: "restore.run",
      audit: "long-act",
      auditAction: "restore.run",
      seenWith: "cluster.read",
      target: newTarget,
      reason: (input) => input.reason,
      run: async (context: ActContext, input) => {
        const userId = context.caller.kind === "person" ? context.caller.userId : null;
        const by = { userId, name: context.caller.name, correlationId: context.correlationId };
        const { id, start } = await restores.prepare(input, by, context.tx);
        context.afterCommit(() => start({ ...context.subject, target: { ...context.subject.target, id } }));
        return { id };
      },
    }),
    "restores.cancel": defineOperation({
      name: "restores.cancel",
      input: restoreRef,
      output: restoreRef,
      permission: "restore.run",
      audit: "act",
      auditAction: "restore.cancel",
      seenWith: "restore.read",
      target: (_context: ActContext, input) => targetOf(input.id),
      run: async (context: ActContext, input) => {
        await restores.cancel(input.id, context.caller.name);
        return { id: input.id };
      },
    }),
  };
}
