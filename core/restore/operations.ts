import type { AuditService, AuditSubject } from "#core/audit/index.ts";
import type { ClusterService } from "#core/clusters/index.ts";
import type { ActContext } from "#core/db/index.ts";
import { beginAfterCommit, byOf } from "#core/kernel/long-act.ts";
import { defineOperation } from "#core/kernel/operation.ts";
import { createTargetInto, type SnapshotService } from "#core/snapshots/index.ts";
import {
  checkAgainInput,
  checkTokenInput,
  declineInput,
  preflight,
  restoreDetail,
  restoreListInput,
  restorePage,
  restoreRef,
  returnInput,
  startPreflightInput,
  startRestoreInput,
  tokenCheck,
} from "./contract.ts";
import type { Preflights } from "./preflights.ts";
import type { RestoreService } from "./service.ts";

const all = { kind: "restore", id: null, label: "restores" };
const labelOf = (aim: { snapshotId: string; datacenter: string; clusterName: string }): string =>
  `${aim.datacenter} in ${aim.clusterName} from ${aim.snapshotId}`;

export function createRestoreOperations(deps: {
  restores: RestoreService;
  preflights: Preflights;
  clusters: ClusterService;
  snapshots: SnapshotService;
  audit: AuditService;
}) {
  const { restores, preflights, clusters, snapshots, audit } = deps;
  const targetOf = async (id: string) => {
    const row = await restores.row(id);
    const { snapshotId, clusterId, datacenter } = row;
    return { kind: "restore", id, label: labelOf(row), snapshotId, places: [{ clusterId, datacenter }] };
  };
  const newTarget = createTargetInto({ clusters, snapshots }, labelOf);
  const preflightTarget = async (_context: ActContext, { id }: { id: string }) => {
    const row = await preflights.row(id);
    const { snapshotId, clusterId, datacenter } = row;
    const from = await snapshots.placeOf(snapshotId);
    const places = [{ clusterId, datacenter }, from];
    return { kind: "preflight", id, label: labelOf(row), snapshotId, places };
  };
  const running = {
    output: restoreRef,
    permission: "restore.run" as const,
    seenWith: "restore.read" as const,
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
      output: restoreDetail,
      permission: "restore.read",
      audit: "none",
      auditAction: "restore.get",
      seenWith: "restore.read",
      target: (_context: ActContext, input) => targetOf(input.id),
      run: (context: ActContext, input) => restores.get(input.id, context.caller),
    }),
    "restores.startPreflight": defineOperation({
      name: "restores.startPreflight",
      input: startPreflightInput,
      output: restoreRef,
      permission: "restore.run",
      audit: "long-act",
      auditAction: "restore.preflight",
      seenWith: "cluster.read",
      target: newTarget,
      run: async (context: ActContext, input) =>
        beginAfterCommit(context, await preflights.prepare(input, byOf(context), context.tx)),
    }),
    "restores.preflight": defineOperation({
      name: "restores.preflight",
      input: restoreRef,
      output: preflight,
      permission: "restore.read",
      audit: "none",
      auditAction: "restore.preflight",
      seenWith: "restore.read",
      target: preflightTarget,
      run: (_context: ActContext, input) => preflights.get(input.id),
    }),
    "restores.checkToken": defineOperation({
      name: "restores.checkToken",
      input: checkTokenInput,
      output: tokenCheck,
      permission: "restore.run",
      // Whether a secret stands in a snapshot is worth knowing who asked.
      audit: "read",
      auditAction: "restore.check_token",
      seenWith: "restore.read",
      target: preflightTarget,
      run: (_context: ActContext, input) => preflights.checkToken(input.id, input.token),
    }),
    "restores.start": defineOperation({
      name: "restores.start",
      input: startRestoreInput,
      ...running,
      audit: "long-act",
      auditAction: "restore.run",
      seenWith: "cluster.read",
      target: newTarget,
      reason: (input) => input.reason,
      before: restores.assertTokenAfter,
      run: async (context: ActContext, input) =>
        beginAfterCommit(context, await restores.prepare(input, byOf(context), context.tx)),
    }),
    "restores.request": defineOperation({
      name: "restores.request",
      input: startRestoreInput,
      ...running,
      audit: "change",
      auditAction: "restore.request",
      seenWith: "cluster.read",
      target: newTarget,
      reason: (input) => input.reason,
      before: restores.assertTokenAfter,
      run: async (context: ActContext, input) => {
        const { id } = await restores.request(input, byOf(context), context.tx);
        context.subject.target = { ...context.subject.target, id };
        return { id };
      },
    }),
    "restores.approve": defineOperation({
      name: "restores.approve",
      input: restoreRef,
      ...running,
      permission: "restore.approve",
      audit: "change",
      auditAction: "restore.approve",
      target: (_context: ActContext, input) => targetOf(input.id),
      run: async (context: ActContext, input) => {
        const { correlationId, reason } = await restores.row(input.id);
        const { start } = await restores.approve(input.id, context.caller, context.tx);
        // The run belongs to the request, and it is the second person's yes that begins it.
        const subject: AuditSubject = { ...context.subject, action: "restore.run", reason, correlationId };
        await audit.write(subject, "intent", null, context.tx);
        context.afterCommit(() => start(subject));
        return { id: input.id };
      },
    }),
    "restores.decline": defineOperation({
      name: "restores.decline",
      input: declineInput,
      ...running,
      permission: "restore.approve",
      audit: "change",
      auditAction: "restore.decline",
      target: (_context: ActContext, input) => targetOf(input.id),
      reason: (input) => input.reason,
      run: async (context: ActContext, input) => {
        await restores.decline(input.id, context.caller, input.reason, context.tx);
        return { id: input.id };
      },
    }),
    "restores.returnToSafety": defineOperation({
      name: "restores.returnToSafety",
      input: returnInput,
      ...running,
      audit: "long-act",
      auditAction: "restore.run",
      target: (_context: ActContext, input) => targetOf(input.id),
      reason: (input) => input.reason,
      run: async (context: ActContext, input) =>
        beginAfterCommit(context, await restores.prepareReturn(input, byOf(context), context.tx)),
    }),
    "restores.checkAgain": defineOperation({
      name: "restores.checkAgain",
      input: checkAgainInput,
      ...running,
      audit: "long-act",
      auditAction: "restore.check",
      target: (_context: ActContext, input) => targetOf(input.id),
      run: async (context: ActContext, input) =>
        beginAfterCommit(context, await restores.prepareCheck(input.id, input.token, context.tx)),
    }),
    "restores.finishWatch": defineOperation({
      name: "restores.finishWatch",
      input: restoreRef,
      ...running,
      audit: "act",
      auditAction: "restore.finish_watch",
      target: (_context: ActContext, input) => targetOf(input.id),
      run: async (_context: ActContext, input) => {
        await restores.finishWatch(input.id);
        return { id: input.id };
      },
    }),
    "restores.cancel": defineOperation({
      name: "restores.cancel",
      input: restoreRef,
      ...running,
      audit: "act",
      auditAction: "restore.cancel",
      target: (_context: ActContext, input) => targetOf(input.id),
      run: async (context: ActContext, input) => {
        await restores.cancel(input.id, context.caller.name);
        return { id: input.id };
      },
    }),
  };
}
