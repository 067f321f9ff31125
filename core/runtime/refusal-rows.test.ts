import { describe, expect, it } from "vitest";
import { createRefusalRows } from "./refusal-rows.ts";

const now = { ms: 0 };
const rowsOf = () => createRefusalRows({ nowMs: () => 0, monotonicMs: () => now.ms });

describe("refusals of who is not signed in", () => {
  it("are written a hundred times for one network; the last says that more come, and five minutes later it begins anew", () => {
    const rows = rowsOf();
    const all = Array.from({ length: 150 }, (_, at) => rows.words(`2001:db8::${at}`, "Wrong."));
    expect(all.slice(0, 99)).toEqual(Array(99).fill("Wrong."));
    expect(all[99]).toBe("Wrong. More refusals of this address are not written for 5 minutes.");
    expect(new Set(all.slice(100))).toEqual(new Set([null]));
    expect(rows.words("2001:db8:0:1::1", "Wrong.")).toBe("Wrong.");
    now.ms += 5 * 60_000;
    expect(rows.words("2001:db8::1", "Wrong.")).toBe("Wrong.");
  });

  it("of an address stay counted while many others come by", () => {
    const rows = rowsOf();
    for (let count = 0; count < 100; count += 1) rows.words("10.0.0.1", "Wrong.");
    for (let count = 0; count < 10_000; count += 1) rows.words(`10.1.${count >> 8}.${count & 255}`, "Wrong.");
    expect(rows.words("10.0.0.1", "Wrong.")).toBeNull();
  });
});
