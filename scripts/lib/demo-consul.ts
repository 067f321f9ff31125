/**
 * The demo's Consul: three servers in dc1 and one in dc2, joined over the WAN, ACLs on, with something in them.
 * Runs as a child of scripts/demo.mjs, tells it what it does by messages, and ends when it does.
 */
import { randomUUID } from "node:crypto";
import { type ConsulCluster, startConsulCluster } from "../../core/testing/consul-cluster.ts";
import { seedKeys } from "../../core/testing/consul-seed.ts";
import { seedCatalog, seedSessions, seedWorld } from "../../core/testing/consul-seed-world.ts";
import { joinWan } from "../../core/testing/consul-wan.ts";

type Message =
  | { kind: "doing"; text: string }
  | { kind: "ready"; address: string; token: string; datacenters: string[]; leader: string }
  | { kind: "failed"; text: string };

function tell(message: Message): void {
  process.send?.(message);
}

async function startDatacenters(token: string): Promise<[ConsulCluster, ConsulCluster]> {
  const shared = { primaryDatacenter: "dc1", acl: { managementToken: token } };
  tell({ kind: "doing", text: "three servers in dc1" });
  const first = await startConsulCluster({ ...shared, datacenter: "dc1", servers: 3 });
  tell({ kind: "doing", text: "one server in dc2, joined over the WAN" });
  // The second datacenter replicates the tokens of the first, so that it isn't ready before it has met it.
  const wan = first.servers.map((server) => `127.0.0.1:${server.ports.serfWan}`);
  const second = await startConsulCluster({ ...shared, datacenter: "dc2", servers: 1, joinWan: wan });
  await joinWan(first, second);
  return [first, second];
}

async function main(): Promise<void> {
  const token = randomUUID();
  const [first, second] = await startDatacenters(token);
  tell({ kind: "doing", text: "writing keys, services and sessions" });
  await seedWorld({
    client: first.target(),
    keys: 3_000,
    nodes: 12,
    servicesPerNode: 4,
    sessions: 6,
    acl: true,
    tokens: 5,
  });
  // Intentions and ACL records live in the primary datacenter; these three kinds are each one's own.
  const client = second.target();
  await seedKeys({ client, count: 400 });
  const { nodes } = await seedCatalog(client, 4, 3);
  await seedSessions(client, nodes, 2);
  const leader = await first.leader();
  tell({
    kind: "ready",
    // Any server will do: a follower forwards to the leader, and the first one is as good as another.
    address: first.servers[0]?.httpAddress ?? leader.httpAddress,
    token,
    datacenters: [first.datacenter, second.datacenter],
    leader: leader.name,
  });
}

// The harness ends its servers and removes their folders with this process, whichever way it goes.
process.on("disconnect", () => process.exit(0));
try {
  await main();
} catch (error) {
  tell({ kind: "failed", text: error instanceof Error ? error.message : String(error) });
  process.exitCode = 1;
  process.disconnect();
}
