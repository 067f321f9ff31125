import type { ClusterService } from "#core/clusters/index.ts";
import type { ActContext } from "#core/db/index.ts";
import { defineOperation } from "#core/kernel/operation.ts";
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

const all = { kind: "restore", id: null, label: "restores" };

export function createRestoreOperations(deps: { restores: RestoreService; clusters: ClusterService }) {
  const { restores, clusters } = deps;
  return {
    "restores.list": defineOperation({
      name: "restores.list",
      input: restoreListInput,
      output: restorePage,
      permission: "restore.read",
      audit: "none",
      auditAction: "restore.list",
      target: () => all,
      run: (_context: ActContext, input) => restores.page(input),
    }),
    "restores.get": defineOperation({
      name: "restores.get",
      input: restoreRef,
      output: restoreRow,
      permission: "restore.read",
      audit: "none",
      auditAction: "restore.get",
      target: () => all,
      run: (_context: ActContext, input) => restores.get(input.id),
    }),
    "restores.review": defineOperation({
      name: "restores.review",
      input: reviewInput,
      output: restoreReview,
      permission: "restore.run",
      audit: "none",
      auditAction: "restore.review",
      target: () => all,
      run: (_context: ActContext, input) => restores.review(input),
    }),
    "restores.start": defineOperation({
      name: "restores.start",
      input: startRestoreInput,
      output: restoreRef,
      permission: "restore.run",
      audit: "long-act",
      auditAction: "restore.run",
      target: async (_context: ActContext, input) => {
        const cluster = await clusters.get(input.clusterId);
        const label = `${input.datacenter} in ${cluster.name} from ${input.snapshotId}`;
        return { kind: "datacenter", id: null, label, clusterId: cluster.id, datacenter: input.datacenter };
      },
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
      target: async (_context: ActContext, input) => {
        const found = await restores.get(input.id);
        const label = `${found.datacenter} in ${found.clusterName} from ${found.snapshotId}`;
        return {
          kind: "restore",
          id: found.id,
          label,
          clusterId: found.clusterId,
          datacenter: found.datacenter,
        };
      },
      run: async (context: ActContext, input) => {
        await restores.cancel(input.id, context.caller.name);
        return { id: input.id };
      },
    }),
  };
}
