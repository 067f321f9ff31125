import { describe, expect, it } from "vitest";
import {
  fromBase64,
  hexLine,
  prettyJson,
  showUnseen,
  showUnseenInLine,
  toLines,
  toText,
} from "./value-view-text.ts";

describe("JSON", () => {
  it("is indented", () => {
    expect(prettyJson('{"a":[1,2,{"b":null}],"c":"x"}')).toBe(
      JSON.stringify({ a: [1, 2, { b: null }], c: "x" }, null, 2),
    );
    expect(prettyJson(" [ ] ")).toBe("[]");
    expect(prettyJson('{"a":{},"b":[]}')).toBe(JSON.stringify({ a: {}, b: [] }, null, 2));
  });

  it("keeps every digit, every name and every white space inside of strings", () => {
    expect(prettyJson("12345678901234567890.10")).toBe("12345678901234567890.10");
    expect(prettyJson('{"a":1,"a":2}')).toBe('{\n  "a": 1,\n  "a": 2\n}');
    expect(prettyJson('"{ [ , : \\" \\\\"')).toBe('"{ [ , : \\" \\\\"');
  });

  it("takes a megabyte and a thousand lists in each other", () => {
    const long = JSON.stringify(Array.from({ length: 50_000 }, (_, at) => ({ at, text: "x y" })));
    expect(prettyJson(long)).toBe(JSON.stringify(JSON.parse(long), null, 2));
    expect(prettyJson("[".repeat(5_000) + "]".repeat(5_000)).length).toBeLessThan(3_000_000);
  });
});

describe("text", () => {
  it("shows what can't be seen", () => {
    expect(showUnseen("a\0b\tc\nd\x7f\u202e\u0085")).toBe("a␀b␉c␊d␡[U+202E][U+0085]");
    expect(showUnseenInLine("a\tb\x1b[31m")).toBe("a\tb␛[31m");
    expect(showUnseen("größe 🦊 <b>")).toBe("größe 🦊 <b>");
  });

  it("is cut into lines, and long lines into pieces", () => {
    expect(toLines("ab\r\ncdefg\n", 3)).toEqual([
      { text: "ab", number: 1 },
      { text: "cde", number: 2 },
      { text: "fg", number: null },
      { text: "", number: 3 },
    ]);
  });

  it("takes bytes that are no UTF-8", () => {
    expect(toText(fromBase64("/2E="))).toBe("\ufffda");
  });
});

it("bytes stand in rows of hex", () => {
  const bytes = new Uint8Array([0x7b, 0x22, 0xff, 0x00]);
  expect(hexLine(bytes, 0, 8)).toBe('000000  7b 22 ff 00              {"··');
  expect(hexLine(new Uint8Array(20), 16, 16)).toBe(`000010  00 00 00 00${" ".repeat(39)}····`);
});
