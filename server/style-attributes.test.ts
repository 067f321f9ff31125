import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRenamer } from "./style-attributes.ts";

const renamed = (pieces: string[]): string => {
  const renamer = createRenamer();
  const done = pieces.map((piece) => renamer.chunk(Buffer.from(piece)));
  return Buffer.concat([...done, renamer.rest()]).toString();
};

describe("style attributes", () => {
  it("leave under a name of the same length", () => {
    const page = '<div style="--a:1"><p class="x" style="color:red">a style="b"</p></div>';
    expect(renamed([page])).toBe('<div cssom="--a:1"><p class="x" cssom="color:red">a cssom="b"</p></div>');
  });

  it("in escaped text and in data of scripts stay as they are", () => {
    const page = '<p>a style=&quot;b&quot;</p><script>push("{ style=\\"x\\" }")</script><style>a{}</style>';
    expect(renamed([page])).toBe(page);
  });

  it("are found wherever the pieces are cut", () => {
    const word = fc.constantFrom(' style="', " style", 'style="', " ", "é", "<b>", ' style="x" style="');
    fc.assert(
      fc.property(fc.array(word), fc.array(fc.nat(60)), (words, cuts) => {
        const text = Buffer.from(words.join(""));
        const places = [...new Set(cuts.map((cut) => Math.min(cut, text.length)))].sort((a, b) => a - b);
        const renamer = createRenamer();
        const out: Buffer[] = [];
        let from = 0;
        for (const to of [...places, text.length]) {
          out.push(Buffer.from(renamer.chunk(Buffer.from(text.subarray(from, to)))));
          from = to;
        }
        out.push(renamer.rest());
        expect(Buffer.concat(out).toString()).toBe(text.toString().replaceAll(' style="', ' cssom="'));
      }),
    );
  });
});
