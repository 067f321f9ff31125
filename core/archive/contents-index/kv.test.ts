import { describe, expect, it } from "vitest";
import { ContentsIndexError, ContentsQueryError } from "./errors.ts";
import { kvRecord, makeIndex, sourceOf, testFacts, testSeal } from "./index-for-tests.ts";
import { keyBytesOfId } from "./key-bytes.ts";
import { openContentsIndex } from "./open.ts";
import { createContentsIndexWriter } from "./writer.ts";

const openKeys = (keys: readonly (string | Uint8Array)[]) =>
  openContentsIndex(sourceOf(makeIndex(keys.map((key) => kvRecord(key)))));

describe("an index of keys", () => {
  it("opens with two reads and tells what it was given", async () => {
    const source = sourceOf(makeIndex([kvRecord("a")]));
    const index = await openContentsIndex(source);
    expect(source.reads()).toBe(2);
    expect(index.facts).toEqual(testFacts);
    expect(index.kinds()).toEqual([{ kind: "kv", count: 1, bytes: 86 }]);
  });

  it("is refused beside another archive", async () => {
    const source = sourceOf(makeIndex([kvRecord("a")]));
    const other = openContentsIndex(source, { stateSha256: "cd".repeat(32) });
    await expect(other).rejects.toMatchObject({ code: "FOREIGN" });
    expect(await openContentsIndex(source, { stateSha256: testFacts.stateSha256 })).toBeDefined();
  });

  it("keeps nothing of the memory in which the keys came", async () => {
    const memory = Buffer.alloc(16);
    const chunks: Uint8Array[] = [];
    const writer = createContentsIndexWriter({ onBytes: (chunk) => chunks.push(chunk), seal: testSeal });
    const names = Array.from({ length: 1000 }, (_, i) => `k${(i * 7) % 1000}`.padEnd(6, "x"));
    for (const name of names) {
      memory.write(name);
      writer.kv(kvRecord(memory.subarray(0, name.length)));
    }
    writer.finish(testFacts);
    const index = await openContentsIndex(sourceOf(Buffer.concat(chunks)));
    for (const name of names) expect((await index.kv.find(name))?.text).toBe(name);
  });

  it("opens when there is nothing in the archive", async () => {
    const index = await openKeys([]);
    expect(index.kinds()).toEqual([]);
    const totals = { keys: 0, valueBytes: 0 };
    expect(await index.kv.children("", { limit: 10 })).toEqual({ items: [], totals, next: null });
    expect(await index.kv.find("a")).toBeNull();
    expect((await index.kv.search({ limit: 5 })).ended).toBe("end");
  });

  it("shows a key that is also a folder as both", async () => {
    const index = await openKeys(["a", "a.b", "a/", "a/x", "b"]);
    const { items } = await index.kv.children("", { limit: 10 });
    expect(items.map((item) => [item.name, item.isFolder, item.keys])).toEqual([
      ["a", false, 1],
      ["a.b", false, 1],
      ["a/", true, 2],
      ["b", false, 1],
    ]);
    const inside = await index.kv.children("a/", { limit: 10 });
    expect(inside.items.map((item) => [item.name, item.path.text])).toEqual([
      ["", "a/"],
      ["x", "a/x"],
    ]);
  });

  it("shows empty segments as folders without a name", async () => {
    const index = await openKeys(["", "/", "/a", "a//b"]);
    const { items } = await index.kv.children("", { limit: 10 });
    expect(items.map((item) => [item.name, item.isFolder])).toEqual([
      ["", false],
      ["/", true],
      ["a/", true],
    ]);
    const inside = await index.kv.children("a/", { limit: 10 });
    expect(inside.items.map((item) => item.path.text)).toEqual(["a//"]);
  });

  it("names bytes that are no UTF-8 without loss", async () => {
    const key = Uint8Array.of(0x61, 0xff, 0x00);
    const index = await openKeys([key]);
    const { items } = await index.kv.children("", { limit: 1 });
    expect(items[0]?.path).toEqual({ keyId: "Yf8A", text: "a\ufffd\u0000", isUtf8: false });
    expect(await index.kv.find(keyBytesOfId("Yf8A"))).not.toBeNull();
    expect(() => keyBytesOfId("Yf8A=")).toThrow(ContentsQueryError);
  });

  it("keeps every number, those beyond 2^53 among them", async () => {
    const odd = {
      valueBytes: 0,
      flags: 2n ** 64n - 1n,
      lockIndex: 3,
      session: "adf4238a-882b-9ddc-4a9d-5b6758e4159e",
      createIndex: 500,
      modifyIndex: 7,
      offset: 2 ** 50,
      bytes: 91,
    };
    const wide = { createIndex: 2 ** 63, modifyIndex: 2 ** 63 + 4096, lockIndex: 2 ** 60 };
    const empty = { valueBytes: 0, value: new Uint8Array() };
    const index = await openContentsIndex(
      sourceOf(makeIndex([kvRecord("a", odd), kvRecord("b", wide), kvRecord("c", empty), kvRecord("d")])),
    );
    expect(await index.kv.find("a")).toMatchObject({ ...odd, valueIsNil: true });
    expect(await index.kv.find("b")).toMatchObject({ ...wide, valueIsNil: false });
    expect(await index.kv.find("c")).toMatchObject({ valueBytes: 0, valueIsNil: false });
    expect(await index.kv.find("d")).toMatchObject({
      createIndex: 10,
      modifyIndex: 10,
      flags: 0n,
      session: "",
    });
  });

  it("holds keys of ten kilobytes, and refuses one beyond four megabytes", async () => {
    const keys = Array.from({ length: 40 }, (_, i) => `${"long/".repeat(2000)}${String(i).padStart(3, "0")}`);
    const index = await openKeys(keys);
    expect(await index.kv.stats("long/long/")).toEqual({ keys: 40, valueBytes: 200 });
    const first = await index.kv.children("long/".repeat(2000), { limit: 39 });
    const last = await index.kv.children("long/".repeat(2000), { limit: 39, after: first.next ?? "" });
    expect(last.items.map((item) => item.name)).toEqual(["039"]);
    expect(() => makeIndex([kvRecord(new Uint8Array(4 * 1024 * 1024 + 1))])).toThrow(ContentsIndexError);
  });

  it("finds by a pattern over the whole key, and by prefix when it has no wildcard", async () => {
    const index = await openKeys([
      "checkout/a/stripe_key",
      "checkout/stripe_key",
      "checkout/x",
      "other/a_key",
    ]);
    const texts = async (pattern: string, prefix = "") =>
      (await index.kv.search({ pattern, prefix, limit: 10 })).items.map((item) => item.text);
    expect(await texts("checkout/*_key")).toEqual(["checkout/a/stripe_key", "checkout/stripe_key"]);
    expect(await texts("*_key", "checkout/s")).toEqual(["checkout/stripe_key"]);
    expect(await texts("checkout/")).toHaveLength(3);
    expect(await texts("other/*", "checkout/")).toEqual([]);
  });

  it("refuses a cursor of another question, a changed one, and limits out of range", async () => {
    const index = await openKeys(["a/1", "a/2", "b/1", "b/2"]);
    const { next } = await index.kv.children("a/", { limit: 1 });
    const after = next ?? "";
    const refused = [
      () => index.kv.children("b/", { limit: 1, after }),
      () => index.kv.children("a/", { limit: 1, after, separator: "." }),
      () =>
        index.kv.children("a/", { limit: 1, after: `${after.startsWith("A") ? "B" : "A"}${after.slice(1)}` }),
      () => index.kv.children("a/", { limit: 1, after: "" }),
      () => index.kv.children("a/", { limit: 0 }),
      () => index.kv.children("a/", { limit: 1001 }),
      () => index.kv.search({ limit: 1, after }),
    ];
    for (const one of refused) await expect(one()).rejects.toBeInstanceOf(ContentsQueryError);
  });

  it("stops a search at its budget and goes on where it stopped", async () => {
    const keys = Array.from({ length: 5000 }, (_, i) => `k${String(i).padStart(5, "0")}`);
    const index = await openKeys(keys);
    const page = await index.kv.search({ pattern: "*04999", limit: 10, budgetMs: 0 });
    expect(page).toMatchObject({ items: [], ended: "budget", scanned: 256 });
    const rest = await index.kv.search({ pattern: "*04999", limit: 10, after: page.next ?? "" });
    expect(rest).toMatchObject({ ended: "end", scanned: 4744 });
    expect(rest.items.map((item) => item.text)).toEqual(["k04999"]);
  });
});

describe("keys out of order", () => {
  it("keeps the same key in several namespaces apart", async () => {
    const places = [{ namespace: "a" }, { namespace: "b", partition: "p" }, {}];
    const index = await openContentsIndex(
      sourceOf(makeIndex(places.map((place, i) => kvRecord("key", { ...place, valueBytes: i })))),
    );
    const found = await index.kv.findAll("key");
    expect(found.map((entry) => [entry.namespace, entry.partition, entry.valueBytes])).toEqual([
      ["a", "", 0],
      ["b", "p", 1],
      ["", "", 2],
    ]);
    expect(await index.kv.findAll("ke")).toEqual([]);
  });

  it("gives a key that stands there more than once as its last record, once", async () => {
    const records = ["b", "a", "b", "c", "b", "a"].map((key, i) => kvRecord(key, { valueBytes: i }));
    for (const lateBytesFull of [1, 700, 1e6]) {
      const index = await openContentsIndex(sourceOf(makeIndex(records, { lateBytesFull })));
      const { items, totals } = await index.kv.children("", { limit: 10 });
      expect(items.map((item) => [item.name, item.keys, item.entry?.valueBytes])).toEqual([
        ["a", 2, 5],
        ["b", 3, 4],
        ["c", 1, 3],
      ]);
      expect(totals).toEqual({ keys: 6, valueBytes: 15 });
      expect((await index.kv.find("b"))?.valueBytes).toBe(4);
      for (const budgetMs of [0, 1000]) {
        const first = await index.kv.search({ limit: 2, budgetMs });
        const seen = first.items.map((item) => [item.text, item.valueBytes]);
        expect([
          ["a", 5],
          ["b", 4],
        ]).toEqual(expect.arrayContaining(seen));
      }
    }
  });
});
