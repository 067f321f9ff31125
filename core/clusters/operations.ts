import { z } from "zod";
import { touches } from "#core/access/contract.ts";
import type { ActContext } from "#core/db/index.ts";
import type { Clock } from "#core/kernel/clock.ts";
import { defineOperation } from "#core/kernel/operation.ts";
import { everywhere } from "#core/kernel/permission.ts";
import {
  clusterInput,
  clusterList,
  clusterRef,
  clusterView,
  connectionReport,
  datacenterList,
  datacenterRef,
  serverAnswers,
  testConnectionInput,
} from "./contract.ts";
import type { HealthMonitor } from "./health.ts";
import { askServers } from "./server-answers.ts";
import type { ClusterService } from "./service.ts";

const all = { kind: "cluster", id: null, label: "clusters" };

export function createClusterOperations(deps: {
  clusters: ClusterService;
  health: HealthMonitor;
  clock: Clock;
}) {
  const { clusters, health, clock } = deps;
  const targetOf = async (id: string) => {
    const cluster = await clusters.get(id);
    return { kind: "cluster", id, label: cluster.name, places: [{ clusterId: id, datacenter: null }] };
  };
  const auditFields = [
    "name",
    "addresses",
    "hasToken",
    "hasClientKey",
    "tlsServerName",
    "tlsVerify",
    "objectiveMinutes",
    "restoreApproval",
  ];
  const seenWith = "cluster.read" as const;
  /** A changed cluster shows at once, without waiting for the next round. */
  const lookAgain = () => void health.refresh().catch(() => undefined);

  return {
    "clusters.list": defineOperation({
      name: "clusters.list",
      input: z.object({}),
      output: clusterList,
      permission: "cluster.read",
      audit: "none",
      auditAction: "cluster.list",
      target: () => all,
      run: async (context: ActContext) => ({
        clusters: (await clusters.list()).filter(({ id }) =>
          touches(context.reach, { clusterId: id, datacenter: null }),
        ),
      }),
    }),
    "clusters.datacenters": defineOperation({
      name: "clusters.datacenters",
      input: z.object({}),
      output: datacenterList,
      permission: "cluster.read",
      audit: "none",
      auditAction: "cluster.datacenters",
      target: () => all,
      run: async (context: ActContext) => {
        const { datacenters, checkedAt } = await health.datacenters();
        return { datacenters: datacenters.filter((one) => touches(context.reach, one)), checkedAt };
      },
    }),
    "clusters.servers": defineOperation({
      name: "clusters.servers",
      input: datacenterRef,
      output: serverAnswers,
      permission: "cluster.read",
      audit: "none",
      auditAction: "cluster.servers",
      seenWith,
      target: async (_context: ActContext, input) => ({
        ...(await targetOf(input.clusterId)),
        places: [{ clusterId: input.clusterId, datacenter: input.datacenter }],
      }),
      run: async (_context: ActContext, input) =>
        askServers(await clusters.client(input.clusterId), input.datacenter, clock.nowMs()),
    }),
    "clusters.create": defineOperation({
      name: "clusters.create",
      input: clusterInput,
      output: clusterView,
      permission: "cluster.manage",
      audit: "change",
      auditAction: "cluster.add",
      auditFields,
      target: (_context: ActContext, input) => ({
        kind: "cluster",
        id: null,
        label: input.name,
        places: [everywhere],
      }),
      run: async (context: ActContext, input) => {
        const created = await clusters.create(input, context.tx);
        context.subject.target = { ...context.subject.target, id: created.id };
        context.changed(null, created);
        context.afterCommit(lookAgain);
        return created;
      },
    }),
    "clusters.update": defineOperation({
      name: "clusters.update",
      input: clusterInput.extend({ id: z.string() }),
      output: clusterView,
      permission: "cluster.manage",
      audit: "change",
      auditAction: "cluster.edit",
      seenWith,
      auditFields,
      target: (_context: ActContext, input) => targetOf(input.id),
      run: async (context: ActContext, input) => {
        const before = await clusters.get(input.id);
        const updated = await clusters.update(input.id, input, context.tx);
        context.changed(before, updated);
        context.afterCommit(lookAgain);
        return updated;
      },
    }),
    "clusters.remove": defineOperation({
      name: "clusters.remove",
      input: clusterRef,
      output: clusterRef,
      permission: "cluster.manage",
      audit: "change",
      auditAction: "cluster.remove",
      seenWith,
      auditFields,
      target: (_context: ActContext, input) => targetOf(input.id),
      run: async (context: ActContext, input) => {
        const before = await clusters.get(input.id);
        await clusters.remove(input.id, context.tx);
        context.changed(before, null);
        context.afterCommit(lookAgain);
        return { id: input.id };
      },
    }),
    "clusters.test": defineOperation({
      name: "clusters.test",
      input: testConnectionInput,
      output: connectionReport,
      permission: "cluster.manage",
      audit: "act",
      auditAction: "cluster.test",
      seenWith,
      target: (_context: ActContext, input) => ({
        kind: "cluster",
        id: input.id ?? null,
        label: input.addresses.join(", "),
        places: [{ clusterId: input.id ?? null, datacenter: null }],
      }),
      run: (_context: ActContext, input) => clusters.test(input),
    }),
  };
}
