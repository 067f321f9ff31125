import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { VerifyReport } from "../contract.ts";
import type { KvRecord, RecordVisitor } from "../records/visitor.ts";
import { type CompareOptions, compareWith } from "./compare-archives.ts";
import type { CompareResult, Difference, KvDifference } from "./contract.ts";
import type { StartVerifier } from "./side.ts";

type Key = { key: Uint8Array; value: Uint8Array | null; flags: bigint; session: string; index: number };

const report = (ok: boolean): VerifyReport => ({
  ok,
  findings: [],
  meta: null,
  metaJson: null,
  digests: { archiveSha256: "", metaSha256: null, stateSha256: null },
  archiveBytes: 0,
  stateBytes: 0,
  members: [],
  records: { total: 0, byType: [], headerBytes: 0 },
  lastIndex: null,
});

/** Each chunk is one byte, which stands for the list of keys that it makes the verifier tell. */
type Archive = { readonly batches: readonly (readonly Key[])[]; readonly ok?: boolean };

function archiveOf(keys: readonly Key[], batchSize: number, ok = true): Archive {
  const batches: Key[][] = [];
  for (let at = 0; at < keys.length; at += batchSize) {
    batches.push(keys.slice(at, at + batchSize));
  }
  return { batches, ok };
}

function toRecord({ key, value, flags, session, index }: Key): KvRecord {
  const place = { type: 2, offset: index, bytes: key.length + (value?.length ?? 0) };
  const enterprise = { namespace: "", partition: "" };
  const indexes = { lockIndex: 0, createIndex: 1, modifyIndex: index };
  // As the decoder does, what is given away is changed after the call.
  return {
    ...place,
    ...enterprise,
    ...indexes,
    key: new Uint8Array(key),
    value: value && new Uint8Array(value),
    valueBytes: value?.length ?? 0,
    flags,
    session,
  };
}

function startFor(archives: readonly [Archive, Archive]): StartVerifier {
  let started = 0;
  return (visitor: RecordVisitor) => {
    const archive = archives[started++ % 2 === 0 ? 0 : 1];
    let batch = 0;
    let writes = 0;
    const deliver = (): void => {
      for (const each of archive.batches[batch++] ?? []) {
        const record = toRecord(each);
        visitor.kv?.(record);
        record.key.fill(0xee);
        record.value?.fill(0xee);
      }
    };
    let pending = Promise.resolve();
    return {
      write: () => {
        pending = pending.then(async () => {
          await new Promise((resolve) => setImmediate(resolve));
          deliver();
        });
        writes += 1;
        return writes % 3 === 0 ? undefined : pending;
      },
      end: async () => {
        await pending;
        return report(archive.ok ?? true);
      },
      abort: () => {},
    };
  };
}

async function* bytesFor(archive: Archive) {
  for (const _ of archive.batches) {
    yield Buffer.from([1]);
  }
}

async function compareKeysOf(
  a: Archive,
  b: Archive,
  options: CompareOptions = {},
): Promise<{ result: CompareResult; told: Difference[] }> {
  let told: Difference[] = [];
  const onDifference = async (difference: Difference) => {
    told.push(difference);
  };
  const onRestart = () => {
    told = [];
  };
  const result = await compareWith(
    () => bytesFor(a),
    () => bytesFor(b),
    { onDifference, onRestart, includeChurn: true, ...options },
    startFor([a, b]),
  );
  return { result, told };
}

type Told = Pick<KvDifference, "change" | "parts"> & {
  key: string;
  before: number | null;
  after: number | null;
};

/** What a comparison must say, by way of maps. */
function expected(a: readonly Key[], b: readonly Key[]): Told[] {
  const hex = (bytes: Uint8Array | null) => Buffer.from(bytes ?? []).toString("hex");
  const mapA = new Map(a.map((each) => [hex(each.key), each]));
  const mapB = new Map(b.map((each) => [hex(each.key), each]));
  return [...new Set([...mapA.keys(), ...mapB.keys()])].sort().flatMap((key): Told[] => {
    const before = mapA.get(key);
    const after = mapB.get(key);
    const places = { key, before: before?.index ?? null, after: after?.index ?? null };
    if (before === undefined || after === undefined) {
      return [{ ...places, change: before === undefined ? "added" : "removed", parts: [] }];
    }
    const parts = [
      hex(before.value) === hex(after.value) ? [] : ["value" as const],
      before.flags === after.flags ? [] : ["flags" as const],
      before.session === after.session ? [] : ["session" as const],
    ].flat();
    if (parts.length > 0) {
      return [{ ...places, change: "changed", parts }];
    }
    return before.index === after.index ? [] : [{ ...places, change: "touched", parts: [] }];
  });
}

function toTold(differences: readonly Difference[]): Told[] {
  return differences.flatMap((each) =>
    each.kind === "kv"
      ? {
          key: Buffer.from(each.key).toString("hex"),
          change: each.change,
          parts: [...each.parts],
          before: each.before?.offset ?? null,
          after: each.after?.offset ?? null,
        }
      : [],
  );
}

const keys = fc.uniqueArray(
  fc.record({
    key: fc.oneof(
      fc.uint8Array({ minLength: 0, maxLength: 3 }),
      fc.constantFrom("a", "a/b", "é", "~").map((text) => new Uint8Array(Buffer.from(text))),
    ),
    value: fc.option(fc.oneof(fc.uint8Array({ maxLength: 2 }), fc.constant(new Uint8Array(100)))),
    flags: fc.constantFrom(0n, 2n ** 64n - 1n),
    session: fc.constantFrom("", "s1"),
    index: fc.integer({ min: 1, max: 3 }),
  }),
  { selector: ({ key }) => Buffer.from(key).toString("hex"), maxLength: 40 },
);
const inOrder = (list: Key[]) => list.sort((x, y) => Buffer.compare(x.key, y.key));
const batch = fc.integer({ min: 1, max: 7 });

describe("the keys of two archives", () => {
  it("are compared as maps would be, however they arrive", async () => {
    await fc.assert(
      fc.asyncProperty(keys.map(inOrder), keys.map(inOrder), batch, batch, async (a, b, sizeA, sizeB) => {
        const { result, told } = await compareKeysOf(archiveOf(a, sizeA), archiveOf(b, sizeB));
        expect(toTold(told)).toEqual(expected(a, b));
        expect(result.outcome).toBe("compared");
        const total = result.summary?.total;
        expect(total?.churn).toBe(told.filter(({ churn }) => churn).length);
        const both = a.filter(({ key }) => b.some((each) => Buffer.compare(each.key, key) === 0)).length;
        expect((total?.identical ?? 0) + (total?.churn ?? 0) + (total?.changed ?? 0)).toBe(both);
      }),
      { numRuns: 150 },
    );
  });

  it("are compared as maps would be where they do not stand in order", async () => {
    await fc.assert(
      fc.asyncProperty(keys, keys, batch, batch, async (a, b, sizeA, sizeB) => {
        const { result, told } = await compareKeysOf(archiveOf(a, sizeA), archiveOf(b, sizeB));
        expect(toTold(told)).toEqual(expected(a, b));
        expect(result.outcome).toBe("compared");
      }),
      { numRuns: 100 },
    );
  });
});

const key = (name: string, value: string, index = 1): Key => ({
  key: Buffer.from(name),
  value: Buffer.from(value),
  flags: 0n,
  session: "",
  index,
});

describe("a comparison", () => {
  it("says keys-unsorted where it cannot read again, without a summary", async () => {
    const a = archiveOf([key("b", "1"), key("a", "1")], 1);
    const result = await compareWith(bytesFor(a), bytesFor(a), {}, startFor([a, a]));
    expect(result).toMatchObject({
      outcome: "keys-unsorted",
      summary: null,
      reports: [{ ok: true }, { ok: true }],
    });
  });

  it("says keys-unsorted where there are more keys than memory is meant for", async () => {
    const a = archiveOf([key("b", "1"), key("a", "1")], 1);
    const { result, told } = await compareKeysOf(a, a, { keysInMemoryMax: 1 });
    expect(result).toMatchObject({ outcome: "keys-unsorted", summary: null });
    expect(told).toEqual([]);
  });

  it("takes the last of a key that comes twice, as a restore does", async () => {
    const a = archiveOf([key("a", "1"), key("a", "2"), key("b", "3")], 1);
    const b = archiveOf([key("a", "2"), key("b", "3")], 2);
    expect((await compareKeysOf(a, b)).result.summary).toMatchObject({
      identical: true,
      total: { identical: 2 },
    });
  });

  it.each([
    [true, false],
    [false, true],
    [false, false],
  ])("claims nothing where an archive does not verify (%s, %s)", async (okA, okB) => {
    const many = Array.from({ length: 500 }, (_, at) => key(String(at).padStart(4, "0"), "x"));
    const a = archiveOf(okA ? many : many.slice(0, 100), 10, okA);
    const b = archiveOf(okB ? many : many.slice(0, 50), 10, okB);
    const { result } = await compareKeysOf(a, b);
    expect(result).toMatchObject({
      outcome: "not-verified",
      summary: null,
      reports: [{ ok: okA }, { ok: okB }],
    });
  });

  it("reads keys of 10 kB that differ in their last byte", async () => {
    const long = (end: string) => key(`${"k".repeat(10_239)}${end}`, "v");
    const { told } = await compareKeysOf(
      archiveOf([long("a"), long("b")], 1),
      archiveOf([long("b"), long("c")], 1),
    );
    expect(told.map((each) => [each.kind === "kv" && each.key.length, each.change])).toEqual([
      [10_240, "removed"],
      [10_240, "added"],
    ]);
  });

  it("waits for the one who takes the differences", async () => {
    const a = archiveOf([], 1);
    const b = archiveOf(
      Array.from({ length: 100 }, (_, at) => key(String(at).padStart(4, "0"), "x")),
      7,
    );
    let open = 0;
    let most = 0;
    const onDifference = async () => {
      open += 1;
      most = Math.max(most, open);
      await new Promise((resolve) => setImmediate(resolve));
      open -= 1;
    };
    const { result } = await compareKeysOf(a, b, { onDifference });
    expect(result.summary?.total.added).toBe(100);
    expect(most).toBe(1);
  });

  it("reads one archive no further than the merge needs, while the other is behind", async () => {
    const many = Array.from({ length: 100_000 }, (_, at) => key(String(at).padStart(7, "0"), "x"));
    const b = archiveOf(many, 1000);
    let taken = 0;
    async function* counted() {
      for await (const chunk of bytesFor(b)) {
        taken += 1;
        yield chunk;
      }
    }
    let mostBefore = 0;
    async function* late() {
      await new Promise((resolve) => setTimeout(resolve, 100));
      mostBefore = taken;
      yield Buffer.from([1]);
    }
    const a = archiveOf([key("0000000", "x")], 1);
    const result = await compareWith(late(), counted(), {}, startFor([a, b]));
    expect(result.summary?.total).toMatchObject({ identical: 1, added: 99_999 });
    expect(mostBefore).toBeLessThan(40);
  });

  it("ends with the signal's reason, also where a source hangs", async () => {
    const a = archiveOf([key("a", "1")], 1);
    const controller = new AbortController();
    async function* hangs() {
      yield Buffer.from([1]);
      await new Promise(() => {});
    }
    const { signal } = controller;
    const compared = compareWith(hangs(), bytesFor(a), { signal }, startFor([a, a]));
    setImmediate(() => controller.abort(new Error("The user has left.")));
    await expect(compared).rejects.toThrow("The user has left.");
    await expect(compareKeysOf(a, a, { signal })).rejects.toThrow("The user has left.");
  });

  it("ends with the error of a source, or of the one who takes the differences", async () => {
    const a = archiveOf([key("a", "1")], 1);
    async function* fails() {
      yield Buffer.from([1]);
      throw new Error("EIO");
    }
    await expect(compareWith(bytesFor(a), fails(), {}, startFor([a, a]))).rejects.toThrow("EIO");
    const onDifference = () => Promise.reject(new Error("The disk is full."));
    await expect(compareKeysOf(a, archiveOf([], 1), { onDifference })).rejects.toThrow("The disk is full.");
  });

  it("compares nothing with nothing", async () => {
    const { result } = await compareKeysOf(archiveOf([], 1), archiveOf([], 1));
    const total = { added: 0, changed: 0, removed: 0, churn: 0, identical: 0 };
    expect(result.summary).toEqual({ identical: true, total, kinds: [] });
  });
});
