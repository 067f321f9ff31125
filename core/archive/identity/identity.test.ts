import { describe, expect, it } from "vitest";
import { kvsEntry, type MsgpackValue, type TestRecord, writeArchive } from "#core/testing/archive-writer.ts";
import { identityReport } from "#core/testing/identity-report.ts";
import { compareIdentity, type IdentityReport, idOfRecord, verdictOf } from "./index.ts";

type Fields = { readonly [name: string]: MsgpackValue };
const at = (index: number) => ({ CreateIndex: 1, ModifyIndex: index });
const key = (name: string, value: string, index: number, more: Fields = {}): TestRecord => ({
  type: 2,
  value: { ...(kvsEntry(name, Buffer.from(value), index) as Fields), ...more },
});
const tombstone = (name: string, index: number): TestRecord => ({
  type: 5,
  value: { Key: name, ...at(index) },
});
const token = (id: string, index: number): TestRecord => ({
  type: 17,
  value: { AccessorID: id, SecretID: `secret of ${id}`, ...at(index) },
});
const session = (id: string): TestRecord => ({ type: 3, value: { ID: id, Node: "n", ...at(5) } });

async function* bytes(records: readonly TestRecord[]) {
  yield writeArchive({ records });
}

function compare(
  wanted: readonly TestRecord[],
  found: readonly TestRecord[],
  more: {
    sinceIndex?: number | null;
    endsByItself?: readonly string[];
    externalNodes?: readonly string[];
  } = {},
): Promise<IdentityReport> {
  return compareIdentity({
    wanted: async () => bytes(wanted),
    found: async () => bytes(found),
    sinceIndex: 100,
    inProcess: true,
    ...more,
  });
}

const counts = ({ matches, equal, moved, writtenSince, unexplained }: IdentityReport) => ({
  matches,
  equal,
  moved,
  writtenSince,
  unexplained,
});

describe("a datacenter that holds what the archive holds", () => {
  const records = [token("t-1", 7), key("a", "1", 10), key("b", "2", 11)];

  it("matches exactly, with churn that says nothing", async () => {
    const same = await compare(records, [...records, tombstone("gone", 300)]);
    expect(same).toMatchObject({
      matches: true,
      isExact: true,
      wanted: 3,
      found: 3,
      equal: 3,
      unexplained: 0,
    });
  });

  it("matches with what was written, changed and deleted since", async () => {
    const found = [
      token("t-1", 7),
      token("t-2", 150),
      key("a", "new", 140),
      key("c", "3", 141),
      tombstone("b", 142),
    ];
    expect(counts(await compare(records, found))).toEqual({
      matches: true,
      equal: 1,
      moved: 0,
      writtenSince: 4,
      unexplained: 0,
    });
  });

  it("matches with sessions that ended, locks that went with them, and what ends by itself", async () => {
    const wanted = [session("s-1"), token("t-1", 7), key("lock", "x", 9, { Session: "s-1", LockIndex: 1 })];
    const found = [key("lock", "x", 9, { LockIndex: 1 })];
    const ends = [idOfRecord("acl-token", "t-1")];
    expect(counts(await compare(wanted, found, { endsByItself: ends }))).toMatchObject({
      matches: true,
      moved: 3,
    });
    expect(counts(await compare(wanted, found))).toMatchObject({ matches: false, moved: 2, unexplained: 1 });
  });
});

describe("a difference without a reason", () => {
  const wanted = [token("t-1", 7), key("a", "1", 10)];
  it.each([
    ["another value of the time before", [token("t-1", 7), key("a", "other", 90)], "other kv a"],
    [
      "a key that the archive has not, of before",
      [token("t-1", 7), key("a", "1", 10), key("z", "1", 90)],
      "unknown kv z",
    ],
    ["a key that is gone without a tombstone", [token("t-1", 7)], "missing kv a"],
    ["a key that was deleted before", [token("t-1", 7), tombstone("a", 90)], "missing kv a"],
    ["a token that is gone", [key("a", "1", 10)], "missing acl-token t-1"],
    [
      "another secret of the same token",
      [{ type: 17, value: { AccessorID: "t-1", SecretID: "x", ...at(7) } }, key("a", "1", 10)],
      "other acl-token t-1",
    ],
  ] as const)("%s: doesn't match, and is named", async (_name, found, example) => {
    const report = await compare(wanted, found);
    expect(report).toMatchObject({ matches: false, isExact: false, unexplained: 1 });
    expect(report.examples).toEqual([example]);
    expect(JSON.stringify(report)).not.toContain("secret of");
  });

  it("where nothing is known of the time before, every difference is one", async () => {
    const report = await compare(wanted, [...wanted, key("c", "3", 141)], { sinceIndex: null });
    expect(report).toMatchObject({ matches: false, unexplained: 1, writtenSince: 0 });
  });

  it("an archive that does not verify is no side of a comparison", async () => {
    const cut = async () =>
      (async function* () {
        yield writeArchive({ records: wanted }).subarray(0, -9);
      })();
    const work = compareIdentity({
      wanted: async () => bytes(wanted),
      found: cut,
      sinceIndex: 1,
      inProcess: true,
    });
    await expect(work).rejects.toThrow(/The archive that was fetched does not verify/);
  });
});

describe("a catalog that is smaller than the archive's", () => {
  const register = (node: string, more: Fields = {}): TestRecord => ({
    type: 0,
    value: { Node: node, Address: "10.0.0.1", ...at(9), ...more },
  });
  const service = (node: string) => register(node, { Service: { ID: "db", Service: "db", ...at(9) } });
  const wanted = [
    token("t-1", 7),
    register("agent"),
    service("agent"),
    register("out/side"),
    service("out/side"),
  ];

  it("moved by itself where agents kept it, and is missing where none did", async () => {
    expect(counts(await compare(wanted, [token("t-1", 7)]))).toMatchObject({ matches: true, moved: 4 });
    const report = await compare(wanted, [token("t-1", 7)], { externalNodes: ["out/side"] });
    expect(counts(report)).toMatchObject({ matches: false, moved: 2, unexplained: 2 });
    expect(report.examples).toEqual(["missing node out/side", "missing service out%2Fside/db"]);
  });
});

describe("which of the two it is", () => {
  const other = identityReport({ matches: false, unexplained: 3 });
  const alike = async () => true;
  it.each([
    ["the one that fits", identityReport({}), other, "snapshot"],
    ["what was there before, where that fits", other, identityReport({}), "safety"],
    ["both, where they hold the same", identityReport({}), identityReport({}), "both"],
    ["neither, where none fits", other, other, "neither"],
    ["neither, without a safety snapshot and a fit", other, null, "neither"],
    ["the snapshot, without a safety snapshot", identityReport({}), null, "snapshot"],
    // After a restore into an empty datacenter everything looks like something written since.
    ["the nearer one", identityReport({}), identityReport({ writtenSince: 400 }), "snapshot"],
    [
      "the nearer one, the other way round",
      identityReport({ moved: 12 }),
      identityReport({ moved: 1 }),
      "safety",
    ],
    [
      "neither, where the nearer one doesn't fit",
      identityReport({ matches: false, unexplained: 1 }),
      identityReport({ writtenSince: 61 }),
      "neither",
    ],
    [
      "neither, where the nearer one doesn't fit, the other way round",
      identityReport({ moved: 200 }),
      identityReport({ matches: false, unexplained: 1 }),
      "neither",
    ],
    [
      "neither, where both are as near and differ",
      identityReport({ writtenSince: 5 }),
      identityReport({ moved: 5 }),
      "neither",
    ],
  ] as const)("%s", async (_name, snapshot, safety, verdict) => {
    expect(await verdictOf(snapshot, safety)).toBe(verdict);
  });

  it("both, where both are as near and hold the same", async () => {
    expect(
      await verdictOf(identityReport({ writtenSince: 5 }), identityReport({ writtenSince: 5 }), alike),
    ).toBe("both");
  });
});
