import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "#core/kernel/clock.ts";
import type { Caller } from "#core/kernel/operation.ts";
import { type SingleServer, startConsulServer } from "#core/testing/consul-cluster.ts";
import { readKey, writeKey } from "#core/testing/consul-http.ts";
import { refusal } from "#core/testing/refusal.ts";
import { quickRestores } from "#core/testing/restore-room.ts";
import { administrator, personWith, startRuntime, type TestRuntime } from "#core/testing/runtime.ts";
import { waitFor } from "#core/testing/wait-for.ts";
import { approvalValidMs, preflightNames, preflightValidMs, type StartRestoreInput } from "./contract.ts";

let consul: SingleServer;
let snapkeep: TestRuntime;
let clusterId: string;
let snapshotId: string;
let aheadMs = 0;

const ada = { ...personWith("restorer"), userId: "u-ada", name: "ada" };
const bob = { ...personWith("restorer"), userId: "u-bob", name: "bob" };
const token = (makerId: string | null): Caller => ({
  kind: "token",
  tokenId: "k-1",
  name: "api:ci",
  role: "restorer",
  makerId,
  grants: personWith("restorer").grants,
});

const clock = { ...systemClock, nowMs: () => systemClock.nowMs() + aheadMs };
const options = () => ({ consulAddress: "http://127.0.0.1:1", clock, env: quickRestores });

beforeAll(async () => {
  consul = await startConsulServer({ dev: true });
  await writeKey(consul.target(), "kept", "from the snapshot");
  snapkeep = await startRuntime(options());
  const cluster = { name: "prod", addresses: [consul.target().httpAddress] };
  clusterId = (await snapkeep.execute("clusters.create", { ...cluster, restoreApproval: "second-person" }))
    .id;
  snapshotId = (await snapkeep.take({ clusterId })).id;
});
afterAll(async () => {
  await snapkeep?.remove();
  await consul?.stop();
});
beforeEach(async () => {
  aheadMs = 0;
  await writeKey(consul.target(), "later", "after the snapshot");
});

async function input(): Promise<StartRestoreInput> {
  const place = { snapshotId, clusterId, datacenter: "dc1" };
  const { id: preflightId } = await snapkeep.execute("restores.startPreflight", place, ada);
  await waitFor("the preflight", async () => {
    const { state } = await snapkeep.execute("restores.preflight", { id: preflightId });
    return state === "ready" ? state : null;
  });
  return {
    ...place,
    preflightId,
    accepted: [...preflightNames],
    confirmDatacenter: "dc1",
    reason: "CHG-4821",
  };
}

const request = async (caller: Caller = ada, more: Partial<StartRestoreInput> = {}) =>
  (await snapkeep.execute("restores.request", { ...(await input()), ...more }, caller)).id;
const approve = (id: string, caller: Caller) => snapkeep.execute("restores.approve", { id }, caller);
const read = (id: string, caller: Caller = ada) => snapkeep.execute("restores.get", { id }, caller);
const ended = (id: string) =>
  waitFor("the restore", async () => {
    const row = await read(id);
    return ["succeeded", "failed", "unknown"].includes(row.state) ? row : null;
  });
const isUntouched = async () => (await readKey(consul.target(), "later")) === "after the snapshot";

describe("where a cluster's restores need a second person", () => {
  it("nobody starts one alone; what was asked for waits, and begins with somebody else's yes", async () => {
    expect(await refusal(snapkeep.execute("restores.start", await input(), ada))).toBe(
      "conflict: A restore into this cluster needs a second person. Ask for approval instead.",
    );
    const id = await request();
    expect(await read(id, bob)).toMatchObject({
      state: "waiting",
      phase: "waiting",
      bytesSent: 0,
      steps: [],
      approval: { state: "waiting", mayApprove: true, whyNot: null },
    });
    expect(await isUntouched()).toBe(true);
    await approve(id, bob);
    const row = await ended(id);
    expect(row).toMatchObject({
      state: "succeeded",
      byName: "ada",
      approval: { state: "approved", byName: "bob", mayApprove: false },
    });
    expect(row.steps[0]).toMatchObject({ step: "approval", text: "bob agreed to what ada asked for" });
    expect(await readKey(consul.target(), "later")).toBeNull();
    const rows = (await snapkeep.auditRows()).filter(({ targetId }) => targetId === id);
    expect(rows.map(({ action, outcome, actorName }) => `${action} ${outcome} ${actorName}`)).toEqual([
      "restore.request ok ada",
      "restore.run intent bob",
      "restore.approve ok bob",
      expect.stringMatching(/^snapshot\.take|^restore\.run ok bob/),
      ...rows.slice(4).map(() => expect.any(String)),
    ]);
    expect(rows.at(-1)).toMatchObject({
      action: "restore.run",
      outcome: "ok",
      actorName: "bob",
      reason: "CHG-4821",
    });
  });

  it("the requester can't be the second person, nor the maker of the token that asked, nor a token, nor who may not", async () => {
    const id = await request();
    expect((await read(id, ada)).approval).toMatchObject({
      mayApprove: false,
      whyNot: "You asked for it. Somebody else has to agree.",
    });
    expect(await refusal(approve(id, ada))).toBe("conflict: You asked for it. Somebody else has to agree.");
    expect(await refusal(approve(id, token("u-bob")))).toBe(
      "conflict: Only a person can be the second person.",
    );
    expect(await refusal(approve(id, { ...personWith("operator"), userId: "u-eve" }))).toMatch(
      /^forbidden: /,
    );
    const byToken = await request(token("u-bob"));
    expect(await refusal(approve(byToken, bob))).toBe(
      "conflict: You asked for it. Somebody else has to agree.",
    );
    expect(await isUntouched()).toBe(true);
    await snapkeep.execute("restores.cancel", { id });
    await snapkeep.execute("restores.cancel", { id: byToken });
    expect(await read(id)).toMatchObject({
      state: "cancelled",
      outcomeText: "Cancelled by ada. Nothing was sent to Consul.",
    });
  });

  it("a no ends it, and nothing comes of it later", async () => {
    const id = await request();
    await snapkeep.execute("restores.decline", { id, reason: "not tonight" }, bob);
    expect(await read(id)).toMatchObject({
      state: "declined",
      outcomeText: "bob did not agree: not tonight. Nothing was sent to Consul.",
    });
    expect(await refusal(approve(id, bob))).toBe("conflict: This restore is no longer waiting.");
    expect(await isUntouched()).toBe(true);
  });

  it("two who say yes at once begin it once", async () => {
    const id = await request();
    const answers = await Promise.all([
      refusal(approve(id, bob)),
      refusal(approve(id, { ...bob, userId: "u-carl", name: "carl" })),
    ]);
    expect(answers.filter((answer) => answer === "ok")).toHaveLength(1);
    await ended(id);
    const runs = (await snapkeep.auditRows()).filter(
      (row) => row.targetId === id && row.action === "restore.run",
    );
    expect(runs.map(({ outcome }) => outcome)).toEqual(["intent", "ok"]);
  });

  it("a request expires, whatever the clock did meanwhile", async () => {
    const id = await request();
    aheadMs = approvalValidMs + 1_000;
    expect(await refusal(approve(id, bob))).toBe(
      "conflict: The request has expired. It has to be asked for again.",
    );
    await snapkeep.stop();
    snapkeep = await startRuntime({ ...options(), dataFolder: snapkeep.dataFolder });
    await waitFor("it to expire", async () => ((await read(id)).state === "expired" ? true : null));
    expect(await isUntouched()).toBe(true);
  });

  it("a preflight that is too old, or from the future, is none", async () => {
    const old = await input();
    for (const ms of [preflightValidMs + 1_000, -3_600_000]) {
      aheadMs = ms;
      expect(await refusal(snapkeep.execute("restores.request", old, ada))).toBe(
        "conflict: The preflight is too old to rely on. Run the checks again.",
      );
    }
  });

  it("a typed token doesn't outlive the process, so a request with one is asked for again", async () => {
    const typed = await request(ada, { token: "00000000-1111-2222-3333-444444444444" });
    const plain = await request();
    await snapkeep.stop();
    snapkeep = await startRuntime({ ...options(), dataFolder: snapkeep.dataFolder });
    expect(await refusal(approve(typed, bob))).toMatch(
      /^conflict: Snapkeep was started again since, and the token that was typed/,
    );
    await snapkeep.execute("restores.cancel", { id: typed });
    await approve(plain, bob);
    expect(await ended(plain)).toMatchObject({ state: "succeeded" });
  });

  it("the way back needs no second yes while it is watched, and does after", async () => {
    const id = await request();
    await approve(id, bob);
    await ended(id);
    const back = { id, confirmDatacenter: "dc1", reason: "back" };
    const first = (await snapkeep.execute("restores.returnToSafety", back, ada)).id;
    expect(await ended(first)).toMatchObject({ state: "succeeded", returnOf: id });
    expect(await refusal(snapkeep.execute("restores.returnToSafety", back, ada))).toMatch(
      /^conflict: Another restore has gone there since\./,
    );
    const other = await request();
    await approve(other, bob);
    await ended(other);
    aheadMs = 3_600_000;
    expect(await refusal(snapkeep.execute("restores.returnToSafety", { ...back, id: other }, ada))).toMatch(
      /^conflict: The watch is over, and a restore into this cluster needs a second person\./,
    );
  });
});

it("a cluster without that policy takes no requests", async () => {
  const cluster = { name: `stg-${randomUUID()}`, addresses: [consul.target().httpAddress] };
  const { id } = await snapkeep.execute("clusters.create", cluster);
  const wanted = { ...(await input()), clusterId: id };
  expect(await refusal(snapkeep.execute("restores.request", wanted, administrator))).toBe(
    "conflict: A restore into this cluster needs no second person. Start it.",
  );
});
