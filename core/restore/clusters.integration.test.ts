import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { kvsEntry, writeArchive } from "#core/testing/archive-writer.ts";
import type { ConsulAgent } from "#core/testing/consul-agent.ts";
import { type ConsulCluster, startConsulCluster } from "#core/testing/consul-cluster.ts";
import { readKey, writeKey } from "#core/testing/consul-http.ts";
import { type SeededWorld, seedWorld } from "#core/testing/consul-seed-world.ts";
import { type FaultProxy, startFaultProxy } from "#core/testing/fault-proxy.ts";
import { quickRestores } from "#core/testing/restore-room.ts";
import { startRuntime, type TestRuntime } from "#core/testing/runtime.ts";
import { seedBytes } from "#core/testing/seed-bytes.ts";
import { uploadArchive } from "#core/testing/upload-archive.ts";
import { waitFor } from "#core/testing/wait-for.ts";
import { preflightNames, type RestoreDetail } from "./contract.ts";

// Three servers each, ACLs on: where the data is replaced in one server and comes to the others through raft.

// A server that was killed stays a voter until it is back: with one less, the next kill would take the quorum.
const extraConfig = { autopilot: { cleanup_dead_servers: false } };

let source: ConsulCluster;
let world: SeededWorld;
let snapkeep: TestRuntime;
let sourceId: string;
let snapshotId: string;

beforeAll(async () => {
  source = await startConsulCluster({ servers: 3, acl: true, extraConfig });
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

async function restore(
  clusterId: string,
  more: { tokenAfter?: string; snapshotId?: string } = {},
): Promise<string> {
  await healthy(clusterId);
  const place = { snapshotId: more.snapshotId ?? snapshotId, clusterId, datacenter: "dc1" };
  const { id: preflightId } = await snapkeep.execute("restores.startPreflight", place);
  await waitFor("the preflight", async () => {
    const found = await snapkeep.execute("restores.preflight", { id: preflightId });
    return found.state === "ready" ? found : null;
  });
  const given = { preflightId, accepted: [...preflightNames], confirmDatacenter: "dc1", reason: "a test" };
  return (await snapkeep.execute("restores.start", { ...more, ...place, ...given })).id;
}

const ended = (id: string): Promise<RestoreDetail> =>
  waitFor("the restore", async () => {
    const row = await snapkeep.execute("restores.get", { id });
    return row.state === "running" || row.state === "interrupted" ? null : row;
  });

describe("into a fresh cluster of three servers", () => {
  let fresh: ConsulCluster;
  beforeAll(async () => {
    fresh = await startConsulCluster({ servers: 3, acl: true });
  });
  afterAll(() => fresh?.stop());

  it("gives equal contents by identity, in every server, and the old tokens work again", async () => {
    const clusterId = await connect(`fresh-${Date.now()}`, fresh.target().httpAddress, fresh.managementToken);
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

describe("when the leader is killed, what is said afterwards is what the survivors hold:", () => {
  const put = { method: "PUT", path: "/v1/snapshot" };
  let target: ConsulCluster;
  let proxy: FaultProxy;
  let clusterId: string;
  let leader: ConsulAgent;
  /** Asked for everything, and no leader, so that it survives. */
  let follower: ConsulAgent;
  beforeAll(async () => {
    target = await startConsulCluster({ servers: 3, extraConfig });
    proxy = await startFaultProxy({ target: target.target().httpAddress });
    clusterId = await connect(`killed-${Date.now()}`, proxy.address, null);
  });
  afterAll(async () => {
    await proxy?.stop();
    await target?.stop();
  });
  beforeEach(async () => {
    await proxy.clear();
    for (const server of target.servers) if (!server.isRunning()) await server.restart();
    await target.waitUntilReady();
    leader = await target.leader();
    const [first] = await target.followers();
    if (first === undefined) throw new Error("There is no follower.");
    follower = first;
    proxy.retarget(follower.httpAddress);
    await writeKey(target.target(follower), "before", "the restore");
  });

  const valueNow = async () =>
    (await waitFor("a new leader", async () => ({ value: await readKey(target.target(follower), "before") })))
      .value;

  it("nothing new, where it dies in the middle of the body", async () => {
    // More than all the buffers on the way can hold, so that the rest can't have left when the leader dies.
    const records = Array.from({ length: 64 }, (_, at) => ({
      type: 2,
      value: kvsEntry(`large/${String(at).padStart(3, "0")}`, seedBytes(`large/${at}`, 500_000), at + 5),
    }));
    const large = await uploadArchive(snapkeep, writeArchive({ lastIndex: 80, records }), {
      clusterId,
      datacenter: "dc1",
    });
    const held = await proxy.hold({ afterBytes: 1_000_000 }, put);
    const id = await restore(clusterId, { snapshotId: large });
    await held.reached;
    const { bytesSent, bytesTotal, phase } = await snapkeep.execute("restores.get", { id });
    expect(phase).toBe("sending");
    expect(bytesSent).toBeGreaterThanOrEqual(1_000_000);
    expect(bytesSent).toBeLessThan(bytesTotal);
    await leader.kill();
    held.release();
    const row = await ended(id);
    expect(row, row.outcomeText ?? "").toMatchObject({ state: "failed", verdict: "safety" });
    expect(await valueNow()).toBe("the restore");
  });

  it("one of the two, where it dies once it has everything and before its answer is heard", async () => {
    await proxy.use({ kind: "cut-request", when: "after-body" }, put);
    const held = await proxy.hold("answer", put);
    const id = await restore(clusterId);
    await held.reached;
    await leader.kill();
    held.release();
    const row = await ended(id);
    const isReplaced = (await valueNow()) === null;
    // Which of the two it is depends on how far the leader came; that the words are true does not.
    expect(row.verdict).toBe(isReplaced ? "snapshot" : "safety");
    expect(row.state).toBe(isReplaced ? "succeeded" : "failed");
  });
});
