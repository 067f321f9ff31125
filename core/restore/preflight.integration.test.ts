import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { kvsEntry, writeArchive } from "#core/testing/archive-writer.ts";
import { type ConsulCluster, startConsulCluster, startConsulServer } from "#core/testing/consul-cluster.ts";
import { callConsul, fetchArchive, writeKey } from "#core/testing/consul-http.ts";
import { createToken } from "#core/testing/consul-token.ts";
import { configEntry } from "#core/testing/record-samples.ts";
import { refusal } from "#core/testing/refusal.ts";
import {
  createLookingToken,
  endedPreflight,
  openRestoreRoom,
  type RestoreRoom,
} from "#core/testing/restore-room.ts";
import { clusterId, startRuntime, type TestRuntime } from "#core/testing/runtime.ts";
import { uploadArchive } from "#core/testing/upload-archive.ts";
import { waitFor } from "#core/testing/wait-for.ts";
import type { Preflight, PreflightName, StartPreflightInput } from "./contract.ts";

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
const look = (more: Partial<StartPreflightInput> = {}) => room.preflight(more);
const line = (found: Preflight, name: PreflightName) => found.lines.find((each) => each.name === name);
const upload = (records: Parameters<typeof writeArchive>[0]) =>
  uploadArchive(room.snapkeep(), writeArchive(records), place);
describe("a preflight where nothing is wrong", () => {
  it("passes in every line but the age, and shows what would change, by type and by name", async () => {
    await writeKey(dc1(), "kept", "changed since");
    await writeKey(dc1(), "new-one", "since");
    await waitFor("autopilot to have looked", async () => {
      const { datacenters } = await room.snapkeep().execute("clusters.datacenters", {});
      return datacenters.find(({ datacenter }) => datacenter === "dc1")?.serversHealthy === 1 ? true : null;
    });
    const found = await look();
    expect(found).toMatchObject({ state: "ready", phase: "done", failureText: null });
    const results = Object.fromEntries(found.lines.map(({ name, result }) => [name, result]));
    expect(results).toEqual({
      age: "warning",
      archive: "pass",
      edition: "pass",
      version: "pass",
      target: "pass",
      servers: "pass",
      token: "pass",
      administrators: "pass",
      same_cluster: "pass",
      sessions: "pass",
      nodes: "pass",
      others: "pass",
      room: "pass",
    });
    expect(found.lines[0]?.name).toBe("age");
    expect(line(found, "age")?.detail).toMatch(/^\d+ raft entries were committed since\./);
    expect(found.impact?.groups.find(({ group }) => group === "kv")).toEqual({
      group: "kv",
      comesBack: 0,
      reverts: 1,
      disappears: 1,
    });
    expect(found.impact?.keys).toMatchObject([
      { label: "kept", change: "reverts", liveBytes: 13, snapshotBytes: 17 },
      { label: "new-one", change: "disappears", liveBytes: 5, snapshotBytes: null },
    ]);
    const comparison = await room
      .snapkeep()
      .execute("comparisons.get", { id: found.impact?.comparisonId ?? "" });
    expect(comparison).toMatchObject({ state: "ready", b: { snapshotId: room.snapshotId } });
    expect(room.putRequests()).toEqual([]);
  });

  it("leaves its rows in the log, and is the same for whoever opens it", async () => {
    const found = await look();
    const rows = (await room.snapkeep().auditRows()).filter(({ targetId }) => targetId === found.id);
    expect(rows.at(-1)).toMatchObject({ action: "restore.preflight", outcome: "ok" });
    const again = await room.snapkeep().execute("restores.preflight", { id: found.id });
    expect(again.lines).toEqual(found.lines);
    expect(again.impact).toEqual(found.impact);
  });
});

describe("the archive", () => {
  it("blocks when a byte of it has changed on the disk", async () => {
    const file = room.snapkeep().archivePath(room.snapshotId);
    const good = readFileSync(file);
    const bad = Buffer.from(good);
    bad[bad.length >> 1] = (bad[bad.length >> 1] ?? 0) ^ 1;
    writeFileSync(file, bad);
    const found = await look();
    writeFileSync(file, good);
    expect(found.lines[0]).toMatchObject({
      name: "archive",
      result: "block",
      title: "The archive does not verify",
    });
    expect(found.impact).toBeNull();
  });

  it("with a record type that the target's version doesn't know: blocks", async () => {
    const snapshotId = await upload({ records: [{ type: 42, value: Buffer.from("") }] });
    expect(line(await look({ snapshotId }), "version")).toMatchObject({
      result: "block",
      title: "Consul 1.8.7 can't load this snapshot",
      detail: expect.stringMatching(/Resource \(type 42, 1\)/),
    });
    const unknown = await upload({ records: [{ type: 63, value: { A: 1 } }] });
    expect(line(await look({ snapshotId: unknown }), "version")).toMatchObject({ result: "block" });
  });

  it("with a kind of config entry that it doesn't know: blocks", async () => {
    const snapshotId = await upload({
      records: [configEntry("exported-services", { Name: "default", CreateIndex: 1, ModifyIndex: 1 })],
    });
    expect(line(await look({ snapshotId }), "version")).toMatchObject({
      result: "block",
      detail: expect.stringMatching(/exported-services/),
    });
  });

  it("with records of Enterprise, into the community edition: blocks", async () => {
    const snapshotId = await upload({ records: [{ type: 65, value: { Name: "team-a" } }] });
    expect(line(await look({ snapshotId }), "edition")).toMatchObject({
      result: "block",
      title: "Enterprise records into the community edition",
    });
  });

  it("from a newer version: warns, and names the fields that are dropped", async () => {
    const node = {
      Node: "consul-1",
      Address: "10.0.0.1",
      Datacenter: "dc1",
      ID: "a577b288-0000-0000-0000-000000000000",
      Locality: { Region: "eu" },
      NodeMeta: { "consul-version": "1.21.3" },
      CreateIndex: 1,
      ModifyIndex: 1,
    };
    const service = {
      ...node,
      Service: {
        ID: "consul",
        Service: "consul",
        Meta: { version: "1.21.3" },
        CreateIndex: 1,
        ModifyIndex: 1,
      },
    };
    const snapshotId = await upload({
      records: [
        { type: 0, value: node },
        { type: 0, value: service },
      ],
    });
    expect(line(await look({ snapshotId }), "version")).toMatchObject({
      result: "warning",
      title: "A downgrade: from Consul 1.21.3 to 1.8.7",
      detail: expect.stringMatching(/Fields that it drops: node Locality/),
    });
  });
});

describe("the token", () => {
  it("made after the snapshot disappears with the restore: warns; one of the snapshot can be checked", async () => {
    const later = await createLookingToken(dc1(), "later");
    const found = await look({ token: later });
    expect(line(found, "token")).toMatchObject({
      result: "warning",
      title: "Your token disappears after the restore",
    });
    const check = (token: string) => room.snapkeep().execute("restores.checkToken", { id: found.id, token });
    expect(await check(later)).toMatchObject({ inSnapshot: false, accessorId: null, isManagement: false });
    expect(await check(typedToken)).toMatchObject({ inSnapshot: true, isManagement: true });
    const input = await room.input({ preflightId: found.id, token: later });
    expect(await refusal(room.begin({ ...input, tokenAfter: later }))).toMatch(
      /^invalid_input: The snapshot has no such token/,
    );
    // With a token of the snapshot for afterwards, the check needs nobody.
    const row = await room.restore({ ...input, tokenAfter: typedToken });
    expect(row).toMatchObject({ state: "succeeded", verdict: "snapshot" });
    expect(row.nextSteps.map(({ title }) => title)).toContain("Give Snapkeep a token of the snapshot");
    for (const secret of [later, typedToken]) expect(room.snapkeep().logLines.join("")).not.toContain(secret);
  });

  it("that may not restore blocks", async () => {
    const reader = await createToken(dc1(), "reader", 'key_prefix "" { policy = "read" }');
    expect((await look({ token: reader })).lines[0]).toMatchObject({ name: "token", result: "block" });
    expect((await look({ token: "00000000-dead-beef-0000-000000000000" })).lines[0]).toMatchObject({
      name: "token",
      result: "block",
    });
  });

  it("and no administrator's in the snapshot: warns", async () => {
    const snapshotId = await upload({ records: [{ type: 2, value: kvsEntry("a", Buffer.from("1"), 5) }] });
    const found = await look({ snapshotId });
    expect(line(found, "administrators")).toMatchObject({
      result: "warning",
      title: "No administrator's token survives",
      detail: "The snapshot holds no ACL token at all.",
    });
    expect(line(found, "token")?.result).toBe("warning");
  });
});

describe("what comes back", () => {
  it("another datacenter or cluster: warns", async () => {
    expect(line(await look({ datacenter: "dc2" }), "same_cluster")).toMatchObject({
      result: "warning",
      detail: expect.stringMatching(/^It is of dc1, the target is dc2\./),
    });
    const other = await startConsulServer({ dev: true });
    const archive = await fetchArchive(other.target());
    await other.stop();
    const snapshotId = await uploadArchive(room.snapkeep(), archive, place);
    expect(line(await look({ snapshotId }), "same_cluster")).toMatchObject({
      result: "warning",
      detail: expect.stringMatching(/^It is of a cluster with another id\./),
    });
  });

  it("Vault's storage, active or not; sessions and locks; nodes that are gone: each warns", async () => {
    const agent = await callConsul<{ Member: { Name: string } }>(dc1(), "GET", "/v1/agent/self");
    const { ID: session } = await callConsul<{ ID: string }>(dc1(), "PUT", "/v1/session/create", {
      Node: agent.Member.Name,
      TTL: "3600s",
    });
    await writeKey(dc1(), "secret/vault/core/seal-config", "{}");
    await callConsul(dc1(), "PUT", `/v1/kv/secret/vault/core/lock?acquire=${session}`, "active");
    // The leader reaps such a node once a minute, which may be between its entry and the snapshot.
    const snapshotId = await waitFor("a snapshot that holds the node", async () => {
      await callConsul(dc1(), "PUT", "/v1/catalog/register", {
        Node: "gone-1",
        Address: "10.9.9.9",
        Check: { CheckID: "serfHealth", Name: "Serf Health Status", Status: "passing" },
      });
      const { id } = await room.snapkeep().take();
      const { rows } = await room.snapkeep().execute("contents.records", { id, kind: "node" });
      return rows.some(({ identity }) => identity === "gone-1") ? id : null;
    });
    await callConsul(dc1(), "PUT", "/v1/catalog/deregister", { Node: "gone-1" });
    const found = await look({ snapshotId });
    expect(line(found, "vault")).toMatchObject({
      result: "warning",
      detail: expect.stringMatching(/^Under secret\/vault\/\. Vault is active now: it holds its lock\./),
      todo: "Seal or stop Vault before, and start it again after.",
    });
    expect(line(found, "sessions")).toMatchObject({
      result: "warning",
      title: "1 session comes back with the full TTL",
      detail: expect.stringMatching(/^1 key stays locked/),
    });
    expect(line(found, "nodes")).toMatchObject({
      result: "warning",
      detail: expect.stringMatching(/^gone-1\. Consul reaps it/),
    });
    await callConsul(dc1(), "PUT", `/v1/session/destroy/${session}`);
    expect(line(await look({ snapshotId }), "vault")?.detail).toMatch(/Nobody holds its lock now\./);
  });

  it("nothing that isn't there already: the age passes", async () => {
    const { id: snapshotId } = await room.snapkeep().take();
    expect(line(await look({ snapshotId }), "age")).toMatchObject({
      result: "pass",
      detail: "nothing would change",
    });
  });
});

describe("the target", () => {
  it("that can't be reached blocks, and the archive is verified all the same", async () => {
    await room.proxy.use({ kind: "refuse-connections" });
    const found = await look();
    expect(found.lines[0]).toMatchObject({ name: "target", result: "block", title: "dc1 can't be reached" });
    expect(line(found, "archive")?.result).toBe("pass");
    expect(found.impact).toBeNull();
    expect(await refusal(room.begin(await room.input({ preflightId: found.id })))).toBe(
      "conflict: A block can't be overridden: dc1 can't be reached.",
    );
  });

  it("whose snapshot can't be taken: warns that nothing can be told", async () => {
    const fault = { kind: "answer-at-once", status: 500, text: "disk is full" } as const;
    await room.proxy.use(fault, { method: "GET", path: "/v1/snapshot" });
    const found = await look();
    expect(line(found, "impact")).toMatchObject({
      result: "warning",
      detail: expect.stringMatching(/disk is full/),
    });
    expect(line(found, "archive")?.result).toBe("pass");
  });

  it("in which a restore runs blocks; in which a snapshot is taken warns", async () => {
    const input = await room.input();
    const answer = await room.proxy.hold("answer", { method: "PUT", path: "/v1/snapshot" });
    const id = await room.begin(input);
    expect(line(await look(), "others")).toMatchObject({
      result: "block",
      title: "Another restore is running",
    });
    answer.release();
    await room.ended(id);
    await room.proxy.clear();
    // The preflight's own look at the live state passes.
    const held = await room.proxy.hold("answer", { method: "GET", path: "/v1/snapshot", times: 1 });
    const taking = await room.snapkeep().beginTake();
    await held.reached;
    expect(line(await look(), "others")).toMatchObject({
      result: "warning",
      title: "A snapshot is being taken",
    });
    held.release();
    await room.snapkeep().waitForSnapshot(taking);
  });
});

describe("three servers without ACLs", () => {
  let cluster: ConsulCluster;
  let snapkeep: TestRuntime;
  let snapshotId: string;

  beforeAll(async () => {
    cluster = await startConsulCluster({ servers: 3 });
    await writeKey(cluster.target(), "a", "1");
    // Answered by a server that stays, whoever leads.
    snapkeep = await startRuntime({
      consulAddress: cluster.target().httpAddress,
      aroundStore: (store) => ({ ...store, freeBytes: async () => 1_000 }),
    });
    snapshotId = (await snapkeep.take()).id;
  });
  afterAll(async () => {
    await snapkeep?.remove();
    await cluster?.stop();
  });

  const lookAt = () => endedPreflight(snapkeep, { snapshotId, ...place });

  it("ACLs off passes; a store without room warns", async () => {
    const found = await lookAt();
    expect(line(found, "token")).toMatchObject({ result: "pass", title: "ACLs are off in the target" });
    expect(line(found, "room")).toMatchObject({
      result: "warning",
      title: "There may be no room for the safety snapshot",
    });
  });

  it("one server down warns, two down and no leader block", async () => {
    const [first, second, third] = cluster.servers;
    const kept = [first, second, third].find(
      (server) => cluster.target().httpAddress === server?.httpAddress,
    );
    const others = cluster.servers.filter((server) => server !== kept);
    await others[0]?.kill();
    const warned = await waitFor("autopilot to see it", async () => {
      const found = await lookAt();
      return line(found, "servers")?.result === "warning" ? found : null;
    });
    expect(line(warned, "servers")?.title).toMatch(/not healthy|not known/);
    await others[1]?.kill();
    const blocked = await waitFor("the leader to be missed", async () => {
      const found = await lookAt();
      return found.lines[0]?.title === "Target has no leader" ? found : null;
    });
    expect(blocked.lines[0]).toMatchObject({
      name: "target",
      result: "block",
      todo: "Elect one, then run the checks again.",
    });
    expect(blocked.target).toMatchObject({ state: "no_leader" });
  });
});

describe("a restore is bound to its preflight", () => {
  it("of the same snapshot and target, ended, and with each warning ticked", async () => {
    await writeKey(dc1(), "kept", "changed again");
    const found = await look();
    const input = await room.input({ preflightId: found.id });
    const { id: other } = await room.snapkeep().take();
    expect(await refusal(room.begin({ ...input, snapshotId: other }))).toBe(
      "conflict: This preflight is of another snapshot or another target. Run the checks again.",
    );
    expect(await refusal(room.begin({ ...input, datacenter: "dc2", confirmDatacenter: "dc2" }))).toMatch(
      /^conflict: This preflight is of another/,
    );
    expect(await refusal(room.begin({ ...input, preflightId: "p-nothing" }))).toMatch(/^not_found: /);
    expect(await refusal(room.begin({ ...input, accepted: [] }))).toMatch(
      /^invalid_input: Each warning must be ticked\. Missing: The snapshot is .* older than the live state/,
    );
  });

  it("a warning that came up since stops it before anything is sent", async () => {
    const found = await look();
    const accepted = found.lines.filter(({ result }) => result === "warning").map(({ name }) => name);
    const input = await room.input({ preflightId: found.id });
    const held = await room.proxy.hold("answer", { method: "GET", path: "/v1/snapshot", times: 1 });
    const taking = await room.snapkeep().beginTake();
    await held.reached;
    const row = await room.restore({ ...input, accepted });
    expect(row).toMatchObject({ state: "failed", bytesSent: 0, safetySnapshot: null });
    expect(row.outcomeText).toMatch(
      /^The target has changed since the preflight: A snapshot is being taken\./,
    );
    held.release();
    await room.snapkeep().waitForSnapshot(taking);
  });
});
