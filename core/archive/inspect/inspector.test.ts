import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { kvsEntry, type TestRecord, writeArchive, writeState } from "../../testing/archive-writer.ts";
import { recordSamples } from "../../testing/record-samples.ts";
import {
  type Inspection,
  inspectArchive,
  inspectState,
  toConsulInspectJson,
  toConsulInspectTable,
  type VerifyReport,
} from "../index.ts";
import { toByteText } from "./consul-output.ts";

type Options = Parameters<typeof inspectArchive>[1];

async function inspect(
  records: readonly TestRecord[],
  options?: Options,
): Promise<{ report: VerifyReport; inspection: Inspection }> {
  return await inspectArchive(Readable.from([writeArchive({ records })]), options);
}

const keys = (...names: readonly string[]): TestRecord[] =>
  names.map((name) => ({ type: 2, value: kvsEntry(name, Buffer.from("value"), 1) }));

function prefixes({ inspection }: { inspection: Inspection }): [string, number][] {
  return inspection.kv.prefixes.map(({ prefix, count }) => [prefix, count]);
}

describe("an inspection", () => {
  it("says which cluster the snapshot is from", async () => {
    const { inspection } = await inspect(recordSamples);
    expect(inspection).toMatchObject({
      consulVersions: { names: ["1.19.0"], hasMore: false },
      serverVersions: { names: ["1.19.0"] },
      edition: "enterprise",
      datacenters: { names: ["dc1"] },
      clusterId: "333d1fa2",
      servers: [
        { id: "a577b288", address: "127.0.0.1:8300", suffrage: "voter", node: "consul-1", version: "1.19.0" },
      ],
      createdAt: "2020-10-09T05:45:43.947Z",
    });
  });

  it("takes a snapshot without a trace of Enterprise for the community edition", async () => {
    const samples = recordSamples.filter(({ type }) => type < 64);
    expect((await inspect(samples)).inspection.edition).toBe("community");
    const partition = { type: 2, value: { Key: "k", Partition: "default" } };
    expect((await inspect([partition])).inspection.edition).toBe("enterprise");
  });

  it("counts every kind", async () => {
    const { report, inspection } = await inspect(recordSamples);
    expect(inspection.counts).toEqual({
      nodes: 1,
      services: 2,
      serviceNames: 2,
      checks: 1,
      sessions: 1,
      coordinates: 1,
      tombstones: 1,
      aclTokens: 1,
      aclPolicies: 1,
      aclRoles: 1,
      aclBindingRules: 1,
      aclAuthMethods: 1,
      legacyAcls: 1,
      preparedQueries: 1,
      intentions: 3,
      configEntries: 5,
      caRoots: 1,
      peerings: 1,
      peeringTrustBundles: 1,
      resources: 1,
      namespaces: 1,
      partitions: 1,
      unknown: 1,
    });
    expect(inspection.checksByStatus).toEqual({ names: [{ name: "passing", count: 1 }], more: 0 });
    expect(inspection.configEntriesByKind.names).toContainEqual({ name: "mesh", count: 1 });
    expect(inspection.kv).toMatchObject({ count: 2, valueBytes: 2, largestValueBytes: 2, locked: 1 });
    expect(inspection.stateBytes).toBe(report.stateBytes);
  });

  it("has nothing to say of an empty state", async () => {
    const { report, inspection } = await inspect([]);
    expect(inspection).toMatchObject({ clusterId: null, stateBytes: 0, types: [], edition: "community" });
    expect(JSON.parse(toConsulInspectJson(report, inspection))).toMatchObject({
      Stats: [],
      StatsKV: null,
      TotalSize: 0,
      TotalSizeKV: 0,
    });
  });

  it("holds what came before the fault of an archive that is cut", async () => {
    const archive = writeArchive({ records: recordSamples, gzipLevel: 0 });
    const { report, inspection } = await inspectArchive(Readable.from([archive.subarray(0, 3_000)]));
    expect(report.ok).toBe(false);
    expect(inspection.counts.nodes).toBe(1);
    expect(inspection.counts.peerings).toBe(0);
  });
});

describe("keys by prefix", () => {
  const list = ["a", "a/", "a/b", "a/b/c", "a/b/d", "a/c", "b/", "b//x", "ä/ö/ü", "\ufffd/x", "😀/x"];

  it.each([
    [0, [["", 11]]],
    [
      1,
      [
        ["a", 6],
        ["b", 2],
        ["ä", 1],
        ["😀", 1],
        ["\ufffd", 1],
      ],
    ],
    [
      2,
      [
        ["a/b", 3],
        ["b/", 2],
        ["ä/ö", 1],
        ["😀/x", 1],
        ["a/", 1],
        ["a/c", 1],
        ["\ufffd/x", 1],
        ["a", 1],
      ],
    ],
  ] as const)("are joined to the depth of %i as Consul's own split does", async (kvDepth, wanted) => {
    const found = prefixes(await inspect(keys(...list), { kvDepth }));
    expect(found.toSorted()).toEqual([...wanted].map(([name, count]) => [name, count]).toSorted());
  });

  it("are the same when the keys come in no order", async () => {
    const inOrder = prefixes(await inspect(keys(...list)));
    const shuffled = prefixes(
      await inspect(keys(...[...list].sort((a, b) => (a.length * 7 + b.length) % 3))),
    );
    expect(shuffled.toSorted()).toEqual(inOrder.toSorted());
  });

  it("are those that begin with the filter", async () => {
    const { report, inspection } = await inspect(keys(...list), { kvFilter: "a/b", kvDepth: 3 });
    expect(inspection.kv.prefixes.map(({ prefix }) => prefix)).toEqual(["a/b/c", "a/b/d", "a/b"]);
    expect(inspection.kv.count).toBe(list.length);
    expect(JSON.parse(toConsulInspectJson(report, inspection)).TotalSizeKV).toBe(
      inspection.kv.prefixes.reduce((sum, { bytes }) => sum + bytes, 0),
    );
  });

  it("are at most 100,000, and the rest is only counted", async () => {
    const many = keys(...Array.from({ length: 100_010 }, (_, at) => `k${String(at).padStart(6, "0")}/x`));
    const { inspection } = await inspect(many, { kvDepth: 1 });
    expect(inspection.kv.prefixes).toHaveLength(100_000);
    expect(inspection.kv.unlisted.count).toBe(10);
    expect(inspection.kv.prefixes.reduce((sum, { bytes }) => sum + bytes, inspection.kv.unlisted.bytes)).toBe(
      inspection.stateBytes,
    );
  });

  it("have no depth below 0", async () => {
    await expect(inspect([], { kvDepth: -1 })).rejects.toThrow(RangeError);
  });
});

describe("Consul's own output", () => {
  const records = [...keys("app/a/x", "app/b", "<&>\u2028"), { type: 16, value: { Key: "kvs", Value: 3 } }];

  it("as JSON counts the header into the first record, its type and its prefix", async () => {
    const { report, inspection } = await inspect(records);
    const recordBytes = writeState({ records: keys("app/b") }).length - 12;
    expect(toConsulInspectJson(report, inspection)).toBe(`{
   "Meta": {
      "ID": "2-13-1602222343947",
      "Size": ${report.stateBytes},
      "Index": 13,
      "Term": 2,
      "Version": 1
   },
   "Stats": [
      {
         "Name": "KVS",
         "Sum": ${3 * recordBytes + 3 + 12},
         "Count": 3
      },
      {
         "Name": "Index",
         "Sum": 17,
         "Count": 1
      }
   ],
   "StatsKV": [
      {
         "Name": "app/a",
         "Sum": ${recordBytes + 2 + 12},
         "Count": 1
      },
      {
         "Name": "\\u003c\\u0026\\u003e\\u2028",
         "Sum": ${recordBytes + 1},
         "Count": 1
      },
      {
         "Name": "app/b",
         "Sum": ${recordBytes},
         "Count": 1
      }
   ],
   "TotalSize": ${report.stateBytes},
   "TotalSizeKV": ${3 * recordBytes + 3 + 12}
}`);
  });

  it("as a table is aligned as Go does it", async () => {
    const { report, inspection } = await inspect(records);
    const lines = toConsulInspectTable(report, inspection).split("\n");
    expect(lines.slice(0, 7)).toEqual([
      " ID           2-13-1602222343947",
      ` Size         ${report.stateBytes}`,
      " Index        13",
      " Term         2",
      " Version      1",
      "",
      " Type       Count      Size",
    ]);
    expect(lines).toContain(" Key Name      Count      Size");
    const recordBytes = writeState({ records: keys("app/b") }).length - 12;
    expect(lines).toContain(` app/b         1          ${recordBytes}B`);
    expect(toConsulInspectTable(report, inspection, { kvDetails: false })).not.toContain("Key Name");
  });

  it.each([
    [0, "0"],
    [1, "1B"],
    [1023, "1023B"],
    [1024, "1KB"],
    // Halves go to the even neighbour.
    [1280, "1.2KB"],
    [1433, "1.4KB"],
    [1792, "1.8KB"],
    [1024 ** 2 * 2.5, "2.5MB"],
    [1024 ** 3 - 1, "1024MB"],
    [1024 ** 4 * 3_000, "3000TB"],
  ])("writes %i bytes as %s", (bytes, text) => {
    expect(toByteText(bytes)).toBe(text);
  });
});

describe("a bare state.bin", () => {
  const state = writeState({ records: recordSamples });
  const meta = (size: number) =>
    Buffer.from(JSON.stringify({ Version: 1, ID: "2-13-1", Index: 13, Term: 2, Size: size }));

  it("is inspected as it is in an archive", async () => {
    const { report, inspection } = await inspectState(Readable.from([state]), meta(state.length));
    expect(report).toMatchObject({ ok: true, findings: [], stateBytes: state.length, lastIndex: 13 });
    const { counts, kv, types } = (await inspect(recordSamples)).inspection;
    expect(inspection).toMatchObject({ counts, kv, types });
  });

  it("is checked against the length that meta.json gives", async () => {
    const { report } = await inspectState(Readable.from([state]), meta(state.length + 1));
    expect(report.findings.map(({ code }) => code)).toEqual(["SIZE_MISMATCH"]);
    const cut = await inspectState(Readable.from([state.subarray(0, -1)]), meta(state.length));
    expect(cut.report.findings.map(({ code }) => code)).toEqual(["SIZE_MISMATCH", "RECORD_TRUNCATED"]);
  });

  it("is read without a meta.json that can be", async () => {
    const { report } = await inspectState(Readable.from([state]), Buffer.from("{"));
    expect(report.findings.map(({ code }) => code)).toEqual(["META_INVALID"]);
    expect(report.records.total).toBe(recordSamples.length);
  });
});
