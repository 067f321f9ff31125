import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { kvsEntry, writeArchive } from "#core/testing/archive-writer.ts";
import { callConsul, writeKey } from "#core/testing/consul-http.ts";
import { createToken } from "#core/testing/consul-token.ts";
import { recoveryWords } from "#core/testing/recovery-room.ts";
import {
  createLookingToken,
  endedPreflight,
  openRestoreRoom,
  type RestoreRoom,
} from "#core/testing/restore-room.ts";
import { clusterId, startRuntime, type TestRuntime } from "#core/testing/runtime.ts";
import { uploadArchive } from "#core/testing/upload-archive.ts";
import { waitFor } from "#core/testing/wait-for.ts";
import { findConsul } from "../../scripts/lib/consul-binary.mjs";
import type { Preflight, PreflightName } from "./contract.ts";

let room: RestoreRoom;
let typedToken: string;
beforeAll(async () => {
  room = await openRestoreRoom(async ({ primary }) => {
    typedToken = await createLookingToken(primary.target(), "typed");
  });
});
afterAll(() => room?.close());
beforeEach(() => room.proxy.clear());

const place = { clusterId, datacenter: "dc1" };
const dc1 = () => room.consul.primary.target();
const line = (found: Preflight, name: PreflightName) => found.lines.find((each) => each.name === name);

const lookWith = (snapkeep: TestRuntime, snapshotId: string) =>
  endedPreflight(snapkeep, { snapshotId, ...place });

describe("the drill", () => {
  let snapkeep: TestRuntime;
  beforeAll(async () => {
    const { path } = await findConsul({ fetch: true });
    const { managementToken: token } = room.consul;
    snapkeep = await startRuntime({ consulAddress: room.proxy.address, token, env: { CONSUL_BIN: path } });
  });
  afterAll(() => snapkeep?.remove());

  /** Drills an archive for real, then looks at what its preflight makes of that. */
  async function drilled(snapshotId: string) {
    const { id } = await snapkeep.execute("drills.start", { snapshotId });
    const { state } = await waitFor(`drill ${id} to end`, async () => {
      const row = await snapkeep.execute("drills.get", { id });
      return row.state === "running" ? null : row;
    });
    return { state, line: line(await lookWith(snapkeep, snapshotId), "drill") };
  }

  it("that passed is a line that passes; without a drill there is none", async () => {
    const { id } = await snapkeep.take();
    expect(line(await lookWith(snapkeep, id), "drill")).toBeUndefined();
    const found = await drilled(id);
    expect(found).toMatchObject({ state: "passed", line: { result: "pass", title: "Restore proven" } });
    expect(found.line?.detail).toMatch(/^Drill passed .* on Consul 1\.8\.7, \d+ s$/);
  });

  it("that failed, since Consul didn't take the archive: warns", async () => {
    const archive = writeArchive({ records: [{ type: 60, value: { A: 1 } }] });
    expect(await drilled(await uploadArchive(snapkeep, archive, place))).toMatchObject({
      state: "failed",
      line: {
        result: "warning",
        title: "The drill of this snapshot failed",
        todo: "Look at the drill before you go on.",
      },
    });
  });

  it("after which something was not as in the archive: warns", async () => {
    // This Consul takes the token and drops the field, which it doesn't know.
    const token = {
      AccessorID: "d56136c7-0000-4000-8000-000000000001",
      SecretID: "a4794332-0000-4000-8000-000000000001",
      Description: "from later",
      TemplatedPolicies: [{ TemplateName: "builtin/dns" }],
      CreateIndex: 11,
      ModifyIndex: 11,
    };
    const archive = writeArchive({ records: [{ type: 17, value: token }] });
    expect(await drilled(await uploadArchive(snapkeep, archive, place))).toMatchObject({
      state: "differs",
      line: { result: "warning", title: "The drill of this snapshot came back different" },
    });
  });
});

describe("a token that may restore and not read operator facts", () => {
  let snapkeep: TestRuntime;
  beforeAll(async () => {
    const token = await createToken(dc1(), "restores-only", 'acl = "write"');
    snapkeep = await startRuntime({ consulAddress: room.proxy.address, token });
  });
  afterAll(() => snapkeep?.remove());

  it("leaves version, edition and servers as warnings, not as what passes", async () => {
    const enterprise = writeArchive({ records: [{ type: 65, value: { Name: "team-a" } }] });
    const found = await lookWith(snapkeep, await uploadArchive(snapkeep, enterprise, place));
    expect(line(found, "target")?.result).toBe("pass");
    // What a recheck compares is kept, and never shown.
    for (const each of found.lines) expect(Object.keys(each)).not.toContain("reason");
    expect(line(found, "version")).toMatchObject({
      result: "warning",
      title: "The target's version is not known",
      detail: "Without operator:read, Consul doesn't tell the versions of its servers.",
    });
    expect(line(found, "edition")).toMatchObject({
      result: "warning",
      title: "The snapshot is from Consul Enterprise",
      detail: expect.stringMatching(/Which edition the target runs is not known\.$/),
    });
    expect(line(found, "servers")).toMatchObject({
      result: "warning",
      title: "The health of the servers is not known",
      accept: "The servers are healthy, as far as I know",
    });
  });
});

describe("room in the store", () => {
  const reserveBytes = 16 * 1024 * 1024;
  let snapkeep: TestRuntime;
  let freeBytes: number | null = null;
  let snapshotId: string;
  let archiveBytes: number;
  beforeAll(async () => {
    snapkeep = await startRuntime({
      consulAddress: room.proxy.address,
      token: room.consul.managementToken,
      aroundStore: (store) => ({ ...store, freeBytes: async () => freeBytes }),
    });
    const values = Array.from({ length: 20 }, (_, at) => kvsEntry(`big/${at}`, randomBytes(400_000), 12));
    const archive = writeArchive({ records: values.map((value) => ({ type: 2, value })) });
    archiveBytes = archive.length;
    // Of another datacenter, so that of dc1 none was ever kept.
    snapshotId = await uploadArchive(snapkeep, archive, { clusterId, datacenter: "dc2" });
  });
  afterAll(() => snapkeep?.remove());
  const roomFor = async (bytes: number | null) => {
    freeBytes = bytes;
    return line(await lookWith(snapkeep, snapshotId), "room");
  };

  it("for nothing of what will be written warns, though no snapshot of the target was ever kept", async () => {
    expect(await roomFor(reserveBytes + 1_000_000)).toMatchObject({
      result: "warning",
      title: "There may be no room for the safety snapshot",
      detail: expect.stringMatching(/, the chosen one 8 MB\. .* up to 8 MB each, with a reserve 36 MB; /),
    });
  });

  it("for the safety snapshot alone warns of the check", async () => {
    expect(await roomFor(reserveBytes + 1.5 * 1.2 * archiveBytes)).toMatchObject({
      result: "warning",
      title: "There may be no room for the check after the restore",
    });
  });

  it("for both passes; a store that can't say warns", async () => {
    expect(await roomFor(reserveBytes + 3 * archiveBytes)).toMatchObject({ result: "pass" });
    expect(await roomFor(null)).toMatchObject({
      result: "warning",
      detail: "The store doesn't say how much room it has.",
    });
  });

  it("and a target of which nothing can be read warns, since its safety snapshot has no size yet", async () => {
    const fault = { kind: "answer-at-once", status: 500, text: "no snapshot today" } as const;
    await room.proxy.use(fault, { method: "GET", path: "/v1/snapshot" });
    expect(await roomFor(1e12)).toMatchObject({
      result: "warning",
      detail: expect.stringMatching(/^How much the target's state takes is not known/),
    });
  });
});

describe("what else goes on there", () => {
  it("a part that is being recovered blocks, until it has ended", async () => {
    await writeKey(dc1(), "kept", "changed since");
    const recoveries = recoveryWords(() => room.snapkeep(), room.snapshotId);
    const plan = await recoveries.plan([{ prefix: "kept" }]);
    expect(plan.state).toBe("planned");
    let goOn: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    await room.proxy.use(
      { kind: "at-response-byte", atByte: 0, run: () => held },
      { path: /^\/v1\/txn\?dc=dc1$/, times: 1 },
    );
    const applied = recoveries.apply(plan.id);
    const others = async () => line(await room.preflight(), "others");
    await waitFor("the recovery to write", async () =>
      room.proxy.requests.some(({ url }) => url === "/v1/txn?dc=dc1") ? true : null,
    );
    expect(await others()).toMatchObject({
      result: "block",
      title: "A part is being recovered",
      todo: "Wait until it has ended, then run the checks again.",
    });
    goOn();
    expect((await applied).state).toBe("applied");
    expect(await others()).toMatchObject({ result: "pass" });
  });
});

describe("after a restore whose warnings were of agents, Vault and nodes", () => {
  it("the next steps name each, with its command", async () => {
    await writeKey(dc1(), "vault/core/seal-config", "{}");
    await callConsul(dc1(), "PUT", "/v1/catalog/register", {
      Node: "gone-1",
      Address: "10.9.9.9",
      Check: { CheckID: "serfHealth", Name: "Serf Health Status", Status: "passing" },
    });
    const { id: snapshotId } = await room.snapkeep().take();
    await callConsul(dc1(), "PUT", "/v1/catalog/deregister", { Node: "gone-1" });
    await callConsul(dc1(), "DELETE", "/v1/kv/vault?recurse");
    const later = await createLookingToken(dc1(), "later");
    const input = await room.input({ snapshotId, token: later, tokenAfter: typedToken });
    const found = await room.snapkeep().execute("restores.preflight", { id: input.preflightId });
    const warned = found.lines.filter(({ result }) => result === "warning").map(({ name }) => name);
    expect(warned).toEqual(expect.arrayContaining(["token", "vault", "nodes"]));
    const row = await room.restore(input);
    expect(row).toMatchObject({ state: "succeeded", verdict: "snapshot" });
    expect(row.nextSteps).toMatchObject([
      { title: "Give Snapkeep a token of the snapshot", command: null },
      { title: "Give the agents their tokens again", command: "consul acl set-agent-token agent <token>" },
      { title: "Start Vault again", text: expect.stringMatching(/unseal/), command: null },
      { title: "Look for node-id conflicts", command: "consul leave" },
    ]);
    const kept = await room.snapkeep().execute("restores.get", { id: row.id });
    expect(kept.nextSteps).toEqual(row.nextSteps);
  });
});
