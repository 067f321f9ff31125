import { describe, expect, it } from "vitest";
import { compare, formatSeconds, median, toFigure, toTable } from "./statistics.mjs";

describe("median", () => {
  it("is the one in the middle, or between the two there, of numbers in any order", () => {
    expect(median([30, 10, 20])).toBe(20);
    expect(median([40, 10, 20, 30])).toBe(25);
  });

  it("is no number when there was no run", () => {
    expect(median([])).toBeNaN();
  });
});

describe("compare", () => {
  it("takes each run with the rival's beside it, so that a slow minute counts on both sides", () => {
    expect(compare([100, 900, 110], [100, 1_000, 100])).toEqual({ ratio: 1, low: 0.9, high: 1.1 });
  });
});

describe("toFigure", () => {
  const line = { name: "take", ours: [1_000], against: "curl -o", target: 1.05 };

  it("passes at the target and misses above it", () => {
    expect(toFigure({ ...line, rival: [1_000] }).cells.at(-1)).toBe("pass");
    expect(toFigure({ ...line, rival: [900] }).cells.at(-1)).toBe("miss");
  });
});

describe("what is printed", () => {
  it("says the range only of several runs", () => {
    expect(formatSeconds([1_500])).toBe("1.50 s");
    expect(formatSeconds([1_500, 1_000, 2_000])).toBe("1.50 s (1.00-2.00)");
  });

  it("is a table in Markdown with columns of equal width", () => {
    expect(toTable(["a", "b"], [["long", "x"]])).toEqual(["| a    | b |", "|------|---|", "| long | x |"]);
  });
});
