import { evaluate } from "#core/access/contract.ts";
import type { ClusterService } from "#core/clusters/index.ts";
import type { ActContext } from "#core/db/index.ts";
import { isAppError } from "#core/kernel/errors.ts";
import { defineOperation, personOf } from "#core/kernel/operation.ts";
import type { SnapshotService } from "#core/snapshots/index.ts";
import {
  applyInput,
  planInput,
  recovery,
  recoveryItemsInput,
  recoveryItemsPage,
  recoveryListInput,
  recoveryPage,
  recoveryRef,
  undoInput,
} from "./contract.ts";
import type { RecoveryService } from "./service.ts";

type NewPlan = { snapshotId: string; clusterId: string; datacenter: string };

const all = { kind: "recovery", id: null, label: "recoveries" };
const labelOf = (snapshotId: string, datacenter: string, clusterName: string): string =>
  `part of ${snapshotId} into ${datacenter} in ${clusterName}`;

export function createRecoveryOperations(deps: {
  recoveries: RecoveryService;
  clusters: ClusterService;
  snapshots: SnapshotService;
}) {
  const { recoveries, clusters, snapshots } = deps;
  const targetOf = async (id: string) => {
    const { snapshotId, clusterId, clusterName, datacenter } = await recoveries.get(id);
    const label = labelOf(snapshotId, datacenter, clusterName);
    return { kind: "recovery", id, label, snapshotId, places: [{ clusterId, datacenter }] };
  };
  /** A plan holds one place's data, and what of another one it would change: who sees it may see both. */
  const bothTarget = async (id: string) => {
    const target = await targetOf(id);
    const from = await snapshots.placeOf(target.snapshotId).catch((error: unknown) => {
      if (isAppError(error) && error.code === "not_found") return null;
      throw error;
    });
    return from === null ? target : { ...target, places: [...target.places, from] };
  };
  /** Where it would land and where it comes from. A refusal is worded after the first that the caller may not know of. */
  const newTarget = async ({ caller }: ActContext, input: NewPlan) => {
    const { snapshotId, clusterId, datacenter } = input;
    const { name } = await clusters.get(clusterId);
    const from = await snapshots.placeOf(snapshotId);
    const into = { clusterId, datacenter };
    const seesCluster = caller.kind === "system" || evaluate(caller, "cluster.read", [into]).allowed;
    const kind = seesCluster ? "snapshot" : "cluster";
    return { kind, id: null, label: labelOf(snapshotId, datacenter, name), snapshotId, places: [into, from] };
  };
  const seen = {
    permission: "restore.read" as const,
    seenWith: "restore.read" as const,
    audit: "none" as const,
    target: (_context: ActContext, input: { id: string }) => bothTarget(input.id),
  };

  return {
    "recoveries.list": defineOperation({
      name: "recoveries.list",
      input: recoveryListInput,
      output: recoveryPage,
      permission: "restore.read",
      audit: "none",
      auditAction: "recovery.list",
      target: () => all,
      run: (context: ActContext, input) => recoveries.page(input, context.reach),
    }),
    "recoveries.get": defineOperation({
      ...seen,
      name: "recoveries.get",
      input: recoveryRef,
      output: recovery,
      auditAction: "recovery.get",
      run: (_context: ActContext, input) => recoveries.get(input.id),
    }),
    "recoveries.items": defineOperation({
      ...seen,
      name: "recoveries.items",
      input: recoveryItemsInput,
      output: recoveryItemsPage,
      auditAction: "recovery.items",
      run: (_context: ActContext, input) => recoveries.items(input),
    }),
    "recoveries.plan": defineOperation({
      name: "recoveries.plan",
      input: planInput,
      output: recoveryRef,
      permission: "restore.run",
      audit: "long-act",
      auditAction: "recovery.plan",
      seenWith: "cluster.read",
      target: newTarget,
      run: async (context: ActContext, input) => {
        const { id, start } = await recoveries.preparePlan(input, byOf(context), context.tx);
        context.afterCommit(() => start({ ...context.subject, target: { ...context.subject.target, id } }));
        return { id };
      },
    }),
    "recoveries.apply": defineOperation({
      name: "recoveries.apply",
      input: applyInput,
      output: recoveryRef,
      permission: "restore.run",
      audit: "long-act",
      auditAction: "recovery.apply",
      seenWith: "restore.read",
      target: (_context: ActContext, input) => bothTarget(input.id),
      reason: (input) => input.reason,
      run: async (context: ActContext, input) => {
        const { id, start } = await recoveries.prepareApply(input, byOf(context), context.tx);
        context.afterCommit(() => start(context.subject));
        return { id };
      },
    }),
    "recoveries.undo": defineOperation({
      name: "recoveries.undo",
      input: undoInput,
      output: recoveryRef,
      permission: "restore.run",
      audit: "long-act",
      auditAction: "recovery.undo",
      seenWith: "restore.read",
      target: (_context: ActContext, input) => targetOf(input.id),
      reason: (input) => input.reason,
      run: async (context: ActContext, input) => {
        const { id, start } = await recoveries.prepareUndo(input, byOf(context), context.tx);
        context.afterCommit(() => start(context.subject));
        return { id };
      },
    }),
  };
}

const byOf = ({ caller, correlationId }: ActContext) => ({
  userId: personOf(caller),
  name: caller.name,
  correlationId,
});
