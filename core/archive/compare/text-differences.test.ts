import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toPrettyJson } from "./json-text.ts";
import { type DiffHunk, type DiffLine, diffTexts, type TextDiff, toSplitRows } from "./text-differences.ts";
import { describeValue } from "./value-text.ts";

function hunksOf(diff: TextDiff): readonly DiffHunk[] {
  if (diff.kind !== "lines") {
    throw new Error(`The texts are ${diff.kind}.`);
  }
  return diff.hunks;
}

const textOf = (line: DiffLine) => line.parts.map(({ text }) => text).join("");
const signs = { same: " ", removed: "-", added: "+" };
const unified = (diff: TextDiff) =>
  hunksOf(diff).map(({ lines }) => lines.map((line) => `${signs[line.kind]}${textOf(line)}`));

/** The text of one side, from hunks with all lines around them. */
function sideOf(diff: TextDiff, side: "before" | "after"): string {
  return hunksOf(diff)
    .flatMap(({ lines }) => lines)
    .filter((line) => line[side] !== null)
    .map((line) => `${textOf(line)}${line.open ? "" : "\n"}`)
    .join("");
}

describe("diffTexts", () => {
  it("holds both texts, whatever they are", () => {
    const text = fc
      .array(fc.constantFrom("a", "b", "a b c", "", "\r", "x, y"), { maxLength: 12 })
      .chain((lines) => fc.constantFrom("", "\n").map((end) => lines.join("\n") + end));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const diff = diffTexts(before, after, { contextLines: 1_000 });
        if (before === after) {
          expect(diff).toEqual({ kind: "lines", pretty: false, hunks: [], removed: 0, added: 0 });
        } else {
          expect([sideOf(diff, "before"), sideOf(diff, "after")]).toEqual([before, after]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("cuts what is far from a change, and numbers what is left", () => {
    const lines = Array.from({ length: 30 }, (_, at) => `line ${at + 1}`);
    const changed = lines.with(4, "line five").with(20, "line 21!").toSpliced(25, 0, "new");
    const diff = diffTexts(`${lines.join("\n")}\n`, `${changed.join("\n")}\n`);
    expect(
      hunksOf(diff).map((hunk) => [hunk.beforeStart, hunk.beforeLines, hunk.afterStart, hunk.afterLines]),
    ).toEqual([
      [2, 7, 2, 7],
      [18, 11, 18, 12],
    ]);
    expect(unified(diff)[0]).toEqual([
      " line 2",
      " line 3",
      " line 4",
      "-line 5",
      "+line five",
      " line 6",
      " line 7",
      " line 8",
    ]);
    expect(diff).toMatchObject({ removed: 2, added: 3 });
  });

  it("marks the words that changed, and none in lines that have little in common", () => {
    const diff = diffTexts('  "provider": "northpay-v1",\n', '  "provider": "northpay-v2",\nzzz\n');
    const changed = hunksOf(diff)[0]?.lines.map(({ parts }) => parts.filter((part) => part.changed));
    expect(changed).toEqual([[{ text: "v1", changed: true }], [{ text: "v2", changed: true }], []]);
    const other = hunksOf(diffTexts("all of this goes\n", "nothing stays\n"))[0];
    expect(other?.lines.flatMap(({ parts }) => parts.map((part) => part.changed))).toEqual([false, false]);
  });

  it("tells a last line without a line feed", () => {
    const [removed, added] = hunksOf(diffTexts("a", "a\n"))[0]?.lines ?? [];
    expect([removed?.open, added?.open]).toEqual([true, false]);
  });

  it("gives the rows of a split view", () => {
    const hunk = hunksOf(diffTexts("a\nb\nc\nd\n", "a\nB\nC\nX\nd\nY\n"))[0];
    const rows = hunk === undefined ? [] : toSplitRows(hunk);
    const text = (line: DiffLine | null) => (line === null ? null : textOf(line));
    expect(rows.map(({ before, after }) => [text(before), text(after)])).toEqual([
      ["a", "a"],
      ["b", "B"],
      ["c", "C"],
      [null, "X"],
      ["d", "d"],
      [null, "Y"],
    ]);
  });

  it("compares JSON by what it says when asked to", () => {
    const before = '{"b": 1, "a": [1, 2]}';
    const after = '{"a":[1,2],"b":1}';
    expect(diffTexts(before, after, { pretty: true })).toMatchObject({ pretty: true, hunks: [] });
    expect(hunksOf(diffTexts(before, after))).toHaveLength(1);
    expect(diffTexts(before, "no JSON", { pretty: true })).toMatchObject({ kind: "lines", pretty: false });
    expect(
      unified(diffTexts('{"id":12345678901234567890}', '{"id":12345678901234567891}', { pretty: true })),
    ).toEqual([[" {", '-  "id": 12345678901234567890', '+  "id": 12345678901234567891', " }"]]);
  });

  it("says so where texts are too large, and ends soon where they have nothing in common", () => {
    expect(diffTexts("a".repeat(1_048_577), "b")).toEqual({ kind: "too-large" });
    expect(diffTexts("a\n".repeat(20_001), "b")).toEqual({ kind: "too-large" });
    const numbers = (from: number) => Array.from({ length: 20_000 }, (_, at) => `${from + at}\n`).join("");
    const start = process.cpuUsage();
    expect(diffTexts(numbers(0), numbers(1_000_000))).toMatchObject({ removed: 20_000, added: 20_000 });
    const mixed = numbers(0).split(/(?<=\n)/);
    const turned = [...mixed].sort((a, b) => ((Number(a) * 7919) % 10_007) - ((Number(b) * 7919) % 10_007));
    expect(diffTexts(mixed.join(""), turned.join(""))).toEqual({ kind: "too-different" });
    const words = (letter: string) => `${`${letter} `.repeat(800)}\n`.repeat(300);
    expect(diffTexts(words("a b"), words("a c")).kind).toBe("lines");
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1_000).toBeLessThan(20_000);
  });
});

describe("toPrettyJson", () => {
  it("says what the JSON says, with names in order", () => {
    const sorted = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(sorted)
        : typeof value === "object" && value !== null
          ? Object.fromEntries(
              Object.entries(value)
                .sort(([a], [b]) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
                .map(([name, item]) => [name, sorted(item)]),
            )
          : value;
    // Names that are whole numbers come first in a JavaScript object, whatever the order they were added in.
    const name = fc.string({ maxLength: 4 }).filter((text) => !/^\d+$/.test(text) && text !== "__proto__");
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { depthSize: "small" },
        fc.jsonValue({ maxDepth: 0 }),
        fc.array(tie("value"), { maxLength: 4 }),
        fc.dictionary(name, tie("value"), { maxKeys: 4, noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(value, fc.constantFrom(undefined, 1, "\t"), (json, space) => {
        expect(toPrettyJson(JSON.stringify(json, null, space))).toBe(JSON.stringify(sorted(json), null, 2));
      }),
    );
  });

  it("keeps numbers, escapes and repeated names as they were written", () => {
    expect(toPrettyJson('{"a":1.0e+2,"a":"\\u0041\\"{"}')).toBe('{\n  "a": 1.0e+2,\n  "a": "\\u0041\\"{"\n}');
  });

  it("leaves what is no JSON, too deep or very long alone, or reads it", () => {
    expect(toPrettyJson("{")).toBeNull();
    expect(toPrettyJson("[".repeat(5_000) + "]".repeat(5_000))).toBeNull();
    const long = JSON.stringify(["x".repeat(4_000_000), '"'.repeat(500_000)]);
    expect(toPrettyJson(long)?.length).toBe(long.length + 7);
  });
});

describe("describeValue", () => {
  it.each([
    ['{"a": 1}', "json"],
    [" [1]\n", "json"],
    ["{not json}", "text"],
    ["42", "text"],
    ["", "text"],
    ["Grüße\t\r\n", "text"],
    ["\0", "binary"],
    ["\u001b[31m", "binary"],
    [Buffer.from([0xff, 0xfe]), "binary"],
    [Buffer.from([0xed, 0xa0, 0x80]), "binary"],
  ])("%j is %s", (value, kind) => {
    expect(describeValue(Buffer.from(value as string))).toBe(kind);
  });
});
