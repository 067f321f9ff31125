import { randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeMsgpack, kvsEntry, type MsgpackValue, writeArchive } from "../../testing/archive-writer.ts";
import { type CompareOptions, compareArchives } from "./compare-archives.ts";
import type { CompareResult, Difference } from "./contract.ts";

type Fields = { readonly [name: string]: MsgpackValue };
type Records = readonly { readonly type: number; readonly value: MsgpackValue }[];

async function* inPieces(archive: Buffer, pieceBytes: number) {
  for (let at = 0; at < archive.length; at += pieceBytes) {
    yield archive.subarray(at, at + pieceBytes);
  }
}

async function compare(
  a: Buffer,
  b: Buffer,
  options: CompareOptions = {},
): Promise<{ result: CompareResult; told: Difference[] }> {
  const told: Difference[] = [];
  const onDifference = (difference: Difference) => {
    told.push(difference);
  };
  const onRestart = () => void told.splice(0);
  const open = (archive: Buffer) => () => inPieces(archive, 500);
  const result = await compareArchives(open(a), open(b), { onDifference, onRestart, ...options });
  return { result, told };
}

const named = (each: Difference) =>
  `${each.change} ${each.kind} ${each.kind === "kv" ? Buffer.from(each.key) : each.identity}`;

async function told(a: Records, b: Records, options: CompareOptions = {}): Promise<string[]> {
  const both = await compare(writeArchive({ records: a }), writeArchive({ records: b }), options);
  expect(both.result.reports.map(({ findings }) => findings)).toEqual([[], []]);
  expect(both.result.outcome).toBe("compared");
  return both.told.map(named);
}

const record = (type: number, value: MsgpackValue) => ({ type, value });
const index = (number: number) => ({ CreateIndex: 1, ModifyIndex: number });
const node = (over: Fields = {}) =>
  record(0, { Address: "10.0.0.1", Node: "web-1", NodeMeta: { a: "1", b: "2" }, ...index(5), ...over });
const service = (over: Fields = {}, ofNode: Fields = {}) =>
  record(0, {
    ...(node(ofNode).value as Fields),
    Service: { ID: "api", Service: "api", Tags: ["v1"], ...index(6), ...over },
  });
const check = (over: Fields = {}) =>
  record(0, {
    ...(node().value as Fields),
    Check: { CheckID: "c1", Status: "passing", Output: "200", ...index(7), ...over },
  });
/** Two msgpack values packed into one text (ConfigEntryRequest.MarshalBinary). */
const entry = (name: string, over: Fields = {}) =>
  record(
    22,
    Buffer.concat([
      encodeMsgpack("service-defaults"),
      encodeMsgpack({
        Datacenter: "dc1",
        Entry: { Kind: "service-defaults", Name: name, ...index(8), ...over },
        Op: "upsert",
      }),
    ]),
  );

/** One record of each kind that msgpack alone describes, and what changes in it. */
const kinds: readonly [kind: string, identity: string, type: number, fields: Fields, change: Fields][] = [
  ["session", "s-1", 3, { ID: "s-1", Name: "lock", Node: "web-1" }, { Name: "other" }],
  ["acl-token", "t-1", 17, { AccessorID: "t-1", SecretID: "x", Description: "a" }, { SecretID: "y" }],
  ["acl-policy", "p-1", 19, { ID: "p-1", Name: "read", Rules: "" }, { Rules: 'acl = "write"' }],
  [
    "acl-role",
    "r-1",
    23,
    { ID: "r-1", Name: "ops", Policies: [] },
    { Policies: [{ ID: "p-1", Name: "read" }] },
  ],
  ["acl-binding-rule", "b-1", 25, { ID: "b-1", AuthMethod: "k8s" }, { Selector: "x" }],
  [
    "acl-auth-method",
    "k8s",
    27,
    { Name: "k8s", Type: "kubernetes", Config: { Host: "a" } },
    { Config: { Host: "b" } },
  ],
  ["intention", "i-1", 12, { ID: "i-1", Action: "allow" }, { Action: "deny" }],
  ["prepared-query", "q-1", 7, { ID: "q-1", Name: "near" }, { Name: "far" }],
  ["autopilot", "autopilot", 9, { CleanupDeadServers: true }, { CleanupDeadServers: false }],
  ["ca-root", "c-1", 13, { ID: "c-1", Active: true }, { Active: false }],
  ["ca-config", "ca-config", 15, { ClusterID: "x", Provider: "consul" }, { Provider: "vault" }],
  ["ca-provider-state", "c-1", 14, { ID: "c-1", PrivateKey: "a" }, { PrivateKey: "b" }],
  [
    "federation-state",
    "dc2",
    30,
    { Datacenter: "dc2", State: { Datacenter: "dc2" } },
    { State: { Datacenter: "dc2", MeshGateways: [{ ID: "g" }] } },
  ],
  ["system-metadata", "virtual-ips", 31, { Key: "virtual-ips", Value: "true" }, { Value: "false" }],
];

describe("records other than keys", () => {
  it.each(kinds)(
    "of the kind %s are told apart by identity",
    async (kind, identity, type, fields, change) => {
      const before = record(type, { ...fields, ...index(1) });
      const touched = record(type, { ...fields, ...index(2) });
      const after = record(type, { ...fields, ...change, ...index(3) });
      expect(await told([], [before])).toEqual([`added ${kind} ${identity}`]);
      expect(await told([before], [])).toEqual([`removed ${kind} ${identity}`]);
      expect(await told([before], [after])).toEqual([`changed ${kind} ${identity}`]);
      expect(await told([before], [touched])).toEqual([]);
      expect(await told([before], [touched], { includeChurn: true })).toEqual([
        `touched ${kind} ${identity}`,
      ]);
    },
  );

  it("are nodes, services, checks and config entries, too", async () => {
    const a = [node(), service(), check(), entry("web")];
    const b = [
      node(),
      service({ Tags: ["v2"] }),
      check({ Status: "critical" }),
      entry("web", { Protocol: "http" }),
    ];
    expect(await told(a, b)).toEqual([
      "changed service web-1/api",
      "changed check web-1/c1",
      "changed config-entry service-defaults/web",
    ]);
  });

  it("say the same with maps and records in another order, and with empty fields that a version left out", async () => {
    const a = [node(), service({ Meta: { x: "1", y: "2" } }), entry("web"), entry("api")];
    const b = [
      entry("api"),
      entry("web", { MeshGateway: {}, Expose: null, Protocol: "" }),
      service({ Meta: { y: "2", x: "1" }, Weights: null, PeerName: "", EnableTagOverride: false }),
      node({ NodeMeta: { b: "2", a: "1" }, Locality: null }),
    ];
    const { result, told } = await compare(writeArchive({ records: a }), writeArchive({ records: b }), {
      includeChurn: true,
    });
    expect(told).toEqual([]);
    expect(result.summary).toMatchObject({ identical: true, total: { identical: 4, churn: 0 } });
  });

  it("differ where people's own maps gained an empty entry", async () => {
    expect(await told([node()], [node({ NodeMeta: { a: "1", b: "2", c: "" } })])).toEqual([
      "changed node web-1",
    ]);
  });

  it("of a service or check do not change with the node that they repeat", async () => {
    const moved = { Address: "10.0.0.2", NodeMeta: { a: "9" }, ...index(9) };
    expect(await told([node(), service()], [node(moved), service({}, moved)])).toEqual([
      "changed node web-1",
    ]);
  });

  it("are never lost where an identity comes twice", async () => {
    expect(await told([service()], [service(), service({ Port: 2 }), service()])).toEqual([
      "added service web-1/api (2)",
      "added service web-1/api (3)",
    ]);
  });
});

describe("churn", () => {
  const before = [
    check(),
    record(6, [{ Node: "web-1", Segment: "", Coord: { Vec: [1.5, 2] } }]),
    record(5, { Key: "gone", ...index(3) }),
    record(30, {
      Datacenter: "dc1",
      State: {
        Datacenter: "dc1",
        UpdatedAt: Buffer.from("010000000ed6b1a2b3000000000000", "hex"),
        ...index(1),
      },
    }),
    record(31, { Key: "server-management-token", Value: "a", ...index(1) }),
    record(16, { Key: "kvs", Value: 1 }),
  ];
  const after = [
    check({ Output: "503", ...index(9) }),
    record(6, [{ Node: "web-1", Segment: "", Coord: { Vec: [1.6, 2] } }]),
    record(5, { Key: "gone too", ...index(4) }),
    record(30, {
      Datacenter: "dc1",
      State: {
        Datacenter: "dc1",
        UpdatedAt: Buffer.from("010000000ed6b1a2b4000000000000", "hex"),
        ...index(2),
      },
    }),
    record(31, { Key: "server-management-token", Value: "b", ...index(2) }),
    record(16, { Key: "kvs", Value: 2 }),
    record(16, { Key: "nodes", Value: 2 }),
  ];

  it("is counted by kind, and not told", async () => {
    const both = await compare(writeArchive({ records: before }), writeArchive({ records: after }));
    expect(both.told).toEqual([]);
    expect(both.result.summary?.identical).toBe(true);
    expect(both.result.summary?.kinds.map(({ kind, typeName, churn }) => [kind, typeName, churn])).toEqual([
      ["check", "Register", 1],
      ["federation-state", "FederationState", 1],
      ["system-metadata", "SystemMetadata", 1],
      ["coordinate", "CoordinateBatchUpdate", 1],
      ["tombstone", "Tombstone", 2],
      ["index", "Index", 2],
    ]);
  });

  it("is told when it is asked for", async () => {
    expect(await told(before, after, { includeChurn: true })).toEqual([
      "touched check web-1/c1",
      "touched federation-state dc1",
      "touched system-metadata server-management-token",
      "changed coordinate web-1",
      "removed tombstone gone",
      "added tombstone gone too",
      "changed index kvs",
      "added index nodes",
    ]);
  });
});

const kv = (key: string, value: Buffer | string, modifyIndex = 5, over: Fields = {}) =>
  record(2, { ...(kvsEntry(key, Buffer.from(value), modifyIndex) as Fields), ...over });

const keyOf = ({ value }: { value: MsgpackValue }) => Buffer.from(String((value as Fields).Key));

describe("keys", () => {
  it("are told with what changed and where the records stand, but never with a value", async () => {
    const a = [kv("a", "1"), kv("b", "secret-before"), kv("c", "1"), kv("d", "1")];
    const b = [
      kv("b", "secret-after", 6),
      kv("c", "1", 7),
      kv("d", "1", 8, { Flags: 7, Session: "s", LockIndex: 1 }),
      kv("e", ""),
    ];
    const { result, told } = await compare(writeArchive({ records: a }), writeArchive({ records: b }));
    expect(told.map(named)).toEqual(["removed kv a", "changed kv b", "changed kv d", "added kv e"]);
    const bytes = encodeMsgpack(a[0]?.value ?? null).length + 1;
    expect(told[0]).toMatchObject({
      parts: [],
      before: { type: 2, bytes, valueBytes: 1, modifyIndex: 5 },
      after: null,
    });
    expect(told[1]).toMatchObject({
      parts: ["value"],
      before: { valueBytes: 13 },
      after: { valueBytes: 12, modifyIndex: 6 },
    });
    expect(told[1]?.before?.offset).toBe((told[0]?.before?.offset ?? 0) + bytes);
    expect(told[2]).toMatchObject({
      parts: ["flags", "lockIndex", "session"],
      after: { flags: 7n, session: "s" },
    });
    const text = JSON.stringify(told, (_, value) => (typeof value === "bigint" ? `${value}` : value));
    expect(text).not.toContain("secret");
    const total = { added: 1, changed: 2, removed: 1, churn: 1, identical: 0 };
    expect(result.summary).toEqual({
      identical: false,
      total,
      kinds: [{ kind: "kv", type: 2, typeName: "KVS", ...total }],
    });
  });

  it("of other namespaces are other keys", async () => {
    const a = [kv("k", "1", 5, { Namespace: "a" }), kv("k", "1", 5, { Namespace: "b" })];
    const { told } = await compare(
      writeArchive({ records: a }),
      writeArchive({ records: [kv("k", "1", 5, { Namespace: "b" })] }),
    );
    expect(told).toMatchObject([{ change: "removed", namespace: "a" }]);
  });

  it("with values of megabytes are compared to the last byte", async () => {
    const value = randomBytes(3_000_000);
    const other = Buffer.concat([value.subarray(0, -1), Buffer.from([(value.at(-1) ?? 0) ^ 1])]);
    const a = [kv("a", value), kv("b", value), kv("c", value), kv("d", value)];
    expect(await told(a, [kv("a", value), kv("b", other), kv("c", value), kv("d", value)])).toEqual([
      "changed kv b",
    ]);
  });

  it("with many large values are compared right while the memory for them is used again", async () => {
    const values = Array.from({ length: 300 }, () => randomBytes(60_000));
    const keys = (change: (value: Buffer, at: number) => Buffer) =>
      values.map((value, at) => kv(String(at).padStart(4, "0"), change(value, at)));
    const changed = (value: Buffer, at: number) =>
      at % 7 === 3 ? Buffer.from(value).fill(0, 59_999) : value;
    const expected = values.flatMap((value, at) =>
      at % 7 === 3 && value.at(-1) !== 0 ? [`changed kv ${String(at).padStart(4, "0")}`] : [],
    );
    expect(
      await told(
        keys((value) => value),
        keys(changed),
      ),
    ).toEqual(expected);
  });

  it("that do not stand in order are compared all the same", async () => {
    const a = [kv("b", "1"), kv("a", "1"), kv("c", "1".repeat(100))];
    const b = [kv("a", "1"), kv("b", "2"), kv("c", "2".repeat(100))];
    expect(await told(a, b)).toEqual(["changed kv b", "changed kv c"]);
    expect(await told(b, a)).toEqual(["changed kv b", "changed kv c"]);
  });
});

describe("compareArchives", () => {
  it("finds what a comparison of maps finds, with any keys and any pieces", async () => {
    const keys = fc.dictionary(
      fc.string({ unit: "binary", maxLength: 3 }),
      fc.record({ value: fc.string({ maxLength: 40 }), index: fc.integer({ min: 1, max: 2 }) }),
      { maxKeys: 30, noNullPrototype: true },
    );
    const sorted = (map: Record<string, { value: string; index: number }>) =>
      Object.entries(map)
        .map(([key, { value, index }]) => kv(key, value, index))
        .sort((a, b) => Buffer.compare(keyOf(a), keyOf(b)));
    await fc.assert(
      fc.asyncProperty(keys, keys, fc.integer({ min: 1, max: 400 }), async (a, b, pieceBytes) => {
        const archives = [a, b].map((map) => inPieces(writeArchive({ records: sorted(map) }), pieceBytes));
        const [first = inPieces(Buffer.alloc(0), 1), second = first] = archives;
        const { summary } = await compareArchives(first, second);
        const both = Object.keys(a).filter((key) => Object.hasOwn(b, key));
        const changed = both.filter((key) => a[key]?.value !== b[key]?.value).length;
        const identical = both.filter(
          (key) => a[key]?.value === b[key]?.value && a[key]?.index === b[key]?.index,
        ).length;
        expect(summary?.total).toEqual({
          added: Object.keys(b).length - both.length,
          removed: Object.keys(a).length - both.length,
          changed,
          identical,
          churn: both.length - changed - identical,
        });
      }),
      { numRuns: 60 },
    );
  });

  it("claims nothing where an archive is broken anywhere", async () => {
    const records = Array.from({ length: 2_000 }, (_, at) =>
      kv(String(at).padStart(6, "0"), randomBytes(20)),
    );
    const good = writeArchive({ records });
    for (let length = 0; length < good.length; length += Math.floor(good.length / 12)) {
      const pair = [good, good.subarray(0, length)] as const;
      for (const [a, b] of [pair, [pair[1], pair[0]] as const]) {
        const { result } = await compare(a, b);
        expect(result).toMatchObject({ outcome: "not-verified", summary: null });
        expect(result.reports.map(({ ok }) => ok)).toEqual([a === good, b === good]);
      }
    }
  });

  it("reads streams, and destroys them when one fails or it is aborted", async () => {
    const folder = await mkdtemp(join(tmpdir(), "snapkeep-compare-"));
    try {
      const path = join(folder, "a.snap");
      await writeFile(path, writeArchive());
      const [a, b] = [createReadStream(path), createReadStream(path)];
      expect((await compareArchives(a, b)).summary?.identical).toBe(true);
      const c = createReadStream(path);
      await expect(compareArchives(c, createReadStream(join(folder, "none")))).rejects.toThrow("ENOENT");
      expect(c.destroyed).toBe(true);
      const signal = AbortSignal.abort(new Error("Too late."));
      await expect(
        compareArchives(createReadStream(path), createReadStream(path), { signal }),
      ).rejects.toThrow("Too late.");
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
