import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ConsulCluster, startConsulCluster } from "#core/testing/consul-cluster.ts";
import { clusterId, startRuntime, type TestRuntime } from "#core/testing/runtime.ts";
import { waitFor } from "#core/testing/wait-for.ts";
import type { DatacenterHealth } from "./contract.ts";

let consul: ConsulCluster;
let snapkeep: TestRuntime;
/** Health is asked anew after four seconds; this clock lets them pass. */
let aheadMs = 0;
const clock = { nowMs: () => Date.now() + aheadMs, monotonicMs: () => performance.now() };
let id: string;

beforeAll(async () => {
  consul = await startConsulCluster({ acl: true });
  snapkeep = await startRuntime({ consulAddress: "", clock });
  const addresses = consul.servers.map((server) => server.httpAddress);
  const created = await snapkeep.execute("clusters.create", {
    name: "three",
    addresses,
    token: consul.managementToken ?? "",
  });
  id = created.id;
});
afterAll(async () => {
  await snapkeep?.remove();
  await consul?.stop();
});

/** dc1 as the side bar shows it. */
async function look(): Promise<DatacenterHealth | null> {
  aheadMs += 5_000;
  const { datacenters } = await snapkeep.execute("clusters.datacenters", {});
  return datacenters.find((one) => one.clusterId === id) ?? null;
}
/** A frozen server costs a question its whole time limit, so this may take a while. */
const until = (state: DatacenterHealth["state"]) =>
  waitFor(`dc1 to be ${state}`, async () => {
    const health = await look();
    return health?.state === state ? health : null;
  });
const servers = async () =>
  (await snapkeep.execute("clusters.servers", { clusterId: id, datacenter: "dc1" })).servers;

describe("three servers", () => {
  it("are healthy, with their leader, version and index", async () => {
    const leader = await consul.leader();
    const health = await waitFor("all three to be healthy", async () => {
      const seen = await look();
      return seen?.serversHealthy === 3 ? seen : null;
    });
    expect(health).toMatchObject({
      state: "ok",
      leader: leader.serverAddress,
      problem: null,
      serversTotal: 3,
      clusterName: "three",
      datacenter: "dc1",
      consulVersion: leader.version,
    });
    expect(health.raftIndex).toBeGreaterThan(0);
  });

  it("each answer for themselves", async () => {
    const answers = await servers();
    expect(answers.map((answer) => [answer.httpAddress, answer.serverAddress, answer.answerText])).toEqual(
      consul.servers.map((server) => [server.httpAddress, server.serverAddress, "yes"]),
    );
    for (const answer of answers) {
      expect(answer).toMatchObject({ answers: true, knownLeader: true });
      expect(answer.index).toBeGreaterThan(0);
    }
  });

  it("lose their leader with two of them, which is said in Consul's words, and every server by its own", async () => {
    const [frozen, dead, survivor] = [...(await consul.followers()), await consul.leader()];
    if (frozen === undefined || dead === undefined || survivor === undefined)
      throw new Error("There are three.");
    await dead.kill();
    await frozen.pause();
    const health = await until("no_leader");
    expect(health.problem).toMatch(/^No cluster leader/);

    const answers = new Map((await servers()).map((answer) => [answer.httpAddress, answer]));
    expect(answers.get(dead.httpAddress)).toMatchObject({ answers: false, answerText: "connection refused" });
    expect(answers.get(frozen.httpAddress)).toMatchObject({ answers: false, answerText: "timed out" });
    const left = answers.get(survivor.httpAddress);
    expect(left).toMatchObject({ answers: true, serverAddress: survivor.serverAddress });
    expect(left?.lastContactMs).toBeGreaterThan(0);

    const report = await snapkeep.execute("clusters.test", {
      id,
      name: "three",
      addresses: [survivor.httpAddress],
    });
    expect(report.checks.find((check) => check.name === "leader")).toMatchObject({
      result: "warning",
      title: "No cluster leader",
    });
    const take = await snapkeep.take({ clusterId: id });
    expect(take).toMatchObject({
      state: "failed",
      failureCode: "consul_no_leader",
      failureText: "No cluster leader",
    });

    frozen.resume();
    await dead.restart();
    await consul.waitUntilReady();
    const again = await until("ok");
    expect(again.problem).toBeNull();
    expect(Date.parse(again.since ?? "")).toBeGreaterThan(Date.parse(health.since ?? ""));
  });

  it("are unreachable when none answers, and what was known of them stays on the screen", async () => {
    await Promise.all(consul.servers.map((server) => server.kill()));
    const health = await until("unreachable");
    // A connection that stood when the server died is reset, a new one is refused.
    expect(health.problem).toMatch(
      /can't be reached: (?:connection refused|the connection was (?:reset|closed))\.$/,
    );
    expect(health.consulVersion).toBe(consul.servers[0]?.version);
    const review = await servers();
    expect(review.map((answer) => answer.answerText)).toEqual(Array(3).fill("connection refused"));
  });
});

it("a removed cluster is no longer watched, and one from the environment that isn't there never was", async () => {
  await snapkeep.execute("clusters.remove", { id });
  await waitFor("the removed cluster to go", async () => ((await look()) === null ? true : null));
  await expect(snapkeep.execute("clusters.servers", { clusterId, datacenter: "dc1" })).rejects.toMatchObject({
    code: "not_found",
  });
});
