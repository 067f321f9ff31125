import { z } from "zod";
import type { ActContext } from "#core/db/index.ts";
import type { Clock } from "#core/kernel/clock.ts";
import { defineOperation } from "#core/kernel/operation.ts";
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
    return { kind: "cluster", id, label: cluster.name, clusterId: id };
  };
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
      run: async (_context: ActContext) => ({ clusters: await clusters.list() }),
    }),
    "clusters.datacenters": defineOperation({
      name: "clusters.datacenters",
      input: z.object({}),
      output: datacenterList,
      permission: "cluster.read",
      audit: "none",
      auditAction: "cluster.datacenters",
      target: () => all,
      run: (_context: ActContext) => health.datacenters(),
    }),
    "clusters.servers": defineOperation({
      name: "clusters.servers",
      input: datacenterRef,
      output: serverAnswers,
      permission: "cluster.read",
      audit: "none",
      auditAction: "cluster.servers",
      target: (_context: ActContext, input) => targetOf(input.clusterId),
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
      target: (_context: ActContext, input) => ({ kind: "cluster", id: null, label: input.name }),
      run: async (context: ActContext, input) => {
        const created = await clusters.create(input, context.tx);
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
      target: (_context: ActContext, input) => targetOf(input.id),
      run: async (context: ActContext, input) => {
        const updated = await clusters.update(input.id, input, context.tx);
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
      target: (_context: ActContext, input) => targetOf(input.id),
      run: async (context: ActContext, input) => {
        await clusters.remove(input.id, context.tx);
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
      target: (_context: ActContext, input) => ({
        kind: "cluster",
        id: input.id ?? null,
        label: input.addresses.join(", "),
      }),
      run: (_context: ActContext, input) => clusters.test(input),
    }),
  };
}
