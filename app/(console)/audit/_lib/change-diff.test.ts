import { describe, expect, it } from "vitest";
import { diffFields } from "./change-diff.ts";
import { toFieldLines } from "./change-lines.ts";

const before = {
  mode: "consistent",
  cron: "32 * * * *",
  retention: { last: 24, hourly: 24, daily: 30, weekly: 8 },
  destinations: ["local", "s3-backups"],
};
const after = { ...before, retention: { ...before.retention, hourly: 48, weekly: 12 } };

const shown = (one: object | null, other: object | null) =>
  diffFields(one as Record<string, unknown> | null, other as Record<string, unknown> | null)
    .hunks.flatMap((hunk) => hunk.lines)
    .map(
      ({ kind, beforeLine, afterLine, parts }) =>
        `${beforeLine ?? "."} ${afterLine ?? "."} ${{ same: " ", removed: "-", added: "+" }[kind]}${parts
          .map(({ text, marked }) => (marked ? `«${text}»` : text))
          .join("")}`,
    );

describe("the lines of a record", () => {
  it("have a name and a value, and quotes where a text could be something else", () => {
    expect(
      toFieldLines({
        a: "plain text",
        b: "32 * * * *",
        c: "true",
        d: true,
        e: null,
        f: "12",
        g: 12,
        h: "",
      }).map((line) => line.text),
    ).toEqual([
      "a: plain text",
      'b: "32 * * * *"',
      'c: "true"',
      "d: true",
      "e: null",
      'f: "12"',
      "g: 12",
      'h: ""',
    ]);
  });

  it("indent what is nested, and give each object of a list a line", () => {
    const grants = [{ role: "viewer", clusterId: null }, { role: "operator" }];
    expect(toFieldLines({ grants, empty: {}, none: [] }).map((line) => line.text)).toEqual([
      "grants:",
      "  - {role: viewer, clusterId: null}",
      "  - {role: operator}",
      "empty: {}",
      "none: []",
    ]);
  });

  it("keep a value with line breaks on one line", () => {
    expect(toFieldLines({ note: "two\nlines" })).toEqual([{ text: 'note: "two\\nlines"', heading: false }]);
  });
});

describe("the difference of two records", () => {
  it("has the numbers of both sides and marks the words that differ", () => {
    expect(shown(before, after)).toEqual([
      "1 1  mode: consistent",
      '2 2  cron: "32 * * * *"',
      "3 3  retention:",
      "4 4    last: 24",
      "5 . -  hourly: «24»",
      ". 5 +  hourly: «48»",
      "6 6    daily: 30",
      "7 . -  weekly: «8»",
      ". 7 +  weekly: «12»",
      "8 8  destinations: [local, s3-backups]",
    ]);
    expect(diffFields(before, after).changed).toBe(2);
  });

  it("keeps two changed fields that stand together each with its own", () => {
    expect(shown({ a: 1, b: 2 }, { a: 3, b: 4 })).toEqual([
      "1 . -a: «1»",
      ". 1 +a: «3»",
      "2 . -b: «2»",
      ". 2 +b: «4»",
    ]);
  });

  it("of something new or gone is all added or all removed", () => {
    expect(shown(null, { a: 1 })).toEqual([". 1 +a: 1"]);
    expect(shown({ a: 1 }, null)).toEqual(["1 . -a: 1"]);
    expect(diffFields(null, { a: 1, b: { c: 2 } }).changed).toBe(2);
  });

  it("of the same is nothing changed", () => {
    expect(diffFields(before, before).changed).toBe(0);
    expect(diffFields(null, null)).toEqual({ hunks: [], changed: 0 });
  });
});
