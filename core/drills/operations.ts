import { z } from "zod";
import type { ClusterService } from "#core/clusters/index.ts";
import type { ActContext } from "#core/db/index.ts";
import { beginAfterCommit } from "#core/kernel/long-act.ts";
import { defineOperation } from "#core/kernel/operation.ts";
import type { SnapshotService } from "#core/snapshots/index.ts";
import {
  drillAbility,
  drillListInput,
  drillPage,
  drillRef,
  drillRow,
  drillScheduleList,
  saveDrillScheduleInput,
  startDrillInput,
} from "./contract.ts";
import type { DrillService } from "./service.ts";

const all = { kind: "drill", id: null, label: "drills" };

export function createDrillOperations(deps: {
  drills: DrillService;
  snapshots: SnapshotService;
  clusters: ClusterService;
}) {
  const { drills } = deps;
  const reading = { permission: "snapshot.read" as const, audit: "none" as const };
  const targetOf = async (id: string) => {
    const { snapshotId, clusterId, datacenter } = await drills.get(id);
    const label = `${datacenter ?? "archive"}, ${snapshotId}`;
    return { kind: "drill", id, label, snapshotId, places: [{ clusterId, datacenter }] };
  };
  return {
    "drills.list": defineOperation({
      name: "drills.list",
      input: drillListInput,
      output: drillPage,
      ...reading,
      auditAction: "drill.list",
      target: () => all,
      run: (context: ActContext, input) => drills.page(input, context.reach),
    }),
    "drills.get": defineOperation({
      name: "drills.get",
      input: drillRef,
      output: drillRow,
      ...reading,
      auditAction: "drill.get",
      seenWith: "snapshot.read",
      target: (_context: ActContext, input) => targetOf(input.id),
      run: (_context: ActContext, input) => drills.get(input.id),
    }),
    "drills.ability": defineOperation({
      name: "drills.ability",
      input: z.object({}),
      output: drillAbility,
      ...reading,
      auditAction: "drill.ability",
      target: () => all,
      run: (_context: ActContext) => drills.ability(),
    }),
    "drills.start": defineOperation({
      name: "drills.start",
      input: startDrillInput,
      output: drillRef,
      permission: "drill.run",
      audit: "long-act",
      auditAction: "snapshot.drill",
      seenWith: "snapshot.read",
      target: async (_context: ActContext, { snapshotId }) => {
        const place = await deps.snapshots.placeOf(snapshotId);
        const label = `${place.datacenter ?? "archive"}, ${snapshotId}`;
        return { kind: "snapshot", id: null, label, snapshotId, places: [place] };
      },
      run: async (context: ActContext, input) => {
        const by = {
          userId: context.caller.kind === "person" ? context.caller.userId : null,
          name: context.caller.name,
          requestId: context.request.requestId,
          correlationId: context.correlationId,
        };
        return beginAfterCommit(context, await drills.prepare(input.snapshotId, by, context.tx));
      },
    }),
    "drills.cancel": defineOperation({
      name: "drills.cancel",
      input: drillRef,
      output: drillRef,
      permission: "drill.run",
      audit: "act",
      auditAction: "drill.cancel",
      seenWith: "snapshot.read",
      target: (_context: ActContext, input) => targetOf(input.id),
      run: async (context: ActContext, input) => {
        await drills.cancel(input.id, context.caller.name);
        return { id: input.id };
      },
    }),
    ...createScheduleOperations(deps),
  };
}

function createScheduleOperations({ drills, clusters }: { drills: DrillService; clusters: ClusterService }) {
  const auditFields = ["cron", "enabled"];
  return {
    "drills.schedules": defineOperation({
      name: "drills.schedules",
      input: z.object({}),
      output: drillScheduleList,
      permission: "snapshot.read",
      audit: "none",
      auditAction: "drill.schedules",
      target: () => all,
      run: async (context: ActContext) => ({ schedules: await drills.schedules(context.reach) }),
    }),
    "drills.saveSchedule": defineOperation({
      name: "drills.saveSchedule",
      input: saveDrillScheduleInput,
      output: drillRef,
      permission: "drill.run",
      audit: "change",
      auditAction: "drill.schedule",
      auditFields,
      seenWith: "cluster.read",
      target: async (_context: ActContext, { clusterId, datacenter }) => {
        const { name } = await clusters.get(clusterId);
        const places = [{ clusterId, datacenter }];
        return { kind: "cluster", id: null, label: `${datacenter} in ${name}`, places };
      },
      run: async (context: ActContext, input) => {
        const { before, after } = await drills.saveSchedule(input, context.caller.name, context.tx);
        context.changed(before, after);
        return { id: after.id };
      },
    }),
    "drills.removeSchedule": defineOperation({
      name: "drills.removeSchedule",
      input: drillRef,
      output: drillRef,
      permission: "drill.run",
      audit: "change",
      auditAction: "drill.unschedule",
      auditFields,
      seenWith: "snapshot.read",
      target: async (_context: ActContext, { id }) => {
        const { clusterId, datacenter } = await drills.schedule(id);
        return { kind: "drill schedule", id, label: datacenter, places: [{ clusterId, datacenter }] };
      },
      run: async (context: ActContext, input) => {
        context.changed(await drills.removeSchedule(input.id, context.tx), null);
        return { id: input.id };
      },
    }),
  };
}
