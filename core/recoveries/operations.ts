import type { ClusterService } from "#core/clusters/index.ts";
import type { ActContext } from "#core/db/index.ts";
import { isAppError } from "#core/kernel/errors.ts";
import { beginAfterCommit, byOf } from "#core/kernel/long-act.ts";
import { defineOperation } from "#core/kernel/operation.ts";
import { createTargetInto, type SnapshotService } from "#core/snapshots/index.ts";
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

const all = { kind: "recovery", id: null, label: "recoveries" };
const labelOf = (aim: { snapshotId: string; datacenter: string; clusterName: string }): string =>
  `part of ${aim.snapshotId} into ${aim.datacenter} in ${aim.clusterName}`;

export function createRecoveryOperations(deps: {
  recoveries: RecoveryService;
  clusters: ClusterService;
  snapshots: SnapshotService;
}) {
  const { recoveries, clusters, snapshots } = deps;
  const targetOf = async (id: string) => {
    const row = await recoveries.get(id);
    const { snapshotId, clusterId, datacenter } = row;
    return { kind: "recovery", id, label: labelOf(row), snapshotId, places: [{ clusterId, datacenter }] };
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
  const newTarget = createTargetInto({ clusters, snapshots }, labelOf);
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
      run: async (context: ActContext, input) =>
        beginAfterCommit(context, await recoveries.preparePlan(input, byOf(context), context.tx)),
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
      run: async (context: ActContext, input) =>
        beginAfterCommit(context, await recoveries.prepareApply(input, byOf(context), context.tx)),
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
      run: async (context: ActContext, input) =>
        beginAfterCommit(context, await recoveries.prepareUndo(input, byOf(context), context.tx)),
    }),
  };
}
