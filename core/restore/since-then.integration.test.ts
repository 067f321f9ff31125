import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "#core/kernel/clock.ts";
import { type SingleServer, startConsulServer } from "#core/testing/consul-cluster.ts";
import { readKey, writeKey } from "#core/testing/consul-http.ts";
import { type FaultProxy, startFaultProxy } from "#core/testing/fault-proxy.ts";
import { refusal } from "#core/testing/refusal.ts";
import { quickRestores, restoreWords } from "#core/testing/restore-room.ts";
import { startRuntime, type TestRuntime } from "#core/testing/runtime.ts";
import { waitFor } from "#core/testing/wait-for.ts";
import { approvalValidMs } from "./contract.ts";

// What was true of a datacenter and is no longer: it is another Consul now, the clock jumped, or too much time went by.

const hourMs = 3_600_000;
const put = { method: "PUT", path: "/v1/snapshot" };

let consul: SingleServer;
let other: SingleServer;
let proxy: FaultProxy;
let snapkeep: TestRuntime;
let cluster: { name: string; addresses: string[] };
let clusterId: string;
let room: ReturnType<typeof restoreWords>;
let aheadMs = 0;
const clock = { ...systemClock, nowMs: () => systemClock.nowMs() + aheadMs };
// A watch that no test outlives: what ends here ends for its own reason.
const env = { ...quickRestores, SNAPKEEP_RESTORE_WATCH_MS: "600000" };
const options = { consulAddress: "http://127.0.0.1:1", clock, env };

beforeAll(async () => {
  [consul, other] = await Promise.all([startConsulServer({ dev: true }), startConsulServer({ dev: true })]);
  proxy = await startFaultProxy({ target: consul.target().httpAddress });
  snapkeep = await startRuntime(options);
  await writeKey(consul.target(), "kept", "from the snapshot");
  cluster = { name: "prod", addresses: [proxy.address] };
  clusterId = (await snapkeep.execute("clusters.create", cluster)).id;
  room = restoreWords(() => snapkeep, (await snapkeep.take({ clusterId })).id);
});
afterAll(async () => {
  await snapkeep?.remove();
  await proxy?.stop();
  await Promise.all([consul?.stop(), other?.stop()]);
});
beforeEach(async () => {
  aheadMs = 0;
  await proxy.clear();
});

const begin = () => room.begin({ clusterId });
const restore = async () => room.ended(await begin());
const leadTo = (addresses: string[]) =>
  snapkeep.execute("clusters.update", { ...cluster, id: clusterId, addresses });
const goBack = (id: string) =>
  snapkeep.execute("restores.returnToSafety", { id, confirmDatacenter: "dc1", reason: "back again" });
const checkAgain = (id: string) => snapkeep.execute("restores.checkAgain", { id });

describe("a cluster that leads to another Consul since", () => {
  it("has no way back as one act, and the other Consul is left alone", async () => {
    const { id } = await restore();
    await writeKey(other.target(), "of-the-other", "stays");
    await leadTo([other.target().httpAddress]);
    const words =
      "The cluster has none of its addresses of then. Restore the safety snapshot instead, and see what changes.";
    expect(await room.read(id)).toMatchObject({ canReturn: false, whyNoReturn: words });
    expect(await refusal(goBack(id))).toBe(`conflict: ${words}`);
    expect(await readKey(other.target(), "of-the-other")).toBe("stays");
    await leadTo(cluster.addresses);
    expect(await room.read(id)).toMatchObject({ canReturn: true });
  });
});

describe("a clock that was set back", () => {
  it("does not make an older preflight good for after a restore, nor that restore the newest", async () => {
    const first = await restore();
    const input = await room.input({ clusterId });
    aheadMs = -hourMs;
    await room.restore({ clusterId });
    aheadMs = 0;
    expect(await refusal(snapkeep.execute("restores.start", input))).toBe(
      "conflict: dc1 was restored since the preflight. Run the checks again.",
    );
    expect(await room.read(first.id)).toMatchObject({
      canReturn: false,
      whyNoReturn:
        "Another restore has gone there since. Restore the safety snapshot instead, and see what changes.",
    });
  });

  it("makes a request too old to tell, and the log says that nobody agreed", async () => {
    await snapkeep.execute("clusters.update", {
      ...cluster,
      id: clusterId,
      restoreApproval: "second-person",
    });
    const { id } = await snapkeep.execute("restores.request", await room.input({ clusterId }));
    aheadMs = -2 * approvalValidMs;
    expect(await refusal(snapkeep.execute("restores.approve", { id }))).toMatch(/^conflict: /);
    // Requests are looked at as soon as Snapkeep starts.
    const { dataFolder } = snapkeep;
    await snapkeep.stop();
    snapkeep = await startRuntime({ ...options, dataFolder });
    const row = await waitFor("the request to expire", async () => {
      const found = await room.read(id);
      return found.state === "expired" ? found : null;
    });
    expect(row).toMatchObject({ bytesSent: 0, approval: { state: "expired" } });
    const rows = (await snapkeep.auditRows()).filter(({ targetId }) => targetId === id);
    expect(rows.map(({ action, outcome, detail }) => [action, outcome, detail])).toContainEqual([
      "restore.request",
      "failed",
      "Nobody agreed in time. Nothing was sent to Consul.",
    ]);
    aheadMs = 0;
    await snapkeep.execute("clusters.update", { ...cluster, id: clusterId, restoreApproval: "none" });
  });
});

describe("a restore that is compared again", () => {
  it("is not made younger by that, and what was proven once stays", async () => {
    await writeKey(consul.target(), "later", "not in the snapshot");
    await proxy.use({ kind: "cut-request", when: "before-body" }, put);
    const first = await restore();
    await proxy.clear();
    expect(first).toMatchObject({ state: "failed", verdict: "safety", canCheckAgain: true, canReturn: true });
    aheadMs = 25 * hourMs;
    await writeKey(consul.target(), "later", "written since");
    await writeKey(consul.target(), "kept", "changed since");
    await checkAgain(first.id);
    const again = await room.ended(first.id);
    expect(again).toMatchObject({
      state: "failed",
      verdict: "safety",
      finishedAt: first.finishedAt,
      canReturn: false,
      whyNoReturn: "It was more than a day ago. Restore the safety snapshot instead, and see what changes.",
    });
    expect(again).toMatchObject({ checkedAt: first.checkedAt, outcomeText: first.outcomeText });
    const rows = (await snapkeep.auditRows()).filter(({ action }) => action === "restore.check");
    expect(rows.at(-1)).toMatchObject({
      outcome: "failed",
      detail: expect.stringMatching(
        /^Compared again: dc1 holds neither of the two\. What was found at .* stays: nothing was replaced\.$/,
      ),
    });
    aheadMs = 8 * 24 * hourMs;
    const words = "It was more than a week ago, so what is there now says nothing of it.";
    expect(await room.read(first.id)).toMatchObject({ canCheckAgain: false });
    expect(await refusal(checkAgain(first.id))).toBe(`conflict: ${words}`);
  });
});
