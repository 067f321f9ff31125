import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ContentsQueryError } from "./errors.ts";
import { parseGlob } from "./glob.ts";

const matches = (pattern: string, text: string) => {
  const bytes = Buffer.from(`before${text}after`);
  return parseGlob(pattern).matches(bytes, 6, bytes.length - 5);
};

describe("a glob", () => {
  it("says the same as a regular expression", () => {
    const piece = fc.constantFrom("*", "?", "a", "b", "/", "ü", "aa");
    const letters = fc.array(fc.constantFrom("a", "b", "/", "ü"), { maxLength: 8 });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 7 }), letters, (pieces, text) => {
        const source = pieces.map((one) => (one === "*" ? ".*" : one === "?" ? "." : one)).join("");
        const isPrefix = !source.includes(".");
        const wanted = new RegExp(`^${source}${isPrefix ? "" : "$"}`, "su").test(text.join(""));
        expect(matches(pieces.join(""), text.join(""))).toBe(wanted);
      }),
      { numRuns: 3000 },
    );
  });

  it("takes what follows a backslash as it is", () => {
    expect(matches("a\\*", "a*b")).toBe(true);
    expect(matches("a\\*", "aab")).toBe(false);
    expect(matches("\\\\*", "\\x")).toBe(true);
    expect(parseGlob("a\\?b*").head.toString()).toBe("a?b");
  });

  it("is refused when it is too long, and is not slow on what almost matches", () => {
    expect(() => parseGlob("a".repeat(513))).toThrow(ContentsQueryError);
    const started = process.cpuUsage();
    expect(matches(`${"*a".repeat(200)}b`, "a".repeat(10_000))).toBe(false);
    const { user, system } = process.cpuUsage(started);
    expect((user + system) / 1_000).toBeLessThan(5_000);
  });
});
