import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ConsulAgent } from "#core/testing/consul-agent.ts";
import { runConsul } from "#core/testing/consul-cli.ts";
import { type ConsulCluster, startConsulCluster } from "#core/testing/consul-cluster.ts";
import { askConsul, writeKey } from "#core/testing/consul-http.ts";
import { inParallel } from "#core/testing/consul-seed.ts";
import { type FaultProxy, startFaultProxy } from "#core/testing/fault-proxy.ts";
import { startRuntime, type TestRuntime } from "#core/testing/runtime.ts";
import { seedBytes } from "#core/testing/seed-bytes.ts";
import { waitFor } from "#core/testing/wait-for.ts";
import type { SnapshotDetail } from "./contract.ts";

const hourMs = 3_600_000;
/** Far more than the sockets on the way can hold, so that a server that dies here dies in mid-stream. */
const valueCount = 32;
const valueBytes = 500_000;
const inMidStream = 1_000_000;

let cluster: ConsulCluster;
let proxy: FaultProxy;
let snapkeep: TestRuntime;
/** The same cluster with the addresses of all three servers. */
let allThree: string;
/** The server that the proxy asks. */
let asked: ConsulAgent;

beforeAll(async () => {
  cluster = await startConsulCluster();
  const numbers = Array.from({ length: valueCount }, (_, index) => index);
  await inParallel(numbers, 4, (index) =>
    writeKey(cluster.target(), `big/${index}`, seedBytes(`big/${index}`, valueBytes)),
  );
  asked = await cluster.leader();
  proxy = await startFaultProxy({ target: asked.httpAddress });
  snapkeep = await startRuntime({ consulAddress: proxy.address });
  const addresses = cluster.servers.map((server) => server.httpAddress);
  allThree = (await snapkeep.execute("clusters.create", { name: "all-three", addresses })).id;
});

afterAll(async () => {
  await snapkeep?.remove();
  await proxy?.stop();
  await cluster?.stop();
});

const others = () => cluster.servers.filter((server) => server !== asked);
const killOthers = async () => void (await Promise.all(others().map((server) => server.kill())));
const filesOf = (id: string) => snapkeep.archiveFiles().filter((name) => name.startsWith(id));

/** Whatever a take ended as, it must be the truth: a whole archive, or a reason and no file. */
async function expectTruth(row: SnapshotDetail): Promise<void> {
  if (row.state === "verified") {
    const file = snapkeep.archivePath(row.id);
    expect(createHash("sha256").update(readFileSync(file)).digest("hex")).toBe(row.archiveSha256);
    expect(row.archiveBytes).toBeGreaterThan(valueCount * valueBytes);
    expect(await runConsul(["snapshot", "inspect", file])).toContain(row.meta?.id);
    return;
  }
  expect(row).toMatchObject({ state: "failed", failureCode: "consul_broken_stream", archiveBytes: null });
  expect(filesOf(row.id)).toEqual([]);
}

async function takeAndKillOthers(): Promise<SnapshotDetail> {
  await proxy.use(
    { kind: "at-response-byte", atByte: inMidStream, run: killOthers },
    { path: "/v1/snapshot" },
  );
  const row = await snapkeep.take();
  expect(others().some((server) => server.isRunning())).toBe(false);
  await proxy.clear();
  return row;
}

it("a stale snapshot of a healthy follower, within the bound, is verified with its last contact", async () => {
  const [follower] = await cluster.followers();
  const row = await snapkeep.take({
    clusterId: allThree,
    mode: "stale",
    maxStaleMs: 60_000,
    address: follower?.httpAddress,
  });
  expect(row).toMatchObject({ state: "verified", answeredBy: follower?.httpAddress, knownLeader: true });
  expect(row.lastContactMs).toBeLessThanOrEqual(60_000);
  expect(row.leader).toBe((await cluster.leader()).serverAddress);
  await expectTruth(row);
});

describe("two of three servers that are killed while a snapshot streams", () => {
  it("from the leader leave a whole archive or a reason, never half", async () => {
    await expectTruth(await takeAndKillOthers());
    await Promise.all(others().map((server) => server.restart()));
    await cluster.waitUntilReady();
  });

  it("through the follower that is left, the leader among the dead, leave a reason and no file", async () => {
    const [follower] = await cluster.followers();
    if (follower === undefined) throw new Error("The cluster has no follower.");
    asked = follower;
    proxy.retarget(asked.httpAddress);
    const row = await takeAndKillOthers();
    await expectTruth(row);
    // The follower had only what the sockets held, so there was no way to a whole one.
    expect(row.state).toBe("failed");
  });
});

describe("a server that is left without a leader", () => {
  beforeAll(async () => {
    await waitFor("the survivor to notice", async () => {
      const answer = await askConsul(cluster.target(asked), "GET", "/v1/snapshot");
      return answer.text === "No cluster leader" ? answer : null;
    });
  });

  it("gives no consistent snapshot: the take fails in Consul's words and stores nothing", async () => {
    const row = await snapkeep.take();
    expect(row).toMatchObject({
      state: "failed",
      failureCode: "consul_no_leader",
      failureText: "No cluster leader",
      leader: null,
    });
    expect(filesOf(row.id)).toEqual([]);
    const about = (await snapkeep.auditRows()).filter((entry) => entry.correlationId === row.correlationId);
    expect(about.map((entry) => [entry.outcome, entry.detail])).toEqual([
      ["intent", null],
      ["failed", "No cluster leader"],
    ]);
  });

  it("is shown as the one that still answers, and the others with why they don't", async () => {
    const { servers } = await snapkeep.execute("clusters.servers", {
      clusterId: allThree,
      datacenter: "dc1",
    });
    expect(servers.map((server) => [server.httpAddress, server.answers, server.answerText])).toEqual(
      cluster.servers.map((server) => [
        server.httpAddress,
        server === asked,
        server === asked ? "yes" : "connection refused",
      ]),
    );
    const survivor = servers.find((server) => server.answers);
    expect(survivor?.serverAddress).toBe(asked.serverAddress);
    expect(survivor?.index).toBeGreaterThan(0);
    expect(survivor?.lastContactMs).toBeGreaterThan(0);
  });

  it("gives a stale snapshot when it is asked by its address, flagged since no leader is known", async () => {
    const row = await snapkeep.take({
      clusterId: allThree,
      mode: "stale",
      maxStaleMs: hourMs,
      address: asked.httpAddress,
    });
    expect(row).toMatchObject({
      state: "stale",
      answeredBy: asked.httpAddress,
      knownLeader: false,
      leader: null,
    });
    expect(row.failureCode).toBeNull();
    expect(filesOf(row.id)).toEqual([`${row.id}.snap`]);
    expect(await runConsul(["snapshot", "inspect", snapkeep.archivePath(row.id)])).toContain(row.meta?.id);
    const { datacenters } = await snapkeep.execute("snapshots.summary", {});
    const here = datacenters.find((one) => one.clusterId === allThree);
    expect(here?.lastAttempt?.id).toBe(row.id);
    expect(here?.lastGood?.id).not.toBe(row.id);
    const outcome = (await snapkeep.auditRows()).find(
      (entry) => entry.correlationId === row.correlationId && entry.outcome === "ok",
    );
    expect(outcome?.detail).toMatch(/^stale, /);
  });

  // For the first seconds, or always with the default raft timings, such a server says that it knows a leader.
  it.each([
    ["beyond the bound is kept and flagged stale", 100, "stale"],
    ["within the bound is verified", hourMs, "verified"],
  ] as const)(
    "that still claims to know one: a stale snapshot %s, by its last contact",
    async (_name, max, state) => {
      const claim = { "X-Consul-Knownleader": "true" };
      await proxy.use({ kind: "change-response-headers", set: claim }, { path: "/v1/snapshot" });
      const row = await snapkeep.take({ mode: "stale", maxStaleMs: max });
      expect(row).toMatchObject({ state, knownLeader: true, maxStaleMs: max, failureCode: null });
      expect(row.lastContactMs).toBeGreaterThan(100);
      expect(filesOf(row.id)).toEqual([`${row.id}.snap`]);
      await proxy.clear();
    },
  );

  it("that dies itself while its stale snapshot streams leaves a reason and no file", async () => {
    await proxy.use(
      { kind: "at-response-byte", atByte: inMidStream, run: () => asked.kill() },
      { path: "/v1/snapshot" },
    );
    const row = await snapkeep.take({ mode: "stale", maxStaleMs: hourMs });
    await expectTruth(row);
    expect(row.state).toBe("failed");
  });
});
