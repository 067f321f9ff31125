import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeMsgpack, type MsgpackValue } from "../../testing/archive-writer.ts";
import { ArchiveFormatError } from "../index.ts";
import { createRecordWalker } from "./record-walker.ts";

type Seen = { readonly type: number; readonly offset: number; readonly bytes: number };

function walk(bytes: Buffer, pieceBytes = bytes.length || 1, claimedBytes = bytes.length): Seen[] {
  const seen: Seen[] = [];
  const walker = createRecordWalker(0, claimedBytes, {
    take: ({ type, offset, bytes: length }) => seen.push({ type, offset, bytes: length }),
  });
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    walker.write(bytes.subarray(at, at + pieceBytes));
  }
  walker.end();
  return seen;
}

function codeOf(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return error instanceof ArchiveFormatError ? error.code : String(error);
  }
}

const { value: values } = fc.letrec<{ value: MsgpackValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.bigInt(-(2n ** 63n), 2n ** 64n - 1n),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string(),
    fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
    fc.array(tie("value"), { maxLength: 20 }),
    fc.dictionary(fc.string(), tie("value"), { maxKeys: 20 }),
  ),
}));
const records = fc.array(fc.record({ type: fc.nat(255), value: values }), { maxLength: 12 });

describe("the record walker", () => {
  it("finds every record of any values, however the bytes are split", () => {
    fc.assert(
      fc.property(records, fc.integer({ min: 1, max: 9 }), (list, pieceBytes) => {
        const encoded = list.map(({ type, value }) =>
          Buffer.concat([Buffer.from([type]), encodeMsgpack(value)]),
        );
        let offset = 0;
        const wanted = encoded.map((bytes, at) => {
          const seen = { type: list[at]?.type ?? -1, offset, bytes: bytes.length };
          offset += bytes.length;
          return seen;
        });
        expect(walk(Buffer.concat(encoded))).toEqual(wanted);
        expect(walk(Buffer.concat(encoded), pieceBytes)).toEqual(wanted);
      }),
    );
  });

  it("never takes a cut record for a whole one", () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (value, part) => {
        const whole = Buffer.concat([Buffer.from([2]), encodeMsgpack(value)]);
        const cut = whole.subarray(0, Math.max(1, Math.floor(whole.length * part)));
        expect(codeOf(() => walk(cut))).toBe("RECORD_TRUNCATED");
        expect(codeOf(() => walk(cut, 1))).toBe("RECORD_TRUNCATED");
      }),
    );
  });

  it("reads or refuses any bytes, without an error of its own", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const code = codeOf(() => walk(Buffer.from(bytes)));
        expect([undefined, "RECORD_TRUNCATED", "RECORD_INVALID"]).toContain(code);
        expect(codeOf(() => walk(Buffer.from(bytes), 1))).toBe(code);
      }),
    );
  });

  it.each([
    ["str8", "d903616263"],
    ["bin8", "c403616263"],
    ["bin16", "c50003616263"],
    ["bin32", "c600000003616263"],
    ["ext8", "c70305616263"],
    ["ext16", "c8000305616263"],
    ["ext32", "c90000000305616263"],
    ["fixext1", "d40561"],
    ["fixext2", "d5056162"],
    ["fixext4", "d60561626364"],
    ["fixext8", "d7050102030405060708"],
    ["fixext16", `d805${"00".repeat(16)}`],
    ["float32", "ca00000000"],
    ["array32", "dd00000002c0c0"],
    ["map32", "df00000001a161c0"],
    ["a map with a map as key", "8181a16101c3"],
  ])("knows the length of %s, which Consul's decoder reads too", (_name, hex) => {
    const bytes = Buffer.concat([Buffer.from([200]), Buffer.from(hex, "hex"), Buffer.from([16, 0xc0])]);
    expect(walk(bytes).map(({ type }) => type)).toEqual([200, 16]);
    expect(walk(bytes, 1).map(({ type }) => type)).toEqual([200, 16]);
  });

  it("knows at once that a length reaches beyond the end, and does not wait for the bytes", () => {
    const walker = createRecordWalker(0, 1000, { take: () => {} });
    expect(codeOf(() => walker.write(Buffer.from([2, 0xdb, 0xff, 0xff, 0xff, 0xff])))).toBe(
      "RECORD_TRUNCATED",
    );
  });

  it("walks a million nested arrays without a stack", () => {
    const bytes = Buffer.alloc(1_000_001, 0x91);
    bytes.writeUInt8(2, 0);
    bytes.writeUInt8(0xc0, bytes.length - 1);
    expect(walk(bytes)).toEqual([{ type: 2, offset: 0, bytes: bytes.length }]);
  });
});
