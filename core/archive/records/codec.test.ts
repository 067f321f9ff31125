import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeMsgpack, kvsEntry, type MsgpackValue } from "../../testing/archive-writer.ts";
import { recordSamples } from "../../testing/record-samples.ts";
import { ArchiveFormatError, decodeRecord, type FieldValue, isKvRecord } from "../index.ts";

/** What should come back of a value: bytes that are UTF-8 cannot be told from text. */
function expected(value: MsgpackValue): unknown {
  if (Buffer.isBuffer(value)) {
    const text = value.toString();
    return Buffer.from(text).equals(value) ? text : Uint8Array.from(value);
  }
  if (typeof value === "bigint") {
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }
  if (Array.isArray(value)) {
    return value.map(expected);
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, expected(item)]));
  }
  // Minus zero is a float, and has no other form.
  return value === 0 ? 0 : value;
}

function plain(value: FieldValue | undefined): unknown {
  if (Array.isArray(value)) {
    return value.map(plain);
  }
  if (typeof value === "object" && value !== null && !(value instanceof Uint8Array)) {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plain(item)]));
  }
  return value === 0 ? 0 : value;
}

const { value: values } = fc.letrec<{ value: MsgpackValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.bigInt(-(2n ** 63n), 2n ** 64n - 1n),
    fc.double({ noNaN: true }),
    fc.string({ unit: "binary" }),
    fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
    fc.array(tie("value"), { maxLength: 20 }),
    fc.dictionary(fc.string(), tie("value"), { maxKeys: 20 }),
  ),
}));

describe("what is encoded", () => {
  it("comes back from a record of an unknown type", () => {
    fc.assert(
      fc.property(values, (value) => {
        const record = decodeRecord(Buffer.concat([Buffer.from([200]), encodeMsgpack({ of: value })]));
        if (isKvRecord(record)) {
          throw new Error("This is a key.");
        }
        expect(plain(record.fields.of)).toEqual(expected(value));
      }),
      { numRuns: 500 },
    );
  });

  it("comes back from a KV record", () => {
    const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));
    const fields = fc.record({
      Key: bytes(600),
      Value: fc.option(bytes(2_000)),
      Flags: fc.bigInt(0n, 2n ** 64n - 1n),
      LockIndex: fc.maxSafeNat(),
      CreateIndex: fc.maxSafeNat(),
      ModifyIndex: fc.maxSafeNat(),
      Session: fc.uuid(),
    });
    fc.assert(
      fc.property(fields, (value) => {
        const record = decodeRecord(Buffer.concat([Buffer.from([2]), encodeMsgpack(value)]));
        if (!isKvRecord(record)) {
          throw new Error("This is no key.");
        }
        expect(Buffer.from(record.key)).toEqual(value.Key);
        expect(record.value === null ? null : Buffer.from(record.value)).toEqual(value.Value);
        expect(record).toMatchObject({
          valueBytes: value.Value?.length ?? 0,
          flags: value.Flags,
          lockIndex: value.LockIndex,
          createIndex: value.CreateIndex,
          modifyIndex: value.ModifyIndex,
          session: value.Session,
        });
      }),
      { numRuns: 500 },
    );
  });
});

/** The same numbers in every run: xorshift32. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

const seeds = [
  ...recordSamples.map(({ type, value }) => Buffer.concat([Buffer.from([type]), encodeMsgpack(value)])),
  Buffer.concat([Buffer.from([2]), encodeMsgpack(kvsEntry("app/config", Buffer.from("some value"), 12))]),
];

function mutate(bytes: Buffer, random: () => number): Buffer {
  const copy = Buffer.from(bytes);
  for (let left = 1 + (random() % 4); left > 0; left--) {
    const at = random() % copy.length;
    copy[at] = random() % 3 === 0 ? (copy[at] ?? 0) ^ (1 << (random() % 8)) : random();
  }
  const action = random() % 8;
  if (action === 0) {
    return copy.subarray(0, random() % copy.length);
  }
  return action === 1 ? Buffer.concat([copy, copy.subarray(random() % copy.length)]) : copy;
}

describe("any bytes", () => {
  it("are decoded or refused: 240,000 damaged records, in bounded time, without an error of our own", () => {
    const random = seeded(20_261_122);
    const counts = { decoded: 0, refused: 0 };
    let slowestMs = 0;
    for (let run = 0; run < 240_000; run++) {
      const bytes = mutate(seeds[run % seeds.length] ?? Buffer.alloc(1), random);
      const start = process.cpuUsage();
      try {
        decodeRecord(bytes);
        counts.decoded += 1;
      } catch (error) {
        if (!(error instanceof ArchiveFormatError)) {
          throw new Error(`Of ${bytes.toString("hex")}`, { cause: error });
        }
        counts.refused += 1;
      }
      const { user, system } = process.cpuUsage(start);
      slowestMs = Math.max(slowestMs, (user + system) / 1_000);
    }
    // The seeds are small: none may take long, however many values it claims. Time of the processor, since a busy machine
    // lets anything stand for seconds.
    expect(slowestMs).toBeLessThan(1_000);
    expect(counts.decoded).toBeGreaterThan(10_000);
    expect(counts.refused).toBeGreaterThan(10_000);
  }, 240_000);
});
