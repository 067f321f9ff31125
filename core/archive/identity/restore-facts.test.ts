import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { kvsEntry, type TestRecord, writeArchive } from "#core/testing/archive-writer.ts";
import { goTime } from "#core/testing/record-samples.ts";
import { readRestoreFacts } from "./index.ts";

const now = Date.UTC(2026, 0, 1);

function facts(records: readonly TestRecord[], inThread = false) {
  const archive = writeArchive({ records });
  const open = async () =>
    (async function* () {
      for (let at = 0; at < archive.length; at += 1_000) yield archive.subarray(at, at + 1_000);
    })();
  const signal = new AbortController().signal;
  return readRestoreFacts({ open, inThread, signal, sampleKeys: 50, endsBeforeMs: now });
}

const key = (name: string | Buffer, more: object = {}): TestRecord => ({
  type: 2,
  value: { ...(kvsEntry("", Buffer.from(`value of ${name}`), 12) as object), Key: name, ...more },
});
const numbered = (count: number) =>
  Array.from({ length: count }, (_, at) =>
    key(`k/${String(at).padStart(6, "0")}`, { Flags: 2n ** 63n + BigInt(at) }),
  );

describe("the sampled keys", () => {
  it.each([0, 1, 49, 50, 51, 99, 100, 1_000, 12_345])("of %i are spread over all of them", async (count) => {
    const { sample } = await facts(numbered(count));
    expect(sample).toHaveLength(Math.min(count, 50));
    const places = sample.map((one) => Number(one.key.slice(2)));
    expect(new Set(places).size).toBe(sample.length);
    // No stretch of a tenth goes without.
    const tenths = new Set(places.map((place) => Math.floor((place * 10) / Math.max(count, 1))));
    expect(tenths.size).toBe(Math.min(count, 10));
  });

  it("hold the exact flags and the digest of the value", async () => {
    const { sample } = await facts(numbered(2));
    const valueSha256 = createHash("sha256").update("value of k/000001").digest("hex");
    expect(sample[1]).toEqual({ key: "k/000001", valueSha256, flags: "9223372036854775809" });
  });

  it("are those that can be asked for, and stay", async () => {
    const records = [
      key("a"),
      key("locked", { Session: "8e39c4df" }),
      key("team", { Namespace: "team" }),
      key(Buffer.from([0x62, 0xff])),
      key("z", { Value: null }),
    ];
    expect((await facts(records)).sample.map((one) => one.key)).toEqual(["a", "z"]);
  });
});

it("external nodes are those without the check that agents have", async () => {
  const register = (node: string, checkId?: string): TestRecord => ({
    type: 0,
    value: {
      Node: node,
      Address: "10.0.0.1",
      ...(checkId === undefined
        ? {}
        : { Check: { Node: node, CheckID: checkId, CreateIndex: 5, ModifyIndex: 5 } }),
      CreateIndex: 5,
      ModifyIndex: 5,
    },
  });
  const records = [
    register("agent/1"),
    register("agent/1", "serfHealth"),
    register("out/side"),
    register("out/side", "host-alive"),
  ];
  expect((await facts(records)).externalNodes).toEqual(["out/side"]);
  expect((await facts(records, true)).externalNodes).toEqual(["out/side"]);
});

describe("what ends by itself", () => {
  const token = (id: string, expires: Buffer | null): TestRecord => ({
    type: 17,
    value: { AccessorID: id, SecretID: "s", ExpirationTime: expires, CreateIndex: 5, ModifyIndex: 5 },
  });
  const query = (id: string, session: string): TestRecord => ({
    type: 7,
    value: { ID: id, Name: id, Session: session, CreateIndex: 5, ModifyIndex: 5 },
  });

  it("are expired tokens and queries of a session, and nothing else", async () => {
    const { endsByItself, hasAclTokens } = await facts([
      token("stays", null),
      token("later", goTime("2026-01-01T00:00:01Z")),
      token("over", goTime("2025-12-31T23:59:59Z")),
      query("of-nobody", ""),
      query("of-session", "8e39c4df"),
    ]);
    expect(endsByItself).toEqual(["acl-token over", "prepared-query of-session"]);
    expect(hasAclTokens).toBe(true);
  });
});

it("a thread finds the same", async () => {
  const records = numbered(300);
  expect(await facts(records, true)).toEqual(await facts(records));
});
