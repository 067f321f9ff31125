import { describe, expect, it } from "vitest";
import { type KeyChange, settleTogether } from "./key-changes.ts";
import type { LiveKey } from "./kv-json.ts";

const to = { value: Buffer.from("wanted"), flags: "0" };
const change = (n: number): KeyChange => ({ n, key: Buffer.from(`k${n}`), index: 5, to });
const at = (index: number, value = "wanted"): LiveKey => ({
  index,
  flags: "0",
  value: Buffer.from(value),
  session: "",
});
const done = (index: number) => ({ kind: "done", index });

describe("after an answer that nobody heard", () => {
  const two = [change(1), change(2)];

  it("keys that stand as wanted at one index are ours", () => {
    expect(settleTogether(two, [at(9), at(9)])).toEqual([done(9), done(9)]);
    expect(settleTogether([...two, change(3)], [at(9), "hidden", at(9)])).toEqual([
      done(9),
      { kind: "hidden" },
      done(9),
    ]);
  });

  it("keys that stand as wanted at several may be somebody else's: no index is told", () => {
    expect(settleTogether(two, [at(9), at(10)])).toEqual([done(0), done(0)]);
    expect(settleTogether(two, [at(9), at(5, "before")])).toEqual([done(0), { kind: "untouched" }]);
    expect(settleTogether(two, [at(9), at(9, "other")])).toEqual([done(0), { kind: "moved" }]);
    expect(settleTogether(two, [at(9), "absent"])).toEqual([done(0), { kind: "moved" }]);
  });

  it("one key alone proves nothing", () => {
    expect(settleTogether([change(1)], [at(9)])).toEqual([done(0)]);
    expect(settleTogether(two, [at(9), "hidden"])).toEqual([done(0), { kind: "hidden" }]);
  });

  it("what was to go and is gone is done, by whomever", () => {
    expect(settleTogether([{ ...change(1), to: null }], ["absent"])).toEqual([done(0)]);
  });
});
