import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { KvRecord } from "../records/visitor.ts";
import type { KvChild } from "./contract.ts";
import { kvRecord, makeIndex, sourceOf } from "./index-for-tests.ts";
import { type ContentsIndex, openContentsIndex } from "./open.ts";

// Few different bytes, so that prefixes, separators, empty segments and shared beginnings are common.
const keyByte = fc.constantFrom(0x00, 0x2e, 0x2f, 0x2f, 0x30, 0x61, 0x62, 0x7f, 0xc3, 0xff);
const shortKey = fc.uint8Array({ maxLength: 7 }).map((bytes) => Uint8Array.from(bytes, (b) => b));
const key = fc.oneof(
  fc.array(keyByte, { maxLength: 7 }).map((bytes) => Uint8Array.from(bytes)),
  shortKey,
  fc.string({ maxLength: 6 }).map((text) => Uint8Array.from(Buffer.from(text))),
);
const keySets = fc.uniqueArray(key, {
  maxLength: 60,
  selector: (bytes) => Buffer.from(bytes).toString("hex"),
});
const sets = fc.record({
  keys: keySets,
  prefix: key,
  limit: fc.integer({ min: 1, max: 5 }),
  // Many copies of long keys push the set over several blocks.
  fill: fc.constantFrom(0, 0, 600),
  isShuffled: fc.boolean(),
});

type Model = { readonly key: Buffer; readonly valueBytes: number }[];

function toModel(keys: readonly Uint8Array[], fill: number): Model {
  const filler = Array.from({ length: fill }, (_, i) => Buffer.from(`a/${i % 7}/${i}`));
  const distinct = new Map(
    [...keys, ...filler].map((one) => [Buffer.from(one).toString("hex"), Buffer.from(one)]),
  );
  return [...distinct.values()]
    .sort(Buffer.compare)
    .map((bytes, i) => ({ key: bytes, valueBytes: (i * 37) % 300 }));
}

/** In byte order, or in an order that no Consul server writes. */
function recordsOf(model: Model, isShuffled: boolean): KvRecord[] {
  const records = model.map(({ key: bytes, valueBytes }) => kvRecord(bytes, { valueBytes }));
  return isShuffled ? records.map((_, i) => records[(i * 7919) % records.length] as KvRecord) : records;
}

function below(model: Model, prefix: Uint8Array): Model {
  return model.filter((one) => one.key.subarray(0, prefix.length).equals(Buffer.from(prefix)));
}

function totalsOf(model: Model) {
  return { keys: model.length, valueBytes: model.reduce((sum, one) => sum + one.valueBytes, 0) };
}

function modelChildren(model: Model, prefix: Uint8Array) {
  const folders = new Map<string, Model>();
  for (const one of below(model, prefix)) {
    const slash = one.key.indexOf("/", prefix.length);
    const path = slash < 0 ? one.key : one.key.subarray(0, slash + 1);
    const id = `${path.toString("base64url")} ${slash >= 0}`;
    folders.set(id, [...(folders.get(id) ?? []), one]);
  }
  return [...folders].map(([id, ones]) => ({ id, ...totalsOf(ones) }));
}

async function allChildren(index: ContentsIndex, prefix: Uint8Array, limit: number) {
  const items: KvChild[] = [];
  let after: string | undefined;
  for (let pages = 0; pages < 2000; pages += 1) {
    const page = await index.kv.children(prefix, { limit, after });
    items.push(...page.items);
    if (page.next === null) return { items, totals: page.totals };
    expect(page.items).toHaveLength(limit);
    after = page.next;
  }
  throw new Error("paging does not end");
}

async function openModel(model: Model, isShuffled: boolean): Promise<ContentsIndex> {
  const coprime = model.length % 7919 === 0 ? model.slice(1) : model;
  return openContentsIndex(sourceOf(makeIndex(recordsOf(coprime, isShuffled), { lateBytesFull: 3000 })));
}

describe("the keys of an index, against a naive model", () => {
  it("gives every child of every prefix exactly once, with exact totals, in byte order", async () => {
    await fc.assert(
      fc.asyncProperty(sets, async ({ keys, prefix, limit, fill, isShuffled }) => {
        const model = toModel(keys, fill);
        const index = await openModel(model, isShuffled);
        for (const asked of [prefix, new Uint8Array(), ...keys.slice(0, 3)]) {
          const { items, totals } = await allChildren(index, asked, fill > 0 ? limit * 50 : limit);
          const found = items.map((item) => ({
            id: `${item.path.keyId} ${item.isFolder}`,
            keys: item.keys,
            valueBytes: item.valueBytes,
          }));
          expect(found).toEqual(modelChildren(model, asked));
          expect(totals).toEqual(totalsOf(below(model, asked)));
          expect(await index.kv.stats(asked)).toEqual(totals);
          for (const item of items)
            expect(item.entry?.keyId).toBe(item.isFolder ? undefined : item.path.keyId);
        }
      }),
      { numRuns: 150 },
    );
  });

  it("finds exactly the keys that are there, and scans from anywhere in byte order", async () => {
    await fc.assert(
      fc.asyncProperty(sets, async ({ keys, prefix, fill, isShuffled }) => {
        const model = toModel(keys, fill);
        const index = await openModel(model, isShuffled);
        for (const asked of [prefix, ...keys.slice(0, 5)]) {
          const there = model.find((one) => one.key.equals(Buffer.from(asked)));
          const found = await index.kv.find(asked);
          expect(found?.valueBytes).toBe(there?.valueBytes);
        }
        const scanned: string[] = [];
        for await (const entries of index.kv.scan(prefix)) {
          for (const entry of entries) scanned.push(Buffer.from(entry.key).toString("hex"));
        }
        const wanted = model.filter((one) => Buffer.compare(one.key, prefix) >= 0);
        expect(scanned).toEqual(wanted.map((one) => one.key.toString("hex")));
      }),
      { numRuns: 100 },
    );
  });

  it("pages a search so that every match comes exactly once, however small the budget", async () => {
    await fc.assert(
      fc.asyncProperty(sets, fc.constantFrom(0, 1000), async (set, budgetMs) => {
        const model = toModel(set.keys, set.fill);
        const index = await openModel(model, set.isShuffled);
        const limit = set.limit * (set.fill > 0 ? 50 : 1);
        const found: string[] = [];
        let after: string | undefined;
        do {
          const page = await index.kv.search({ prefix: set.prefix, limit, after, budgetMs });
          found.push(...page.items.map((item) => item.keyId));
          expect(page.next === null).toBe(page.ended === "end");
          after = page.next ?? undefined;
        } while (after !== undefined);
        expect(found).toEqual(below(model, set.prefix).map((one) => one.key.toString("base64url")));
      }),
      { numRuns: 100 },
    );
  });
});
