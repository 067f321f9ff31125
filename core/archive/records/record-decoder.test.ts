import { describe, expect, it } from "vitest";
import {
  Encoded,
  encodeMsgpack,
  kvsEntry,
  type MsgpackValue,
  writeArchive,
  writeState,
} from "../../testing/archive-writer.ts";
import {
  type ArchiveLimits,
  createArchiveVerifier,
  defaultArchiveLimits,
  type KvRecord,
  type VerifyReport,
} from "../index.ts";
import { createRecordCounter } from "../state/record-counter.ts";
import { createStateReader } from "../state/state-reader.ts";
import { createRecordDecoder } from "./record-decoder.ts";

type Seen = Omit<KvRecord, "key" | "value"> & { readonly key: string; readonly value: string | null };

function readKeys(
  state: Buffer,
  pieceBytes: number,
  values: boolean,
  limits: Partial<ArchiveLimits> = {},
): Seen[] {
  const seen: Seen[] = [];
  const all = { ...defaultArchiveLimits, ...limits };
  const visitor = {
    kv: (record: KvRecord) => {
      const value = record.value === null ? null : Buffer.from(record.value).toString("latin1");
      seen.push({ ...record, key: Buffer.from(record.key).toString("latin1"), value });
    },
  };
  const sink = createRecordDecoder(all, createRecordCounter(), { visitor, values });
  const reader = createStateReader(state.length, sink, {
    recordBytesMax: all.recordBytesMax,
    keepsValues: values,
  });
  for (let at = 0; at < state.length; at += pieceBytes) {
    // A piece of its own memory, which is gone afterwards: nothing may be kept of it.
    const piece = Buffer.from(state.subarray(at, at + pieceBytes));
    reader.write(piece);
    piece.fill(0xc1);
  }
  reader.end();
  return seen;
}

function stateOf(...values: MsgpackValue[]): Buffer {
  return writeState({ records: values.map((value) => ({ type: 2, value })) });
}

const usual = {
  type: 2,
  lockIndex: 0,
  flags: 0n,
  session: "",
  namespace: "",
  partition: "",
  createIndex: 7,
  modifyIndex: 7,
};

describe("KV records", () => {
  const long = Buffer.alloc(200_000, "x");
  const state = stateOf(
    kvsEntry("a", Buffer.from("v"), 7),
    kvsEntry("long", long, 7),
    { ...kvsFields("nil"), Value: null },
    kvsEntry("empty", Buffer.alloc(0), 7),
    { ...kvsFields("ent"), Namespace: "ns", Partition: "ap", Value: Buffer.from("e") },
  );

  it.each([state.length, 100_000, 65_537, 4_096, 7, 1])(
    "are the same in pieces of %i bytes",
    (pieceBytes) => {
      const keys = readKeys(state, pieceBytes, true);
      expect(keys.map(({ offset: _offset, bytes: _bytes, ...rest }) => rest)).toEqual([
        { ...usual, key: "a", value: "v", valueBytes: 1 },
        { ...usual, key: "long", value: long.toString(), valueBytes: 200_000 },
        { ...usual, key: "nil", value: null, valueBytes: 0 },
        { ...usual, key: "empty", value: "", valueBytes: 0 },
        { ...usual, key: "ent", value: "e", valueBytes: 1, namespace: "ns", partition: "ap" },
      ]);
      expect(keys.reduce((end, { offset, bytes }) => (offset === end ? offset + bytes : -1), 12)).toBe(
        state.length,
      );
      expect(readKeys(state, pieceBytes, false)).toEqual(keys.map((key) => ({ ...key, value: null })));
    },
  );

  it("keep flags to the last bit, and indexes up to 2^53", () => {
    const flags = [0n, 127n, 128n, 65_536n, 2n ** 32n, 2n ** 53n + 1n, 2n ** 64n - 1n];
    const keys = readKeys(
      stateOf(...flags.map((Flags) => ({ Key: "f", Flags, LockIndex: 2 ** 53 - 1 }))),
      5,
      false,
    );
    expect(keys.map((key) => key.flags)).toEqual(flags);
    expect(keys.every(({ lockIndex }) => lockIndex === 2 ** 53 - 1)).toBe(true);
  });

  it("have zero values for fields that are missing, and pass over those that are new", () => {
    const newField = {
      Zone: { Value: [1, { Key: "inner" }] },
      "A name that is longer than thirty-one bytes": long,
    };
    const keys = readKeys(stateOf({}, { Key: "k", Value: null, ...newField }, { Key: "end" }), 1_000, true);
    expect(keys.map(({ key, value, valueBytes }) => [key, value, valueBytes])).toEqual([
      ["", null, 0],
      ["k", null, 0],
      ["end", null, 0],
    ]);
  });

  it("take keys that are no UTF-8 and as long as they like", () => {
    const key = Buffer.alloc(70_000, 0xfe);
    const [record] = readKeys(stateOf({ Key: key, Value: long }), 9_999, false);
    expect(record).toMatchObject({ key: key.toString("latin1"), valueBytes: 200_000 });
  });

  it("are read in the newer forms of msgpack, too", () => {
    const bin = new Encoded(Buffer.from("c403010203", "hex"));
    const str8 = new Encoded(Buffer.from("d9026b31", "hex"));
    expect(
      readKeys(stateOf({ Key: str8, Value: bin, Flags: new Encoded(Buffer.from("d07f", "hex")) }), 3, true),
    ).toMatchObject([{ key: "k1", value: "\x01\x02\x03", flags: 127n }]);
  });

  function kvsFields(key: string): { readonly [name: string]: MsgpackValue } {
    return { CreateIndex: 7, Flags: 0, Key: key, LockIndex: 0, ModifyIndex: 7, Session: "" };
  }
});

describe("KV records that cannot be decoded", () => {
  const cases: readonly [string, MsgpackValue][] = [
    ["a key that is a map", { Key: {} }],
    ["a value that is a number", { Key: "k", Value: 1 }],
    ["negative flags", { Key: "k", Flags: -1 }],
    ["an index of 2^53", { Key: "k", ModifyIndex: 2n ** 53n }],
    ["flags with a fraction", { Key: "k", Flags: 1.5 }],
    ["a list", [1]],
    ["nil", null],
    [
      "a name in a form that hides it",
      new Encoded(Buffer.concat([Buffer.from("81d9034b6579", "hex"), encodeMsgpack("k")])),
    ],
  ];
  it.each(cases)("%s", async (_name, value) => {
    const good = { type: 2, value: kvsEntry("a", Buffer.from("v"), 1) };
    const archive = writeArchive({ records: [good, { type: 2, value }, good] });
    const reports = [await verify(archive, archive.length), await verify(archive, 1)];
    for (const { ok, findings, records } of reports) {
      expect(ok).toBe(false);
      expect(findings).toMatchObject([{ code: "RECORD_UNDECODABLE", member: "state.bin" }]);
      expect(findings[0]?.offset).toBeGreaterThan(20);
      expect(records.total).toBe(1);
    }
  });
});

describe("limits", () => {
  const bytes = Buffer.alloc(100_000, "x");
  const limits = { recordBytesMax: 90_000 };

  it.each([1 << 20, 1_000])("of a record's bytes count no KV value, in pieces of %i", async (pieceBytes) => {
    const state = stateOf(kvsEntry("a", bytes, 1), kvsEntry("b", Buffer.from("v"), 2));
    expect(readKeys(state, pieceBytes, true, limits)).toMatchObject([
      { key: "a", value: null, valueBytes: 100_000 },
      { key: "b", value: "v" },
    ]);
  });

  it.each([
    ["a key", { type: 2, value: { Key: bytes } }],
    ["a policy", { type: 19, value: { ID: "1", Rules: bytes } }],
    ["an unknown type", { type: 99, value: [bytes] }],
  ])("of a record's bytes count %s", async (_name, record) => {
    const archive = writeArchive({ records: [record] });
    for (const pieceBytes of [archive.length, 1]) {
      const report = await verify(archive, pieceBytes, limits);
      expect(report.findings).toMatchObject([{ code: "RECORD_LIMIT", member: "state.bin", offset: 12 }]);
    }
  });

  it("end a record that claims 4 GB before it is joined", () => {
    const claim = Buffer.concat([
      Buffer.from("\x81\xa9LastIndex\x01\x13\x81\xa2ID\xdb", "latin1"),
      Buffer.alloc(4, 0xff),
    ]);
    const counter = createRecordCounter();
    const reader = createStateReader(2 ** 33, createRecordDecoder(defaultArchiveLimits, counter, {}), {
      recordBytesMax: defaultArchiveLimits.recordBytesMax,
      keepsValues: false,
    });
    expect(() => reader.write(claim)).toThrow("more than 67108864 bytes");
  });

  it("of a record's values are for every type but keys", async () => {
    const archive = writeArchive({
      records: [{ type: 19, value: { ID: "1", Datacenters: Array(50).fill("dc") } }],
    });
    const report = await verify(archive, archive.length, { recordValuesMax: 40 });
    expect(report.findings).toMatchObject([{ code: "RECORD_LIMIT" }]);
  });
});

async function verify(
  archive: Buffer,
  pieceBytes: number,
  limits?: Partial<ArchiveLimits>,
): Promise<VerifyReport> {
  const verifier = createArchiveVerifier(limits === undefined ? {} : { limits });
  for (let at = 0; at < archive.length; at += pieceBytes) {
    await verifier.write(archive.subarray(at, at + pieceBytes));
  }
  return await verifier.end();
}
