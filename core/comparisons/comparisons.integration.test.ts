import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type SingleServer, startConsulServer } from "#core/testing/consul-cluster.ts";
import { callConsul } from "#core/testing/consul-http.ts";
import {
  clusterId,
  listArchiveFiles,
  personWith,
  startRuntime,
  type TestRuntime,
} from "#core/testing/runtime.ts";
import { waitFor } from "#core/testing/wait-for.ts";
import type { Comparison, StartInput } from "./contract.ts";

let consul: SingleServer;
let snapkeep: TestRuntime;
let before: string;
let after: string;

const put = (key: string, value: string) =>
  callConsul(consul.target(), "PUT", `/v1/kv/${key}`, Buffer.from(value));
const register = (body: object) =>
  callConsul(consul.target(), "PUT", "/v1/catalog/register", Buffer.from(JSON.stringify(body)));
const keyId = (key: string) => Buffer.from(key).toString("base64url");

beforeAll(async () => {
  consul = await startConsulServer({ dev: true });
  await put("app/same", "1");
  await put("app/touched", "1");
  await put("app/changed", '{"provider":"v1","timeout":1500}');
  await put("app/db_password", "hunter2hunter2");
  await put("app/removed", "old");
  await register({ Node: "web-1", Address: "10.0.0.1", Service: { Service: "web", Port: 80 } });
  snapkeep = await startRuntime({ consulAddress: consul.server.httpAddress });
  before = (await snapkeep.take()).id;
  await put("app/touched", "2");
  await put("app/touched", "1");
  await put("app/changed", '{"provider":"v2","timeout":1500}');
  await put("app/db_password", "correct horse");
  await put("app/added", "new");
  await callConsul(consul.target(), "DELETE", "/v1/kv/app/removed");
  await register({ Node: "web-1", Address: "10.0.0.1", Service: { Service: "web", Port: 8080 } });
  after = (await snapkeep.take()).id;
});
afterAll(async () => {
  await snapkeep?.remove();
  await consul?.stop();
});

async function compare(input: StartInput): Promise<Comparison> {
  const { id } = await snapkeep.execute("comparisons.start", input);
  return await waitFor("the comparison to end", async () => {
    const found = await snapkeep.execute("comparisons.get", { id });
    return found.state === "running" ? null : found;
  });
}
const both = () => compare({ a: { snapshotId: before }, b: { snapshotId: after } });

describe("a comparison of two snapshots", () => {
  it("tells exactly the keys that were added, changed and removed", async () => {
    const { id, summary } = await both();
    const kv = summary?.kinds.find(({ kind }) => kind === "kv");
    expect(kv).toMatchObject({ added: 1, changed: 2, removed: 1 });
    const { rows } = await snapkeep.execute("comparisons.differences", { id });
    expect(rows.map(({ label, change, closed }) => [label, change, closed])).toEqual([
      ["app/added", "added", null],
      ["app/changed", "changed", null],
      ["app/db_password", "changed", "*password*"],
      ["app/removed", "removed", null],
    ]);
  });

  it("counts what was only written again as churn, and lists it when asked", async () => {
    const { id } = await both();
    const { rows } = await snapkeep.execute("comparisons.differences", {
      id,
      churn: true,
      pattern: "app/touched",
    });
    expect(rows.map(({ label, change, churn }) => [label, change, churn])).toEqual([
      ["app/touched", "touched", true],
    ]);
  });

  it("pages, and filters by change and pattern", async () => {
    const { id } = await both();
    const labels = async (input: object) =>
      (await snapkeep.execute("comparisons.differences", { id, ...input })).rows.map(({ label }) => label);
    expect(await labels({ changes: "added,removed" })).toEqual(["app/added", "app/removed"]);
    expect(await labels({ pattern: "*_password" })).toEqual(["app/db_password"]);
    const first = await snapkeep.execute("comparisons.differences", { id, limit: 3 });
    expect(first.ended).toBe("limit");
    expect(await labels({ limit: 3, cursor: first.nextCursor })).toEqual(["app/removed"]);
  });

  it("shows the words that changed in a value", async () => {
    const { id } = await both();
    const value = await snapkeep.execute("comparisons.value", { id, keyId: keyId("app/changed") });
    const marked = value.text?.hunks.flatMap(({ lines }) =>
      lines.flatMap(({ kind, parts }) => parts.filter((part) => part.marked).map(({ text }) => [kind, text])),
    );
    expect(value.text?.form).toBe("json");
    expect(marked).toEqual([
      ["removed", "v1"],
      ["added", "v2"],
    ]);
  });

  it("keeps credentials closed, and reveals them with a reason in the log", async () => {
    const { id } = await both();
    const input = { id, keyId: keyId("app/db_password") };
    const closed = await snapkeep.execute("comparisons.value", input);
    expect(closed.text).toBeNull();
    expect(JSON.stringify(closed)).not.toContain("hunter2");
    const revealed = await snapkeep.execute("comparisons.reveal", { ...input, reason: "INC-2" });
    expect(JSON.stringify(revealed.text)).toContain("hunter2");
    const rows = (await snapkeep.auditRows()).filter(({ action }) => action === "secret.reveal");
    expect(rows.map(({ outcome, reason }) => [outcome, reason])).toEqual([
      ["intent", "INC-2"],
      ["ok", "INC-2"],
    ]);
  });

  it("tells the fields of a service that differ", async () => {
    const { id } = await both();
    const { rows } = await snapkeep.execute("comparisons.differences", { id, kind: "service" });
    expect(rows.map(({ change }) => change)).toEqual(["changed"]);
    const identity = rows[0]?.label ?? "";
    const { fields } = await snapkeep.execute("comparisons.record", { id, kind: "service", identity });
    expect(fields.filter(({ churn }) => !churn)).toEqual([
      { path: "Service.Port", before: 80, after: 8080, churn: false },
    ]);
  });

  it("is the same one when it is asked for again, and is in the audit log each time", async () => {
    const [one, other] = [await both(), await both()];
    expect(one.id).toBe(other.id);
    const rows = (await snapkeep.auditRows()).filter(({ action }) => action === "snapshot.compare");
    expect(rows.at(-1)).toMatchObject({ outcome: "ok", targetId: before });
  });

  it("finds nothing between a snapshot and itself", async () => {
    const { summary } = await compare({ a: { snapshotId: after }, b: { snapshotId: after } });
    expect(summary).toMatchObject({ identical: true, total: { added: 0, changed: 0, removed: 0, churn: 0 } });
  });
});

describe("a comparison with the live cluster", () => {
  it("shows what changed since, and keeps no snapshot of it", async () => {
    await put("app/later", "now");
    const rowsBefore = (await snapkeep.listRows()).length;
    const { id, summary, b } = await compare({
      a: { snapshotId: after },
      b: { clusterId, datacenter: "dc1" },
    });
    expect(summary?.kinds.find(({ kind }) => kind === "kv")).toMatchObject({
      added: 1,
      changed: 0,
      removed: 0,
    });
    expect(b).toMatchObject({ snapshotId: null, datacenter: "dc1", raftIndex: expect.any(Number) });
    const value = await snapkeep.execute("comparisons.value", { id, keyId: keyId("app/later") });
    expect(value.after?.value).toMatchObject({ state: "open" });
    expect(await snapkeep.listRows()).toHaveLength(rowsBefore);
    expect(listArchiveFiles(snapkeep.dataFolder)).toEqual([`${before}.snap`, `${after}.snap`].sort());
  });

  it("is refused to those who may not take a snapshot", async () => {
    const viewer = personWith("viewer");
    const input = { a: { snapshotId: after }, b: { clusterId, datacenter: "dc1" } };
    await expect(snapkeep.execute("comparisons.start", input, viewer)).rejects.toMatchObject({
      code: "forbidden",
    });
  });
});
