import { describe, expect, it } from "vitest";
import { cutLine, firstLines, linesBefore, type TextDiffLine, toSplitRows } from "./text-diff-rows.ts";

const same = (before: number, after: number): TextDiffLine => line("same", before, after);
const removed = (before: number): TextDiffLine => line("removed", before, null);
const added = (after: number): TextDiffLine => line("added", null, after);

function line(kind: TextDiffLine["kind"], beforeLine: number | null, afterLine: number | null): TextDiffLine {
  return { kind, beforeLine, afterLine, parts: [{ text: "x", marked: false }] };
}

const numbers = (lines: TextDiffLine[]) =>
  toSplitRows(lines).map(({ before, after }) => [before?.beforeLine ?? null, after?.afterLine ?? null]);

describe("the two columns", () => {
  it("put removed lines beside the added ones that follow", () => {
    const lines = [same(1, 1), removed(2), removed(3), added(2), same(4, 3), added(4)];
    expect(numbers(lines)).toEqual([
      [1, 1],
      [2, 2],
      [3, null],
      [4, 3],
      [null, 4],
    ]);
  });

  it("begin a new run where removed lines follow added ones", () => {
    expect(numbers([added(1), removed(1), added(2)])).toEqual([
      [null, 1],
      [1, 2],
    ]);
  });
});

describe("the lines that are left out", () => {
  it("are those before the first and between two hunks", () => {
    const first = { lines: [same(8, 8), removed(9), added(9)] };
    const second = { lines: [same(30, 30), added(31)] };
    expect(linesBefore(first, undefined)).toBe(7);
    expect(linesBefore(second, first)).toBe(20);
  });

  it("are none where a text is only on one side", () => {
    expect(linesBefore({ lines: [added(1)] }, undefined)).toBe(0);
  });
});

describe("what is too long", () => {
  it("is cut after so many lines over all hunks", () => {
    const hunks = [{ lines: [same(1, 1), same(2, 2)] }, { lines: [same(9, 9), same(10, 10)] }];
    expect(firstLines(hunks, 3).map(({ lines }) => lines.length)).toEqual([2, 1]);
    expect(firstLines(hunks, 2).map(({ lines }) => lines.length)).toEqual([2]);
  });

  it("is cut within a line, and says by how much", () => {
    const parts = [
      { text: "abcd", marked: false },
      { text: "efgh", marked: true },
    ];
    expect(cutLine(parts, 6)).toEqual({
      parts: [
        { text: "abcd", marked: false },
        { text: "ef", marked: true },
      ],
      more: 2,
    });
    expect(cutLine(parts, 8)).toEqual({ parts, more: 0 });
  });
});
