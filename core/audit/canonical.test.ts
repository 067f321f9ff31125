import { createHash, createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { plausibleRows } from "#core/testing/audit-log.ts";
import { canonicalOf, chainHash, createSeals, hashedColumns, storable, toFields } from "./canonical.ts";
import { firstPreviousHash } from "./contract.ts";

const [row] = plausibleRows(1, Date.UTC(2026, 0, 1));

describe("the canonical form", () => {
  it("is one JSON array: its version, then every field in the order that never changes", () => {
    if (row === undefined) throw new Error("no row");
    const read: unknown = JSON.parse(canonicalOf(toFields(row)));
    expect(read).toEqual(["snapkeep-audit-1", ...hashedColumns.map((column) => row[column])]);
    expect(hashedColumns.join(" ")).toBe(
      "entry at actorKind actorId actorName role signedInWith address userAgent door action target targetId snapshotId clusterId datacenter reason outcome detail changesJson requestId correlationId",
    );
  });
});

describe("the hash and the seals", () => {
  it("can be made again with nothing but SHA-256, HMAC and this sentence", () => {
    const canonical = '["snapkeep-audit-1",1,"ключ"]';
    const hash = createHash("sha256").update(`${firstPreviousHash}\n${canonical}`, "utf8").digest("hex");
    expect(chainHash(firstPreviousHash, canonical)).toBe(hash);
    const seal = createHmac("sha256", "key").update(`entry\n1\n${hash}`).digest("hex");
    expect(createSeals("key").row(1, hash)).toBe(seal);
  });

  it("differ by purpose: no seal passes for one of another kind", () => {
    const seals = createSeals("key");
    expect(seals.row(1, "a")).not.toBe(seals.head(1, "a"));
    expect(seals.row(11, "a")).not.toBe(seals.row(1, "1a"));
  });
});

it("a text that UTF-8 can't hold is stored as what will be read back", () => {
  expect(storable("a \ud800 b \udc00")).toBe("a \ufffd b \ufffd");
  expect(storable("\u{1f511} ключ")).toBe("\u{1f511} ключ");
});
