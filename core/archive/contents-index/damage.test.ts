import { describe, expect, it } from "vitest";
import { ContentsIndexError } from "./errors.ts";
import { kvRecord, makeIndex, otherRecord, sourceOf } from "./index-for-tests.ts";
import { openContentsIndex } from "./open.ts";

const small = makeIndex([
  ...Array.from({ length: 30 }, (_, i) => kvRecord(`app/${i % 3}/${String(i).padStart(2, "0")}`)).sort(
    (a, b) => Buffer.compare(a.key, b.key),
  ),
  kvRecord("app/0/00"),
  otherRecord("session", "s1", { Name: "lock", LockDelay: 2n ** 60n }),
  otherRecord("acl-token", "t1", { AccessorID: "t1", SecretID: "very secret" }),
]);

/** Everything an index can be asked, in one text. */
async function answers(bytes: Uint8Array): Promise<string> {
  const index = await openContentsIndex(sourceOf(bytes));
  const scanned: unknown[] = [];
  for await (const entries of index.kv.scan()) scanned.push(...entries);
  const all = [
    index.facts,
    index.kinds(),
    scanned,
    await index.kv.children("app/", { limit: 10 }),
    await index.kv.search({ pattern: "*1", limit: 100 }),
    await index.kv.find("app/0/00"),
    await index.records("session", { limit: 10 }),
    await index.records("acl-token", { limit: 10, filter: "t1" }),
  ];
  return JSON.stringify(all, (_, value) => (typeof value === "bigint" ? `${value}n` : value));
}

/** The same answers, or a typed error; anything else fails the test. */
async function isRefusedOrSame(bytes: Uint8Array, whole: string): Promise<"refused" | "same"> {
  try {
    expect(await answers(bytes)).toBe(whole);
    return "same";
  } catch (error) {
    expect(error).toBeInstanceOf(ContentsIndexError);
    return "refused";
  }
}

describe("a damaged index", () => {
  it("with any byte changed is refused, or answers the same", async () => {
    const whole = await answers(small);
    let same = 0;
    for (let at = 0; at < small.length; at += 1) {
      for (const change of [0x01, 0x80, 0xff]) {
        const broken = Uint8Array.from(small);
        broken[at] = (broken[at] ?? 0) ^ change;
        if ((await isRefusedOrSame(broken, whole)) === "same") same += 1;
      }
    }
    // Only the magic at the beginning and the unused bytes of the footer are under no checksum that is looked at.
    expect(same).toBeLessThanOrEqual(3 * 16);
  });

  it("cut anywhere, or with anything after it, is refused", async () => {
    const whole = await answers(small);
    for (let length = 0; length < small.length; length += 1) {
      expect(await isRefusedOrSame(small.subarray(0, length), whole)).toBe("refused");
    }
    for (const more of ["x", "\0".repeat(80)]) {
      expect(await isRefusedOrSame(Buffer.concat([small, Buffer.from(more)]), whole)).toBe("refused");
    }
  });

  it("with two blocks exchanged is refused", async () => {
    const whole = await answers(small);
    for (let at = 8; at + 20 < small.length - 80; at += 7) {
      const broken = Uint8Array.from(small);
      broken.copyWithin(at, at + 10, at + 20);
      await isRefusedOrSame(broken, whole);
    }
  });

  it("says when it is no index at all, and when a source gives less than it said", async () => {
    const foreign = sourceOf(new Uint8Array(1000).fill(7));
    await expect(openContentsIndex(foreign)).rejects.toMatchObject({ code: "NOT_AN_INDEX" });
    const short = { bytes: small.length, read: async () => new Uint8Array(3) };
    await expect(openContentsIndex(short)).rejects.toMatchObject({ code: "CUT" });
  });

  it("lets a fault of the source pass unchanged", async () => {
    const fault = new Error("EIO");
    const failing = { bytes: small.length, read: () => Promise.reject(fault) };
    await expect(openContentsIndex(failing)).rejects.toBe(fault);
  });
});
