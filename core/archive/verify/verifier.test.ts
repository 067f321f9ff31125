import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { kvsEntry, writeArchive, writeState } from "../../testing/archive-writer.ts";
import { archiveCases } from "../../testing/broken-archives.ts";
import { archiveFindingCodes, createArchiveVerifier, type VerifyReport } from "../index.ts";

async function verifyPieces(
  pieces: Iterable<Buffer>,
  between?: () => Promise<unknown>,
): Promise<VerifyReport> {
  const verifier = createArchiveVerifier();
  for (const piece of pieces) {
    await verifier.write(piece);
    await between?.();
  }
  return await verifier.end();
}

function* bytesOf(archive: Buffer): Generator<Buffer> {
  for (let at = 0; at < archive.length; at++) {
    yield archive.subarray(at, at + 1);
  }
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));
const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

describe("every way to be broken has its finding", () => {
  it.each(archiveCases)("$name", async ({ archive, codes }) => {
    const report = await verifyPieces([archive]);
    expect(report.findings.map(({ code }) => code)).toEqual(codes);
    expect(report.ok).toBe(codes.length === 0);
    expect(report.archiveBytes).toBe(archive.length);
    expect(report.digests.archiveSha256).toBe(sha256(archive));
  });

  it("and every code but EXPANSION_LIMIT is among them", () => {
    const seen = new Set(archiveCases.flatMap(({ codes }) => codes));
    expect(archiveFindingCodes.filter((code) => !seen.has(code))).toEqual(["EXPANSION_LIMIT"]);
  });

  it.each([
    [
      "a text instead of an archive",
      'failed to decompress snapshot: gzip: invalid header. It begins with text: "Permi',
    ],
    ["./meta.json", 'unexpected file "./meta.json" in snapshot'],
    ["meta.json changed", 'hash check failed for "meta.json"'],
    ["no sum for state.bin", 'file missing for "state.bin"'],
    ["a sum for a file that is not there", 'list missing hash for "nope"'],
    ["filled up to 10,240 bytes as GNU tar does", "6144 unread uncompressed bytes remain"],
    ["one byte short", "unexpected EOF"],
    ["a tar that breaks off in state.bin", "failed to read or write snapshot data: unexpected EOF"],
    [
      "cut, with Consul's error after it",
      'The server wrote an error into the archive after it had begun: "failed to',
    ],
    [
      "whole, with Consul's error after it",
      'The server wrote an error into the archive after it had begun: "failed to',
    ],
  ])("%s is told in Consul's words, or with them", async (name, words) => {
    const found = archiveCases.find((each) => each.name === name);
    const report = await verifyPieces([found?.archive ?? Buffer.alloc(0)]);
    expect(report.findings[0]?.text.slice(0, words.length)).toBe(words);
  });
});

describe("the report is the same however the bytes arrive", () => {
  it.each(archiveCases.filter(({ archive }) => archive.length < 5000))(
    "one at a time: $name",
    async ({ archive }) => {
      expect(await verifyPieces(bytesOf(archive))).toEqual(await verifyPieces([archive]));
    },
  );

  it("one at a time, each inflated before the next comes", async () => {
    const archive = writeArchive();
    expect(await verifyPieces(bytesOf(archive), nextTurn)).toEqual(await verifyPieces([archive]));
  });

  it("in two pieces, split anywhere", async () => {
    const archive = writeArchive({ suffix: Buffer.from("gzip: appended") });
    const whole = await verifyPieces([archive]);
    for (let at = 1; at < archive.length; at++) {
      expect(await verifyPieces([archive.subarray(0, at), archive.subarray(at)], nextTurn)).toEqual(whole);
    }
  });

  it("with any pieces empty", async () => {
    const archive = writeArchive();
    const none = Buffer.alloc(0);
    expect(await verifyPieces([none, archive.subarray(0, 9), none, archive.subarray(9), none])).toEqual(
      await verifyPieces([archive]),
    );
  });
});

describe("a good archive's report", () => {
  it("holds the meta, the digests, the members and the records", async () => {
    const records = [
      { type: 2, value: kvsEntry("a", Buffer.alloc(70_000, "x"), 7) },
      { type: 2, value: kvsEntry("b", Buffer.alloc(300, "y"), 8) },
      { type: 65, value: "namespace" },
      { type: 16, value: { Key: "kvs", Value: 8 } },
    ];
    const state = writeState({ lastIndex: 70_000, records });
    const report = await verifyPieces([writeArchive({ lastIndex: 70_000, records })]);
    const metaJson = report.metaJson ?? "";
    expect(report.meta).toEqual({
      version: 1,
      id: "2-13-1602222343947",
      index: 13,
      term: 2,
      peersBase64: "ka4xMjcuMC4wLjE6ODMwMA==",
      servers: [{ suffrage: "voter", id: "a577b288", address: "127.0.0.1:8300" }],
      configurationIndex: 1,
      sizeBytes: state.length,
    });
    expect(JSON.parse(metaJson)).toMatchObject({ ID: "2-13-1602222343947" });
    expect(report.members.map(({ name }) => name)).toEqual(["meta.json", "state.bin", "SHA256SUMS"]);
    expect(report.digests.metaSha256).toBe(sha256(Buffer.from(metaJson)));
    expect(report.digests.stateSha256).toBe(sha256(state));
    expect(report.stateBytes).toBe(state.length);
    expect(report.lastIndex).toBe(70_000);
    expect(report.records.byType.map(({ name, count }) => [name, count])).toEqual([
      ["KVS", 2],
      ["Index", 1],
      ["Unknown(65)", 1],
    ]);
    const recordBytes = report.records.byType.reduce(
      (sum, { bytes }) => sum + bytes,
      report.records.headerBytes,
    );
    expect(recordBytes).toBe(state.length);
  });
});

describe("limits", () => {
  const zeros = writeArchive({
    records: [{ type: 2, value: kvsEntry("zeros", Buffer.alloc(4_000_000), 1) }],
  });

  it("stops an archive that expands beyond its ratio", async () => {
    const verifier = createArchiveVerifier({
      limits: { expansionFreeBytes: 1_000_000, expansionRatioMax: 100 },
    });
    await verifier.write(zeros);
    const report = await verifier.end();
    expect(report.findings.map(({ code }) => code)).toEqual(["EXPANSION_LIMIT"]);
    expect(report.stateBytes).toBeLessThan(2_100_000);
    expect(report.digests.archiveSha256).toBe(sha256(zeros));
  });

  it("leaves a small archive of much the same bytes alone", async () => {
    expect((await verifyPieces([zeros])).ok).toBe(true);
  });

  it.each([
    [{ membersMax: 3 }, []],
    [{ membersMax: 2 }, ["MEMBER_LIMIT"]],
    [{ metaBytesMax: 241 }, []],
    [{ metaBytesMax: 100 }, ["META_TOO_LARGE"]],
    [{ sumsBytesMax: 152 }, []],
    [{ sumsBytesMax: 151 }, ["SUMS_TOO_LARGE"]],
  ])("%o gives %j", async (limits, codes) => {
    const verifier = createArchiveVerifier({ limits });
    await verifier.write(writeArchive());
    expect((await verifier.end()).findings.map(({ code }) => code)).toEqual(codes);
  });
});
