import { expect, it } from "vitest";
import { isPathKey, isTransactionKey, toKeyPath, toListPath } from "./keys.ts";
import { toChoice } from "./selection.ts";

const bytes = (text: string) => Buffer.from(text);

it("knows which keys a path can carry", () => {
  for (const key of ["a", "a/", "a/b c", "ü", ".a/b.", "a/...", "%2F"])
    expect(isPathKey(bytes(key)), key).toBe(true);
  for (const key of ["", "/", "/a", "a//b", "a//", "a/../b", "./a", "a/."])
    expect(isPathKey(bytes(key)), key).toBe(false);
  expect(isPathKey(Buffer.from([0xff]))).toBe(true);
  expect([isTransactionKey(Buffer.from([0xff])), isTransactionKey(bytes("a//b"))]).toEqual([false, true]);
});

it("writes each byte of a path as a path takes it", () => {
  expect(toKeyPath(bytes("a b/%/ü?#.~_-"))).toBe("/v1/kv/a%20b/%25/%C3%BC%3F%23.~_-");
  expect(toKeyPath(Buffer.from([0x61, 0x2f, 0xff, 0]))).toBe("/v1/kv/a/%FF%00");
});

it("lists above a prefix that no path can carry", () => {
  const paths: [string, string][] = [
    ["", "/v1/kv/"],
    ["a/b", "/v1/kv/a/b"],
    ["a/", "/v1/kv/a/"],
    ["a//b", "/v1/kv/a/"],
    ["a//", "/v1/kv/a/"],
    ["/a", "/v1/kv/"],
    ["a/../b", "/v1/kv/a/"],
    ["a/.", "/v1/kv/a/"],
    ["a/.b", "/v1/kv/a/.b"],
  ];
  for (const [prefix, path] of paths) expect(toListPath(bytes(prefix)), prefix).toBe(path);
});

it("takes every chosen key once", () => {
  const key = (text: string) => ({ keyId: bytes(text).toString("base64url") });
  const choice = toChoice([
    { prefix: "a/" },
    { prefix: "a/b" },
    { prefix: "a/" },
    key("a/b/c"),
    key("b"),
    key("b"),
  ]);
  expect(choice.prefixes).toEqual(["a/"]);
  expect([...choice.keys]).toEqual(["b"]);
  expect(["a/x", "b", "bc", "a"].map(choice.wantsKey)).toEqual([true, true, false, false]);
  expect(() => toChoice([{ keyId: "a=" }])).toThrow("This is not the id of a key.");
});
