import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ContentsIndexError } from "./errors.ts";
import { kvRecord, makeIndex, otherRecord, sourceOf } from "./index-for-tests.ts";
import { decodeKvBlock } from "./kv-block.ts";
import { KvBlockEncoder } from "./kv-block-encoder.ts";
import { encodeFooter, readTail } from "./layout.ts";
import { openContentsIndex } from "./open.ts";

// Checksums keep damage out, so these change bytes where no checksum sees it: what is written by somebody else may
// give wrong answers, but must not crash, hang, or take much memory.

const whole = makeIndex([
  ...Array.from({ length: 600 }, (_, i) =>
    kvRecord(`k/${String(i).padStart(4, "0")}`, { flags: BigInt(i % 3) }),
  ),
  kvRecord("early", { session: "s", lockIndex: 4, createIndex: 2 ** 60 }),
  otherRecord("session", "s", { ID: "s" }),
]);

const changes = fc.array(
  fc.record({ at: fc.nat(), to: fc.oneof(fc.constantFrom(0, 1, 0x7f, 0x80, 0xff), fc.nat(255)) }),
  { minLength: 1, maxLength: 4 },
);

function change(bytes: Uint8Array, list: readonly { at: number; to: number }[]): Buffer {
  const changed = Buffer.from(bytes);
  for (const { at, to } of list) changed[at % changed.length] = to;
  return changed;
}

/** Whatever comes out, nothing but a ContentsIndexError may be thrown. */
async function askEverything(bytes: Uint8Array): Promise<void> {
  try {
    const index = await openContentsIndex(sourceOf(bytes));
    for await (const entries of index.kv.scan()) expect(entries.length).toBeLessThanOrEqual(256);
    let after: string | undefined;
    for (let pages = 0; pages < 5; pages += 1) {
      const page = await index.kv.children("k/", { limit: 7, after });
      if (page.next === null) break;
      after = page.next;
    }
    await index.kv.search({ pattern: "*0*", limit: 50 });
    await index.kv.find("k/0300");
    await index.records("session", { limit: 10, filter: "s" });
  } catch (error) {
    expect(error).toBeInstanceOf(ContentsIndexError);
  }
}

describe("a forged index", () => {
  it("with a changed directory gives an answer or a typed error", async () => {
    const { raw, position } = await readTail(sourceOf(whole));
    await fc.assert(
      fc.asyncProperty(changes, async (list) => {
        const tail = change(raw, list);
        const stored = deflateRawSync(tail);
        const footer = encodeFooter(position, stored, tail.length);
        await askEverything(Buffer.concat([whole.subarray(0, position), stored, footer]));
      }),
      { numRuns: 400 },
    );
  });

  it("with a changed block gives an answer or a typed error", () => {
    const encoder = new KvBlockEncoder();
    for (let i = 0; i < 200; i += 1) {
      const more = { flags: BigInt(i), session: i % 9 === 0 ? "sé" : "", offset: i * 3 };
      encoder.add(kvRecord(`k/${String(i).padStart(4, "0")}`, more), i % 10 === 0 ? 4 : 5);
    }
    const raw = Buffer.from(encoder.take());
    fc.assert(
      fc.property(changes, (list) => {
        try {
          const block = decodeKvBlock(change(raw, list));
          for (let i = 0; i < block.count; i += 1) block.numbers(i);
          expect(block.rank(Buffer.from("k/0100"))).toBeLessThanOrEqual(block.count);
        } catch (error) {
          expect(error).toBeInstanceOf(ContentsIndexError);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it("that inflates to more than it says is refused", async () => {
    const { position } = await readTail(sourceOf(whole));
    const bomb = deflateRawSync(Buffer.alloc(64 * 1024 * 1024));
    for (const says of [100, 2 ** 40]) {
      const bytes = Buffer.concat([whole.subarray(0, position), bomb, encodeFooter(position, bomb, says)]);
      await expect(openContentsIndex(sourceOf(bytes))).rejects.toBeInstanceOf(ContentsIndexError);
    }
  });
});
