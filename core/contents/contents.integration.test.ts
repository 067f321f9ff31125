import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type SingleServer, startConsulServer } from "#core/testing/consul-cluster.ts";
import { callConsul } from "#core/testing/consul-http.ts";
import { personWith, startRuntime, type TestRuntime } from "#core/testing/runtime.ts";

let consul: SingleServer;
let snapkeep: TestRuntime;
let id: string;

const binary = Buffer.from([0, 1, 2, 255, 254, 10]);
const hostile = "odd/<b>../\u0001tab\t";

beforeAll(async () => {
  consul = await startConsulServer({ dev: true });
  const put = (key: string, value: Buffer | string) =>
    callConsul(consul.target(), "PUT", `/v1/kv/${encodeURIComponent(key)}`, Buffer.from(value));
  await put("app/config/limits", '{"max":200}');
  await put("app/config/stripe_key", "sk_live_51H");
  await put("app/config/empty", "");
  await put("app/name", "checkout");
  await put("bin/blob", binary);
  // Its own endpoint refuses such a key in an address; a transaction does not.
  const set = { KV: { Verb: "set", Key: hostile, Value: Buffer.from("harmless").toString("base64") } };
  await callConsul(consul.target(), "PUT", "/v1/txn", Buffer.from(JSON.stringify([set])));
  for (let number = 0; number < 250; number++) await put(`many/${String(number).padStart(3, "0")}`, "x");
  snapkeep = await startRuntime({ consulAddress: consul.server.httpAddress });
  id = (await snapkeep.take()).id;
});
afterAll(async () => {
  await snapkeep?.remove();
  await consul?.stop();
});

const keyId = (key: string) => Buffer.from(key).toString("base64url");
const value = (key: string) => snapkeep.execute("contents.value", { id, keyId: keyId(key) });
const indexFile = () => path.join(snapkeep.dataFolder, "archives", `${id}.contents`);

describe("looking inside a snapshot", () => {
  it("says what it holds, as the archive's own counts do", async () => {
    const summary = await snapkeep.execute("contents.summary", { id });
    expect(summary).toMatchObject({ edition: "community", datacenters: ["dc1"], keys: 256 });
    expect(summary.kinds.find(({ kind }) => kind === "kv")?.count).toBe(256);
    expect(summary.types.find(({ name }) => name === "KVS")?.count).toBe(256);
    expect(summary.kinds.find(({ kind }) => kind === "node")?.count).toBe(1);
  });

  it("lists folders with all that is below them, and keys", async () => {
    const root = await snapkeep.execute("contents.children", { id });
    expect(root.rows.map(({ name, keys, isFolder }) => [name, keys, isFolder])).toEqual([
      ["app/", 4, true],
      ["bin/", 1, true],
      ["many/", 250, true],
      ["odd/", 1, true],
    ]);
    expect(root.totals.keys).toBe(256);
    const config = await snapkeep.execute("contents.children", { id, prefix: keyId("app/config/") });
    expect(config.rows.map(({ name, entry }) => [name, entry?.valueBytes, entry?.closed])).toEqual([
      ["empty", 0, null],
      ["limits", 11, null],
      ["stripe_key", 11, "*_key"],
    ]);
  });

  it("gives every child of a large folder once, page by page", async () => {
    const names: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await snapkeep.execute("contents.children", {
        id,
        prefix: keyId("many/"),
        limit: 60,
        ...(cursor !== undefined && { cursor }),
      });
      names.push(...page.rows.map(({ name }) => name));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(names).toEqual(Array.from({ length: 250 }, (_, number) => String(number).padStart(3, "0")));
  });

  it("finds keys by prefix and by pattern", async () => {
    const found = async (pattern: string) =>
      (await snapkeep.execute("contents.search", { id, pattern })).rows.map(({ text }) => text);
    expect(await found("app/*_key")).toEqual(["app/config/stripe_key"]);
    expect(await found("app/n")).toEqual(["app/name"]);
    expect(await found("*/01?")).toHaveLength(10);
    expect(await found("nowhere*")).toEqual([]);
  });

  it("gives values byte for byte, and says what form they have", async () => {
    const open = async (key: string) => {
      const { value: got } = await value(key);
      return got.state === "open" ? [Buffer.from(got.base64, "base64"), got.form] : null;
    };
    expect(await open("app/config/limits")).toEqual([Buffer.from('{"max":200}'), "json"]);
    expect(await open("app/name")).toEqual([Buffer.from("checkout"), "text"]);
    expect(await open("app/config/empty")).toEqual([Buffer.alloc(0), "text"]);
    expect(await open("bin/blob")).toEqual([binary, "binary"]);
    expect(await open(hostile)).toEqual([Buffer.from("harmless"), "text"]);
  });

  it("keeps a value closed whose name looks like a credential's, and reveals it with a reason in the log", async () => {
    const { value: closed } = await value("app/config/stripe_key");
    expect(closed).toEqual({ state: "closed", rule: "*_key", bytes: 11, fingerprint: expect.any(String) });
    const input = { id, keyId: keyId("app/config/stripe_key") };
    await expect(snapkeep.execute("contents.revealValue", { ...input, reason: " " })).rejects.toMatchObject({
      code: "invalid_input",
    });
    const revealed = await snapkeep.execute("contents.revealValue", { ...input, reason: "INC-1" });
    expect(Buffer.from(revealed.base64, "base64").toString()).toBe("sk_live_51H");
    const rows = await snapkeep.auditRows();
    const about = rows.filter(({ action, targetId }) => action === "secret.reveal" && targetId === id);
    expect(about.map(({ outcome, reason }) => [outcome, reason])).toEqual([
      ["intent", "INC-1"],
      ["ok", "INC-1"],
    ]);
    expect(about[0]?.detail).toBe("key app/config/stripe_key");
    expect(JSON.stringify(rows)).not.toContain("sk_live");
  });

  it("keeps values from those who may only read", async () => {
    const viewer = personWith("viewer");
    await expect(
      snapkeep.execute("contents.value", { id, keyId: keyId("app/name") }, viewer),
    ).rejects.toMatchObject({ code: "forbidden" });
  });

  it("makes the index anew when it is gone or damaged", async () => {
    for (const spoil of [() => rmSync(indexFile()), () => writeFileSync(indexFile(), "no index")]) {
      spoil();
      await snapkeep.stop();
      const { dataFolder } = snapkeep;
      snapkeep = await startRuntime({ consulAddress: consul.server.httpAddress, dataFolder });
      expect((await snapkeep.execute("contents.summary", { id })).keys).toBe(256);
    }
  });

  it("answers for what is not there, and for a wrong cursor, in words", async () => {
    await expect(value("nowhere")).rejects.toMatchObject({ code: "not_found" });
    await expect(snapkeep.execute("contents.summary", { id: "s-nothing" })).rejects.toMatchObject({
      code: "not_found",
    });
    await expect(snapkeep.execute("contents.children", { id, cursor: "zzz" })).rejects.toMatchObject({
      code: "invalid_input",
    });
  });
});
