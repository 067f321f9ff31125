import { describe, expect, it } from "vitest";
import type { DifferenceRow } from "#core/comparisons/contract.ts";
import { bytesWords, folderOf, sizeWords, toItems } from "./rows.ts";

function key(label: string, over: Partial<DifferenceRow> = {}): DifferenceRow {
  return {
    key: `kv:${label}`,
    kind: "kv",
    typeName: "KVS",
    label,
    name: { keyId: label, text: label, isUtf8: true },
    change: "changed",
    churn: false,
    parts: ["value"],
    closed: null,
    before: { bytes: 812, modifyIndex: 1 },
    after: { bytes: 846, modifyIndex: 2 },
    ...over,
  };
}

describe("the folder of a key", () => {
  it.each([
    ["checkout/config/limits", "checkout/config/"],
    ["checkout/carts/active/eu-1", "checkout/carts/"],
    ["checkout/limits", "checkout/"],
    ["limits", ""],
    ["/odd//key", "/odd/"],
  ])("of %s is %s", (label, folder) => {
    expect(folderOf(label)).toBe(folder);
  });
});

describe("rows under their folders", () => {
  const rows = [key("a/b/1"), key("a/b/2"), key("a/c/1"), key("top")];

  it("count what stands in each folder, the last one only once it is all there", () => {
    const heads = toItems(rows, true, false).filter((item) => item.type === "folder");
    expect(heads.map((head) => [head.folder, head.rows, head.complete])).toEqual([
      ["a/b/", 2, true],
      ["a/c/", 1, true],
      ["", 1, false],
    ]);
  });

  it("are called by what follows the folder, and by the whole where nothing does", () => {
    const names = toItems([...rows, key("a/b/")], true, true).flatMap((item) =>
      item.type === "row" ? [item.name] : [],
    );
    expect(names).toEqual(["1", "2", "1", "top", "a/b/"]);
  });

  it("have no folders where they are no keys", () => {
    expect(toItems(rows, false, true).every((item) => item.type === "row")).toBe(true);
  });
});

describe("the size of a row", () => {
  it.each([
    [812, 846, "812 B to 846 B"],
    [2_400, 2_400, "2.4 KB, same size"],
    [4_100, 4_112, "4.1 KB, +12 B"],
    [4_112, 4_100, "4.1 KB, −12 B"],
  ])("from %d to %d", (before, after, words) => {
    expect(bytesWords(before, after)).toBe(words);
  });

  it("gives way to what else of the key changed", () => {
    expect(sizeWords(key("k", { parts: ["flags"] }))).toBe("flags");
    expect(sizeWords(key("k", { parts: ["lockIndex", "session"] }))).toBe("lock");
    expect(sizeWords(key("k", { change: "touched", parts: [] }))).toBe("written again");
    expect(sizeWords(key("k", { change: "added", before: null }))).toBe("846 B");
  });
});
