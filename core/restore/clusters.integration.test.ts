import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ConsulCluster, startConsulCluster } from "#core/testing/consul-cluster.ts";
import { readKey, writeKey } from "#core/testing/consul-http.ts";
import { type SeededWorld, seedWorld } from "#core/testing/consul-seed-world.ts";
import { type FaultProxy, startFaultProxy } from "#core/testing/fault-proxy.ts";
import { quickRestores } from "#core/testing/restore-room.ts";
import { startRuntime, type TestRuntime } from "#core/testing/runtime.ts";
import { waitFor } from "#core/testing/wait-for.ts";
import { preflightNames, type RestoreDetail } from "./contract.ts";

// Three servers each, ACLs on: where the data is replaced in one server and comes to the others through raft.

let source: ConsulCluster;
let world: SeededWorld;
let snapkeep: TestRuntime;
let sourceId: string;
let snapshotId: string;

beforeAll(async () => {
  source = await startConsulCluster({ servers: 3, acl: true });
  world = await seedWorld({ client: source.target(), keys: 400, acl: true, tokens: 4 });
  snapkeep = await startRuntime({ consulAddress: "http://127.0.0.1:1", env: quickRestores });
  sourceId = await connect("source", source.target().httpAddress, source.managementToken);
  snapshotId = (await snapkeep.take({ clusterId: sourceId })).id;
});
afterAll(async () => {
  await snapkeep?.remove();
  await source?.stop();
});

async function connect(name: string, address: string, token: string | null): Promise<string> {
  return (await snapkeep.execute("clusters.create", { name, addresses: [address], token: token ?? "" })).id;
}

/** Until autopilot has looked, the health of the servers isn't known, and what is found later is another warning. */
const healthy = (clusterId: string) =>
  waitFor("autopilot to have looked", async () => {
    const { datacenters } = await snapkeep.execute("clusters.datacenters", {});
    return datacenters.find((each) => each.clusterId === clusterId)?.serversHealthy === 3 ? true : null;
  });

async function restore(clusterId: string, more: { tokenAfter?: string } = {}): Promise<string> {
  await healthy(clusterId);
  const place = { snapshotId, clusterId, datacenter: "dc1" };
  const { id: preflightId } = await snapkeep.execute("restores.startPreflight", place);
  await waitFor("the preflight", async () => {
    const found = await snapkeep.execute("restores.preflight", { id: preflightId });
    return found.state === "ready" ? found : null;
  });
  const given = { preflightId, accepted: [...preflightNames], confirmDatacenter: "dc1", reason: "a test" };
  return (await snapkeep.execute("restores.start", { ...place, ...given, ...more })).id;
}

const ended = (id: string): Promise<RestoreDetail> =>
  waitFor(
    "the restore",
    async () => {
      const row = await snapkeep.execute("restores.get", { id });
      return row.state === "running" || row.state === "interrupted" ? null : row;
    },
    { timeoutMs: 90_000 },
  );

describe("into a fresh cluster of three servers", () => {
  let fresh: ConsulCluster;
  beforeAll(async () => {
    fresh = await startConsulCluster({ servers: 3, acl: true });
  });
  afterAll(() => fresh?.stop());

  it("gives equal contents by identity, in every server, and the old tokens work again", async () => {
    const clusterId = await connect("fresh", fresh.target().httpAddress, fresh.managementToken);
    const tokenAfter = source.managementToken ?? "";
    const row = await ended(await restore(clusterId, { tokenAfter }));
    expect(row).toMatchObject({
      state: "succeeded",
      verdict: "snapshot",
      againstSnapshot: { unexplained: 0 },
    });
    const kinds = Object.fromEntries((row.againstSnapshot?.kinds ?? []).map((each) => [each.kind, each]));
    // The seed's locks are keys, too.
    expect(kinds.kv?.wanted).toBeGreaterThanOrEqual(world.keys.length);
    for (const kind of ["kv", "acl-policy", "acl-role", "config-entry", "prepared-query", "intention"])
      expect(kinds[kind], kind).toMatchObject({ equal: kinds[kind]?.wanted, unexplained: 0 });
    const [key] = world.keys;
    for (const server of fresh.servers) {
      const asked = { ...fresh.target(server), token: tokenAfter };
      const value = await waitFor("each server to have it", () => readKey(asked, key?.key ?? "", "stale="));
      expect(value).not.toBeNull();
    }
  });
});

describe("when the leader is killed in the middle of the PUT", () => {
  let target: ConsulCluster;
  let proxy: FaultProxy;
  beforeAll(async () => {
    target = await startConsulCluster({ servers: 3 });
    await writeKey(target.target(), "before", "the restore");
  });
  afterAll(async () => {
    await proxy?.stop();
    await target?.stop();
  });

  it("what is said afterwards is what the survivors hold", async () => {
    const leader = await target.leader();
    const [follower] = await target.followers();
    if (follower === undefined) throw new Error("There is no follower.");
    proxy = await startFaultProxy({ target: follower.httpAddress });
    const clusterId = await connect("killed", proxy.address, null);
    // Consul's servers have the whole archive; the answer is held until the leader is gone.
    await proxy.use({ kind: "cut-request", when: "after-body" }, { method: "PUT", path: "/v1/snapshot" });
    const id = await restore(clusterId);
    await waitFor("the archive to go", async () =>
      (await snapkeep.execute("restores.get", { id })).bytesSent > 0 ? true : null,
    );
    await leader.kill();
    const row = await ended(id);
    const isReplaced =
      (
        await waitFor("a new leader", async () => ({
          value: await readKey(target.target(follower), "before"),
        }))
      ).value === null;
    // Which of the two it is depends on how far the leader came; that the words are true does not.
    expect(row.verdict).toBe(isReplaced ? "snapshot" : "safety");
    expect(row.state).toBe(isReplaced ? "succeeded" : "failed");
  });
});
