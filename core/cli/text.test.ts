import { Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { toPlainJson } from "#core/archive/index.ts";
import { PipeClosed } from "./exit.ts";
import { createHeldOutput } from "./held-output.ts";
import { createJsonList } from "./json-list.ts";
import { countOf, formatBytes, formatCount } from "./numbers.ts";
import { createOutput } from "./output.ts";
import { createProgress } from "./progress.ts";
import { createTable, writeTable } from "./table.ts";
import { visible, visibleLine } from "./visible-text.ts";

function collector() {
  const texts: string[] = [];
  return { texts, write: (text: string) => void texts.push(text) };
}

describe("names on a terminal", () => {
  it.each([
    ["plain/key", "plain/key"],
    ["\u001b[2J\u001b]0;owned\u0007", "\\e[2J\\e]0;owned\\u{7}"],
    ["two\nlines\r\t", "two\\nlines\\r\\t"],
    ["\u009b31m", "\\u{9b}31m"],
    ["safe\u202egnp.exe", "safe\\u{202e}gnp.exe"],
    ["zero\u200bwidth\u2028", "zero\\u{200b}width\\u{2028}"],
    ["größe/日本/🙂", "größe/日本/🙂"],
  ])("%j is shown as %j", (text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  it("keep the tab in a line of a value, and nothing else", () => {
    expect(visibleLine("\ta\u001bb\u202ec")).toBe("\ta\\eb\\u{202e}c");
  });
});

describe("numbers", () => {
  it("have units in steps of 1,024, and groups of three", () => {
    expect([0, 1023, 1024, 1536, 1024 ** 2 - 1, 5 * 1024 ** 4].map(formatBytes)).toEqual([
      "0 B",
      "1023 B",
      "1.0 KB",
      "1.5 KB",
      "1.0 MB",
      "5.0 TB",
    ]);
    expect([1, 999, 1000, 1234567].map(formatCount)).toEqual(["1", "999", "1,000", "1,234,567"]);
    expect([countOf(1, "policy", "policies"), countOf(2, "key")]).toEqual(["1 policy", "2 keys"]);
  });
});

describe("a table", () => {
  it("sets numbers to the right and leaves the last cell as long as it is", async () => {
    const { texts, write } = collector();
    await writeTable(
      write,
      [{ right: "N" }, "A", "LAST"],
      [
        [{ right: "12" }, "x", "a long one"],
        [{ right: "3" }, "yy", "b"],
      ],
    );
    expect(texts.join("")).toBe(" N  A   LAST\n12  x   a long one\n 3  yy  b\n");
  });

  it("begins to write after its first rows, so that it never holds all", async () => {
    const { texts, write } = collector();
    const table = createTable(write, ["A", "B"]);
    for (let i = 0; i < 1000; i += 1) await table.add([`key-${i}`, "b"]);
    expect(texts.length).toBeGreaterThan(900);
    await table.end();
    expect(texts.length).toBe(1001);
  });
});

describe("JSON", () => {
  it("holds what JSON has not: 64-bit numbers and bytes", () => {
    const value = { flags: 2n ** 63n, hash: Uint8Array.from([1, 2]), list: [null, { a: true }] };
    expect(toPlainJson(value)).toEqual({
      flags: "9223372036854775808",
      hash: { base64: "AQI=" },
      list: [null, { a: true }],
    });
  });

  it.each([[[]], [[{ a: 1 }]], [[1, 2, 3]]])("is one document with %j in its list", async (items) => {
    const { texts, write } = collector();
    const list = createJsonList(write, { head: "x" }, "items");
    for (const item of items) await list.add(item);
    await list.end({ tail: null });
    expect(JSON.parse(texts.join(""))).toEqual({ head: "x", items, tail: null });
  });

  it("needs neither head nor tail", async () => {
    const { texts, write } = collector();
    await createJsonList(write, {}, "items").end({});
    expect(JSON.parse(texts.join(""))).toEqual({ items: [] });
  });
});

describe("held output", () => {
  it("shows nothing that was dropped, and what comes after", async () => {
    const { texts, write } = collector();
    const held = createHeldOutput({ write: (piece) => write(String(piece)), flush: async () => undefined });
    await held.write("wrong");
    expect(held.drop()).toBe(true);
    await held.write("right");
    await held.release();
    await held.write(", more");
    expect(texts.join("")).toBe("right, more");
    expect(held.drop()).toBe(false);
  });

  it("goes out when there is too much of it", async () => {
    const { texts, write } = collector();
    const out = { write: (piece: string | Uint8Array) => write(String(piece)), flush: async () => undefined };
    const held = createHeldOutput(out, 10);
    await held.write("12345");
    expect(texts).toEqual([]);
    await held.write("67890");
    expect(texts.join("")).toBe("1234567890");
    expect(held.drop()).toBe(false);
  });
});

describe("output", () => {
  it("keeps text and bytes in their order", async () => {
    const chunks: Buffer[] = [];
    const stream = new Writable({ write: (chunk, _, done) => done(void chunks.push(chunk) as undefined) });
    const out = createOutput(stream);
    await out.write("a");
    await out.write(Buffer.from([0, 255]));
    await out.write("b");
    await out.flush();
    expect(Buffer.concat(chunks)).toEqual(Buffer.from([97, 0, 255, 98]));
  });

  it("says when nobody reads it any more", async () => {
    const gone = Object.assign(new Error("write EPIPE"), { code: "EPIPE" });
    const out = createOutput(new Writable({ write: (_, __, done) => done(gone) }));
    await out.write("a");
    await expect(out.flush()).rejects.toBeInstanceOf(PipeClosed);
    await expect(out.flush()).rejects.toBeInstanceOf(PipeClosed);
  });
});

describe("the progress bar", () => {
  it("is not there where there is no terminal", () => {
    const { texts, write } = collector();
    let now = 0;
    const progress = createProgress({ write }, () => now);
    now = 5000;
    progress.add("a.snap", 1, 2);
    progress.hide();
    expect(texts).toEqual([]);
  });

  it("shows a part of the whole, within the terminal, and goes away", () => {
    const { texts, write } = collector();
    let now = 0;
    const progress = createProgress({ isTTY: true, columns: 60, write }, () => now);
    progress.add("a\u001b[2J.snap", 50, 200);
    expect(texts).toEqual([]);
    now = 1000;
    progress.add("a\u001b[2J.snap", 50, 200);
    expect(texts.join("")).toBe("\r\u001b[2Ka\\e[2J.snap  ████████████░░░░░░░░░░░░ 50 %  of 200 B");
    progress.hide();
    progress.hide();
    expect(texts.slice(1)).toEqual(["\r\u001b[2K"]);
  });
});
