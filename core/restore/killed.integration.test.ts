import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type SingleServer, startConsulServer } from "#core/testing/consul-cluster.ts";
import { readKey, writeKey } from "#core/testing/consul-http.ts";
import { seedKeys } from "#core/testing/consul-seed.ts";
import { type FaultProxy, startFaultProxy } from "#core/testing/fault-proxy.ts";
import { type KillableServer, startKillableServer } from "#core/testing/killable-server.ts";
import { removeTempFolder } from "#core/testing/leftovers.ts";
import { quickRestores } from "#core/testing/restore-room.ts";
import { clusterId } from "#core/testing/runtime.ts";
import { waitFor } from "#core/testing/wait-for.ts";
import { preflightNames, type RestoreDetail } from "./contract.ts";

// Snapkeep is killed at the boundaries of a restore's phases; the story that the next start tells has to be true.

let consul: SingleServer;
let proxy: FaultProxy;
let snapkeep: KillableServer;
let snapshotId: string;
let marks = 0;

const options = () => ({ consulAddress: proxy.address, token: null, env: quickRestores });
const put = { method: "PUT", path: "/v1/snapshot" };
const get = { method: "GET", path: "/v1/snapshot" };

beforeAll(async () => {
  consul = await startConsulServer({ dev: true });
  await seedKeys({ client: consul.target(), count: 200 });
  proxy = await startFaultProxy({ target: consul.target().httpAddress });
  snapkeep = await startKillableServer(options());
  snapshotId = (await snapkeep.take()).id;
});
afterAll(async () => {
  await snapkeep?.kill();
  await proxy?.stop();
  await consul?.stop();
  if (snapkeep !== undefined) removeTempFolder(snapkeep.dataFolder);
});
beforeEach(() => proxy.clear());

/** A key that the snapshot has not: it is there exactly when nothing was replaced. */
async function mark(): Promise<() => Promise<boolean>> {
  marks += 1;
  const key = `mark-${marks}`;
  await writeKey(consul.target(), key, "written after the snapshot");
  return () =>
    waitFor("Consul to answer", async () => ({ is: (await readKey(consul.target(), key)) !== null })).then(
      ({ is }) => is,
    );
}

async function begin(): Promise<string> {
  const place = { snapshotId, clusterId, datacenter: "dc1" };
  const { id: preflightId } = await snapkeep.execute("restores.startPreflight", place);
  await waitFor("the preflight", async () => {
    const { state, failureText } = await snapkeep.execute("restores.preflight", { id: preflightId });
    if (state === "failed") throw new Error(failureText ?? "The preflight failed.");
    return state === "ready" ? state : null;
  });
  const input = {
    ...place,
    preflightId,
    accepted: [...preflightNames],
    confirmDatacenter: "dc1",
    reason: "a test",
  };
  return (await snapkeep.execute("restores.start", input)).id;
}

const read = (id: string) => snapkeep.execute("restores.get", { id });
const inPhase = (id: string, phase: RestoreDetail["phase"]) =>
  waitFor(`restore ${id} to be ${phase}`, async () => ((await read(id)).phase === phase ? true : null));

async function killAndStartAgain(between: () => unknown = () => undefined): Promise<void> {
  await snapkeep.kill();
  await between();
  snapkeep = await startKillableServer({ ...options(), dataFolder: snapkeep.dataFolder });
}

const ended = (id: string) =>
  waitFor(`restore ${id} to end`, async () => {
    const row = await read(id);
    return row.state === "running" || row.state === "interrupted" ? null : row;
  });

async function outcomes(row: RestoreDetail): Promise<string[]> {
  const rows = await snapkeep.auditRows();
  const own = rows.filter(
    (each) => each.correlationId === row.correlationId && each.action === "restore.run",
  );
  return own.map(({ outcome }) => outcome);
}

describe("killed before the first byte, nothing was replaced", () => {
  it.each([
    ["while the safety snapshot is stored", "commit:before"],
    ["right after the safety snapshot was stored", "commit:after"],
  ] as const)("%s", async (_name, point) => {
    const isThere = await mark();
    const held = await snapkeep.holdNext(point);
    const id = await begin();
    await held.reached;
    await killAndStartAgain();
    const row = await read(id);
    expect(row).toMatchObject({ state: "failed", phase: "done", bytesSent: 0, verdict: null });
    expect(row.outcomeText).toBe(
      "Snapkeep was stopped before anything was sent to Consul. Nothing was replaced.",
    );
    expect(await isThere()).toBe(true);
    expect(await outcomes(row)).toEqual(["intent", "failed"]);
    expect(proxy.requests.filter(({ method }) => method === "PUT")).toEqual([]);
  });

  it("when the archive is read once more, right before it is sent", async () => {
    const isThere = await mark();
    const stored = await snapkeep.holdNext("commit:after");
    const id = await begin();
    await stored.reached;
    await killAndStartAgain();
    const again = await begin();
    await inPhase(again, "safety");
    const opened = await snapkeep.holdNext("open:before");
    await opened.reached;
    await killAndStartAgain();
    expect(await read(again)).toMatchObject({
      state: "failed",
      bytesSent: 0,
      safetySnapshot: { state: "verified" },
    });
    expect(await read(id)).toMatchObject({ state: "failed" });
    expect(await isThere()).toBe(true);
  });
});

describe("killed after the first byte, what the datacenter holds is looked at", () => {
  it("after Consul has replaced everything, before its answer: it holds the snapshot", async () => {
    const isThere = await mark();
    await proxy.use({ kind: "delay-first-byte", delayMs: 60_000 }, put);
    const id = await begin();
    await waitFor("the mark to go", async () => ((await isThere()) ? null : true));
    await killAndStartAgain(() => proxy.clear());
    expect(["interrupted", "succeeded"]).toContain((await read(id)).state);
    const row = await ended(id);
    expect(row).toMatchObject({ state: "succeeded", verdict: "snapshot", consulStatus: null });
    expect(row.log.map(({ text }) => text)).toContain(
      "interrupted: Snapkeep was stopped, and has started again",
    );
    expect(await outcomes(row)).toEqual(["intent", "ok"]);
  });

  it("after a part of the body, of which Consul made nothing: it holds what it held before", async () => {
    const isThere = await mark();
    await proxy.use({ kind: "cut-request", when: { afterBytes: 500 } }, put);
    const id = await begin();
    await waitFor("the cut", async () => ((await read(id)).state === "interrupted" ? true : null));
    await killAndStartAgain();
    const row = await ended(id);
    expect(row).toMatchObject({ state: "failed", verdict: "safety" });
    expect(row.outcomeText).toMatch(/holds what it held before: nothing was replaced\.$/);
    expect(await isThere()).toBe(true);
    expect(await outcomes(row)).toEqual(["intent", "failed"]);
  });

  it("while it compares after a 200: it compares again before it says success", async () => {
    await mark();
    const id = await begin();
    await inPhase(id, "sending");
    await proxy.use({ kind: "delay-first-byte", delayMs: 60_000 }, get);
    await inPhase(id, "comparing");
    expect(await read(id)).toMatchObject({ state: "running", verdict: null, consulStatus: 200 });
    await killAndStartAgain(() => proxy.clear());
    const row = await ended(id);
    expect(row).toMatchObject({ state: "succeeded", verdict: "snapshot", consulStatus: 200 });
    expect(row.outcomeText).toMatch(
      /^Consul answered 200, and a fresh snapshot of dc1 holds what was restored/,
    );
  });

  it("with neither of the two in it: that is what it says", async () => {
    await mark();
    await proxy.use({ kind: "cut-request", when: { afterBytes: 500 } }, put);
    const id = await begin();
    await waitFor("the cut", async () => ((await read(id)).state === "interrupted" ? true : null));
    await snapkeep.kill();
    // Somebody else restores something else meanwhile.
    const other = await startConsulServer({ dev: true });
    await writeKey(other.target(), "another", "cluster");
    const { askConsul, fetchArchive } = await import("#core/testing/consul-http.ts");
    await askConsul(consul.target(), "PUT", "/v1/snapshot", await fetchArchive(other.target()));
    await other.stop();
    await killAndStartAgain(() => proxy.clear());
    const row = await ended(id);
    expect(row).toMatchObject({ state: "unknown", verdict: "neither", canCheckAgain: true });
    expect(row.outcomeText).toMatch(
      /dc1 does not hold what was restored \(\d+ records differ\), nor what it held before\./,
    );
    expect(await outcomes(row)).toEqual(["intent", "unknown"]);
    // The way back is open all the same.
    const back = { id, confirmDatacenter: "dc1", reason: "to what it was" };
    const returned = await ended((await snapkeep.execute("restores.returnToSafety", back)).id);
    expect(returned).toMatchObject({ state: "succeeded", verdict: "snapshot" });
  });

  it("while it watches: the watch goes on and ends", async () => {
    const id = await begin();
    await inPhase(id, "watching");
    await killAndStartAgain();
    await inPhase(id, "done");
    expect(await read(id)).toMatchObject({ state: "succeeded", phase: "done" });
  });
});
