import { describe, expect, it } from "vitest";
import type { KvRecord } from "../records/visitor.ts";
import { compareKeys, createKvKeeper, differingParts, isSameRecord } from "./kv-entry.ts";

const record = ({
  key = "k",
  ...over
}: Partial<Omit<KvRecord, "key">> & { key?: string } = {}): KvRecord => ({
  type: 2,
  offset: 0,
  bytes: 0,
  value: Buffer.from("v".repeat(100)),
  valueBytes: 100,
  flags: 0n,
  lockIndex: 0,
  session: "",
  createIndex: 1,
  modifyIndex: 2,
  namespace: "",
  partition: "",
  ...over,
  key: Buffer.from(key),
});

describe("a KV record that is kept", () => {
  const keep = createKvKeeper();

  it("is the same with its value as with the value's hash", () => {
    const [whole, hashed] = [keep(record(), false), keep(record(), true)];
    const other = keep(record({ value: Buffer.from("w".repeat(100)) }), true);
    expect(hashed.end - hashed.keyEnd).toBe(32);
    expect(differingParts(whole, hashed)).toEqual([]);
    expect(differingParts(hashed, whole)).toEqual([]);
    expect(differingParts(whole, other)).toEqual(["value"]);
    expect(differingParts(other, hashed)).toEqual(["value"]);
  });

  it("whose value was not read has another one when it was written again", () => {
    const unread = (modifyIndex: number) => keep(record({ value: null, modifyIndex }), false);
    expect(differingParts(unread(2), unread(2))).toEqual([]);
    expect(differingParts(unread(2), unread(3))).toEqual(["value"]);
    expect(differingParts(unread(2), keep(record({ modifyIndex: 3 }), true))).toEqual(["value"]);
    expect(isSameRecord(unread(2), record({ value: null }))).toBe(false);
  });

  it("has no other value when nil becomes empty", () => {
    const nil = keep(record({ value: null, valueBytes: 0 }), false);
    const empty = keep(record({ value: Buffer.alloc(0), valueBytes: 0 }), false);
    expect(differingParts(nil, empty)).toEqual([]);
  });

  it.each([
    ["a", "b"],
    ["a", "aa"],
    ["", "a"],
    ["Z", "a"],
    ["x".repeat(70), `${"x".repeat(70)}a`],
    [`${"x".repeat(64)}a`, `${"x".repeat(64)}b`],
    ["é", "\u{10000}"],
    ["\uffff", "\u{10000}"],
  ])("stands in the order of its bytes: %j before %j", (first, second) => {
    const [a, b] = [keep(record({ key: first }), false), keep(record({ key: second }), false)];
    expect(Math.sign(compareKeys(a, b))).toBe(-1);
    expect(Math.sign(compareKeys(b, a))).toBe(1);
    expect(compareKeys(a, a)).toBe(0);
  });

  it.each<[string, Partial<Omit<KvRecord, "key">>]>([
    ["modifyIndex", { modifyIndex: 3 }],
    ["createIndex", { createIndex: 3 }],
    ["flags", { flags: 1n }],
    ["lockIndex", { lockIndex: 1 }],
    ["session", { session: "s" }],
    ["value", { value: Buffer.from("w".repeat(100)) }],
    ["namespace", { namespace: "n" }],
    ["partition", { partition: "p" }],
  ])("is not the same record with another %s", (_, over) => {
    expect(isSameRecord(keep(record(), false), record())).toBe(true);
    expect(isSameRecord(keep(record(), false), record(over))).toBe(false);
    expect(isSameRecord(keep(record(over), false), record())).toBe(false);
  });
});
