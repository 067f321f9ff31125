import { randomUUID } from "node:crypto";
import {
  type AgentOptions,
  type ConsulAgent,
  PortTakenError,
  type ReservedAgent,
  reserveAgent,
  startAgent,
} from "./consul-agent.ts";
import type { ConsulTlsOptions } from "./consul-config.ts";
import { askConsul, type ConsulTarget, callConsul } from "./consul-http.ts";
import { noteSecret } from "./evidence.ts";
import { waitFor } from "./wait-for.ts";

export interface AclOptions {
  /** What a token without a matching rule may do; "deny" unless told. */
  defaultPolicy?: "allow" | "deny";
  /**
   * "configured" (the default): every server knows the management token and makes it anew after a restore.
   * "bootstrapped": made through /v1/acl/bootstrap, so that a restore can take it away.
   * "none": nobody has made one yet, as in a cluster that was just set up.
   */
  management?: "configured" | "bootstrapped" | "none";
  /** Chosen by chance unless told; only for "configured". */
  managementToken?: string;
}

export interface ClusterOptions {
  servers?: number;
  datacenter?: string;
  primaryDatacenter?: string;
  acl?: AclOptions | true;
  tls?: ConsulTlsOptions;
  /** WAN addresses (`127.0.0.1:<serf wan port>`) of servers of another datacenter. */
  joinWan?: string[];
  extraConfig?: AgentOptions["extra"];
  /** One server that keeps everything in memory and is ready two seconds sooner; a restart then loses all. */
  dev?: boolean;
}

export interface ConsulCluster {
  readonly datacenter: string;
  readonly servers: ConsulAgent[];
  /** Null where there are no ACLs. */
  readonly managementToken: string | null;
  /** For requests to the first server as the management token. */
  target(server?: ConsulAgent): ConsulTarget;
  /** The server that the living ones call the leader. Waits for an election for up to 90 s. */
  leader(): Promise<ConsulAgent>;
  followers(): Promise<ConsulAgent[]>;
  /** Resolves when every running server knows a leader that serves consistent reads. */
  waitUntilReady(): Promise<void>;
  stop(): Promise<void>;
}

export interface SingleServer extends ConsulCluster {
  readonly server: ConsulAgent;
}

export async function startConsulServer(
  options: Omit<ClusterOptions, "servers"> = {},
): Promise<SingleServer> {
  const cluster = await startConsulCluster({ ...options, servers: 1 });
  const [server] = cluster.servers;
  if (server === undefined) throw new Error("The cluster has no server.");
  return { ...cluster, server };
}

/** A client agent of the cluster: it keeps no state and forwards to a server of its own choice. */
export async function startConsulClient(cluster: ConsulCluster, name = "client-1"): Promise<ConsulAgent> {
  const token = cluster.managementToken;
  const client = await startAgent(await reserveAgent(), {
    name,
    datacenter: cluster.datacenter,
    mode: "client",
    bootstrapExpect: 0,
    joinLan: cluster.servers.map((server) => `127.0.0.1:${server.ports.serfLan}`),
    joinWan: [],
    acl: token === null ? null : { defaultPolicy: "deny", managementToken: null },
    tls: null,
    extra: token === null ? {} : { acl: { enabled: true, default_policy: "deny", tokens: { agent: token } } },
  });
  await waitFor(`${name} to find a server`, () => knownLeader(cluster.target(client)));
  return client;
}

const startAttempts = 3;

/** Three servers (unless told) that have elected a leader. */
export async function startConsulCluster(options: ClusterOptions = {}): Promise<ConsulCluster> {
  if (options.dev === true && options.servers !== 1)
    throw new Error("A dev server stands alone: say servers: 1.");
  for (let attempt = 1; ; attempt++) {
    try {
      return await tryStart(options);
    } catch (error) {
      if (!(error instanceof PortTakenError) || attempt === startAttempts) throw error;
    }
  }
}

async function tryStart(options: ClusterOptions): Promise<ConsulCluster> {
  const count = options.servers ?? 3;
  const datacenter = options.datacenter ?? "dc1";
  const acl = options.acl === true ? {} : (options.acl ?? null);
  const configured =
    acl === null || acl.management === "bootstrapped" || acl.management === "none"
      ? null
      : noteSecret(acl.managementToken ?? randomUUID());
  const reserved = await Promise.all(Array.from({ length: count }, reserveAgent));
  const agentOptions = (index: number): AgentOptions => ({
    name: `${datacenter}-server-${index + 1}`,
    datacenter,
    primaryDatacenter: options.primaryDatacenter,
    mode: options.dev === true ? "dev" : "server",
    bootstrapExpect: count,
    joinLan: count === 1 ? [] : reserved.map(({ ports }) => `127.0.0.1:${ports.serfLan}`),
    joinWan: options.joinWan ?? [],
    acl: acl === null ? null : { defaultPolicy: acl.defaultPolicy ?? "deny", managementToken: configured },
    tls: options.tls ?? null,
    extra: options.extraConfig,
  });
  const servers = await startAll(reserved, agentOptions);
  try {
    await waitForLeader(servers);
    const token = acl?.management === "bootstrapped" ? await bootstrapAcl(servers) : configured;
    const cluster = toCluster(datacenter, servers, token);
    // Without a token nobody may read anything consistently.
    if (acl?.management !== "none") await cluster.waitUntilReady();
    return cluster;
  } catch (error) {
    await Promise.all(servers.map((server) => server.stop()));
    throw error;
  }
}

async function startAll(
  reserved: ReservedAgent[],
  options: (index: number) => AgentOptions,
): Promise<ConsulAgent[]> {
  const results = await Promise.allSettled(reserved.map((one, index) => startAgent(one, options(index))));
  const started = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const failed = results.find((result) => result.status === "rejected");
  if (failed === undefined) return started;
  await Promise.all(started.map((server) => server.stop()));
  throw failed.reason;
}

function toCluster(
  datacenter: string,
  servers: ConsulAgent[],
  managementToken: string | null,
): ConsulCluster {
  const target = (server = servers.find((one) => one.isRunning()) ?? servers[0]): ConsulTarget => {
    if (server === undefined) throw new Error("The cluster has no server.");
    return {
      httpAddress: server.httpAddress,
      ...(managementToken === null ? {} : { token: managementToken }),
    };
  };
  const leader = () => waitForLeader(servers);
  return {
    datacenter,
    servers,
    managementToken,
    target,
    leader,
    followers: async () => {
      const chosen = await leader();
      return servers.filter((server) => server !== chosen && server.isRunning());
    },
    waitUntilReady: async () => {
      const running = servers.filter((server) => server.isRunning());
      await leader();
      await Promise.all(
        running.map((server) => waitUntilServing(target(server), server.name, running.length)),
      );
    },
    stop: async () => {
      await Promise.all(servers.map((server) => server.stop()));
    },
  };
}

/** Several running servers must agree: right after a kill one of them may still name the dead one. */
function waitForLeader(servers: ConsulAgent[]): Promise<ConsulAgent> {
  return waitFor("the servers to agree on a leader", async () => {
    const running = servers.filter((server) => server.isRunning());
    const names = await Promise.all(
      running.map((server) => knownLeader({ httpAddress: server.httpAddress })),
    );
    const [first] = names;
    if (first === undefined || first === null || names.some((name) => name !== first)) return null;
    return running.find((server) => server.serverAddress === first) ?? null;
  });
}

async function knownLeader(target: ConsulTarget): Promise<string | null> {
  const answer = await askConsul(target, "GET", "/v1/status/leader", undefined, 2_000);
  const address: unknown = answer.status === 200 ? JSON.parse(answer.text) : "";
  return typeof address === "string" && address !== "" ? address : null;
}

/** A leader that was just elected refuses consistent reads, and an ACL system that just started knows no token. */
async function waitUntilServing(target: ConsulTarget, name: string, nodes: number): Promise<void> {
  await waitFor(`${name} to serve consistent reads`, async () => {
    const answer = await askConsul(target, "GET", "/v1/kv/snapkeep-ready?consistent");
    if (answer.status !== 404 && answer.status !== 200)
      throw new Error(`${answer.status} ${answer.text.trim()}`);
    const catalog = await callConsul<unknown[]>(target, "GET", "/v1/catalog/nodes?consistent");
    return catalog.length >= nodes ? true : null;
  });
}

/** The leader answers "not ready" for a moment after its election, and followers learn of the token a little later. */
async function bootstrapAcl(servers: ConsulAgent[]): Promise<string> {
  const [first] = servers;
  if (first === undefined) throw new Error("The cluster has no server.");
  const { SecretID: token } = await waitFor("the ACL bootstrap", () =>
    callConsul<{ SecretID: string }>(first, "PUT", "/v1/acl/bootstrap"),
  );
  // The agents need a token to enter themselves into the catalog under a policy of deny.
  for (const { httpAddress, name } of servers) {
    await waitFor(`${name} to take its agent token`, async () => {
      await callConsul({ httpAddress, token }, "PUT", "/v1/agent/token/agent", { Token: token });
      return true;
    });
  }
  return token;
}
