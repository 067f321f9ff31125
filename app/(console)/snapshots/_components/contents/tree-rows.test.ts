import { describe, expect, it } from "vitest";
import type { KeyChild } from "#core/contents/contract.ts";
import { type PageState, toTreeRows } from "./tree-rows.ts";

const child = (path: string, isFolder = false): KeyChild => ({
  name: path,
  path: { keyId: path, text: path, isUtf8: true },
  isFolder,
  keys: 1,
  valueBytes: 0,
  entry: null,
});
const page = (rows: KeyChild[], nextCursor: string | null = null): PageState => ({
  data: { rows, totals: { keys: rows.length, valueBytes: 0 }, nextCursor },
  error: null,
  retry: () => undefined,
});
const waiting: PageState = { data: undefined, error: null, retry: () => undefined };

function words(folders: Record<string, PageState[]>, open: string[]): string[] {
  return toTreeRows((prefix) => folders[prefix] ?? [], new Set(open)).map((row) =>
    row.type === "child"
      ? `${row.level} ${row.id} ${row.place}/${row.of ?? "?"} in ${row.parent}`
      : `${row.level} ${row.id} in ${row.parent}`,
  );
}

describe("the rows of the tree", () => {
  it("follow their open folder, one level deeper", () => {
    const folders = { "": [page([child("a/", true), child("b")])], "a/": [page([child("a/x")])] };
    expect(words(folders, [])).toEqual(["1 f:a/ 1/2 in -1", "1 k:b 2/2 in -1"]);
    expect(words(folders, ["a/"])).toEqual(["1 f:a/ 1/2 in -1", "2 k:a/x 1/1 in 0", "1 k:b 2/2 in -1"]);
  });

  it("tell a key from the folder of the same name", () => {
    const folders = { "": [page([child("a/", true)])], "a/": [page([child("a/")])] };
    expect(words(folders, ["a/"])).toEqual(["1 f:a/ 1/1 in -1", "2 k:a/ 1/1 in 0"]);
  });

  it("end in a row that loads more, and don't claim to know how many there are", () => {
    const folders = { "": [page([child("a")], "next")] };
    expect(words(folders, [])).toEqual(["1 k:a 1/? in -1", "1 m: in -1"]);
    expect(words({ "": [page([child("a")], "next"), waiting] }, [])).toEqual([
      "1 k:a 1/? in -1",
      "1 w: in -1",
    ]);
    expect(words({ "": [page([child("a")], "next"), page([child("b")])] }, [])).toEqual([
      "1 k:a 1/2 in -1",
      "1 k:b 2/2 in -1",
    ]);
  });

  it("say where a folder could not be read", () => {
    const failed: PageState = { ...waiting, error: new Error("gone") };
    expect(words({ "": [page([child("a/", true)])], "a/": [failed] }, ["a/"])).toEqual([
      "1 f:a/ 1/1 in -1",
      "2 e:a/ in 0",
    ]);
  });
});
