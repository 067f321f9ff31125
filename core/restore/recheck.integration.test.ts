import { afterAll, beforeAll, expect, it } from "vitest";
import { type ConsulCluster, startConsulCluster } from "#core/testing/consul-cluster.ts";
import { readKey, writeKey } from "#core/testing/consul-http.ts";
import { type FaultProxy, startFaultProxy } from "#core/testing/fault-proxy.ts";
import { endedPreflight, quickRestores } from "#core/testing/restore-room.ts";
import { clusterId, startRuntime, type TestRuntime } from "#core/testing/runtime.ts";
import { waitFor } from "#core/testing/wait-for.ts";
import { type Preflight, preflightNames, type RestoreDetail } from "./contract.ts";

// Five servers, so that two can be down and a leader is there.
let cluster: ConsulCluster;
let proxy: FaultProxy;
let snapkeep: TestRuntime;
let snapshotId: string;
const place = { clusterId, datacenter: "dc1" };

beforeAll(async () => {
  // Else autopilot removes a server that is down, and none is unhealthy any more.
  const extraConfig = { autopilot: { cleanup_dead_servers: false } };
  cluster = await startConsulCluster({ servers: 5, extraConfig });
  await writeKey(cluster.target(), "kept", "from the snapshot");
  proxy = await startFaultProxy({ target: cluster.target().httpAddress });
  snapkeep = await startRuntime({ consulAddress: proxy.address, env: quickRestores });
  snapshotId = (await snapkeep.take()).id;
});
afterAll(async () => {
  await snapkeep?.remove();
  await proxy?.stop();
  await cluster?.stop();
});

const look = () => endedPreflight(snapkeep, { snapshotId, ...place });

const serversIn = (found: Preflight) => found.lines.find(({ name }) => name === "servers")?.title;

/** A preflight whose line of the servers says this. */
const lookUntil = (title: string): Promise<Preflight> =>
  waitFor(`the preflight to say ${title}`, async () => {
    const found = await look();
    return serversIn(found) === title ? found : null;
  });

/** Restores with everything ticked that this preflight showed. */
async function restore(found: Preflight): Promise<RestoreDetail> {
  const { id } = await snapkeep.execute("restores.start", {
    snapshotId,
    ...place,
    preflightId: found.id,
    accepted: [...preflightNames],
    confirmDatacenter: "dc1",
    reason: "a test",
  });
  return waitFor(`restore ${id} to end`, async () => {
    const row = await snapkeep.execute("restores.get", { id });
    return row.state === "running" || row.state === "interrupted" ? null : row;
  });
}

it("a server more that is down, or another reason, stops what was ticked; one less doesn't", async () => {
  // The first one stands behind the proxy, and an election would only take time.
  const others = (await cluster.followers()).filter((server) => server !== cluster.servers[0]);
  const [first, second] = others;
  await writeKey(cluster.target(), "kept", "changed since");
  const denied = { kind: "answer-at-once", status: 403, text: "Permission denied" } as const;
  await proxy.use(denied, { path: /^\/v1\/operator\/autopilot\/health/ });
  const notKnown = await look();
  expect(serversIn(notKnown)).toBe("The health of the servers is not known");
  await proxy.clear();

  await first?.kill();
  const oneDown = await lookUntil("1 of 5 servers not healthy");
  expect(await restore(notKnown)).toMatchObject({
    state: "failed",
    bytesSent: 0,
    outcomeText: expect.stringMatching(
      /^The target has changed since the preflight: 1 of 5 servers not healthy\./,
    ),
  });

  await second?.kill();
  const twoDown = await lookUntil("2 of 5 servers not healthy");
  expect(await restore(oneDown)).toMatchObject({
    state: "failed",
    bytesSent: 0,
    outcomeText: expect.stringMatching(
      /^The target has changed since the preflight: 2 of 5 servers not healthy\./,
    ),
  });
  expect(await readKey(cluster.target(), "kept")).toBe("changed since");

  await second?.restart();
  await lookUntil("1 of 5 servers not healthy");
  const row = await restore(twoDown);
  expect(row.outcomeText).not.toMatch(/The target has changed/);
  expect(row).toMatchObject({ state: "succeeded", verdict: "snapshot" });
}, 180_000);
