import { randomUUID } from "node:crypto";
import {
  type AclOptions,
  type ClusterOptions,
  type ConsulCluster,
  startConsulCluster,
} from "./consul-cluster.ts";
import { askConsul, callConsul } from "./consul-http.ts";
import { waitFor } from "./wait-for.ts";

export interface FederationOptions {
  primary?: string;
  secondary?: string;
  /** One management token is then good in both datacenters. */
  acl?: Omit<AclOptions, "management"> | true;
  tls?: ClusterOptions["tls"];
  /** Servers per datacenter, one unless told. */
  servers?: number;
  /** Both keep their state in memory and are ready sooner; only for one server each. */
  dev?: boolean;
}

export interface Federation {
  primary: ConsulCluster;
  secondary: ConsulCluster;
  managementToken: string | null;
  stop(): Promise<void>;
}

/** Two datacenters, joined over the WAN; with ACLs the first is the primary one and the second replicates. */
export async function startConsulFederation(options: FederationOptions = {}): Promise<Federation> {
  const primaryName = options.primary ?? "dc1";
  const acl = options.acl === true ? {} : options.acl;
  const shared: ClusterOptions = {
    primaryDatacenter: primaryName,
    servers: options.servers ?? 1,
    dev: options.dev ?? false,
    ...(acl === undefined ? {} : { acl: { managementToken: randomUUID(), ...acl } }),
    ...(options.tls === undefined ? {} : { tls: options.tls }),
  };
  const primary = await startConsulCluster({ ...shared, datacenter: primaryName });
  try {
    const secondary = await startConsulCluster({
      ...shared,
      datacenter: options.secondary ?? "dc2",
      joinWan: wanAddresses(primary),
    });
    const stop = async () => {
      await Promise.all([primary.stop(), secondary.stop()]);
    };
    await waitForRoutes(primary, secondary).catch(async (error: unknown) => {
      await stop();
      throw error;
    });
    return { primary, secondary, managementToken: primary.managementToken, stop };
  } catch (error) {
    await primary.stop();
    throw error;
  }
}

/** Joins two running datacenters; for ACLs they must have been started with one `primaryDatacenter`. */
export async function joinWan(first: ConsulCluster, second: ConsulCluster): Promise<void> {
  for (const address of wanAddresses(first)) {
    await callConsul(second.target(), "PUT", `/v1/agent/join/${address}?wan=1`);
  }
  await waitForRoutes(first, second);
}

/** Gossip takes a moment to tell each side the other's servers; a consistent read across proves the way. */
async function waitForRoutes(first: ConsulCluster, second: ConsulCluster): Promise<void> {
  const ways = [
    { from: first, to: second },
    { from: second, to: first },
  ];
  await Promise.all(
    ways.flatMap(({ from, to }) =>
      from.servers.map((server) =>
        waitFor(`a way from ${server.name} to ${to.datacenter}`, async () => {
          const path = `/v1/kv/snapkeep-ready?consistent&dc=${to.datacenter}`;
          const answer = await askConsul(from.target(server), "GET", path);
          if (answer.status === 404 || answer.status === 200) return true;
          throw new Error(`${answer.status} ${answer.text.trim()}`);
        }),
      ),
    ),
  );
}

function wanAddresses(cluster: ConsulCluster): string[] {
  return cluster.servers.map((server) => `127.0.0.1:${server.ports.serfWan}`);
}
