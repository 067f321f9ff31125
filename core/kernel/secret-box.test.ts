import { describe, expect, it } from "vitest";
import { isAppError } from "./errors.ts";
import { createSecretBox } from "./secret-box.ts";

const key = "a-master-key-of-at-least-32-characters";
const box = createSecretBox(key);
const context = "cluster:c-1:token";

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (isAppError(error)) return `${error.code}: ${error.userMessage}`;
    throw error;
  }
  return "opened";
}
const doesNotOpen = /^internal: A stored secret does not open with this key/;

describe("a sealed secret", () => {
  it.each(["", "s3cr3t", "schlüssel 🔑", "x".repeat(100_000)])("opens to what was sealed", (plain) => {
    expect(box.open(box.seal(plain, context), context)).toBe(plain);
  });

  it("opens in another process that has the same key", () => {
    expect(createSecretBox(key).open(box.seal("s3cr3t", context), context)).toBe("s3cr3t");
  });

  it("doesn't hold its text, and two of the same text differ", () => {
    const [first, second] = [box.seal("s3cr3t", context), box.seal("s3cr3t", context)];
    expect(first).not.toBe(second);
    const bytes = Buffer.from(first.slice(3), "base64url");
    expect(bytes.includes("s3cr3t")).toBe(false);
  });

  it("doesn't open with another key", () => {
    const other = createSecretBox(`${key}.`);
    expect(refusal(() => other.open(box.seal("s3cr3t", context), context))).toMatch(doesNotOpen);
  });

  it("doesn't open in another row", () => {
    const sealed = box.seal("s3cr3t", context);
    for (const elsewhere of ["cluster:c-2:token", "cluster:c-1:clientKey", ""]) {
      expect(refusal(() => box.open(sealed, elsewhere))).toMatch(doesNotOpen);
    }
  });

  it("doesn't open with any one bit of it turned over, nor cut short, nor under another version", () => {
    const sealed = box.seal("s3cr3t", context);
    const bytes = Buffer.from(sealed.slice(3), "base64url");
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      const at = bit >> 3;
      changed[at] = (changed[at] ?? 0) ^ (1 << (bit & 7));
      expect(refusal(() => box.open(`v1.${changed.toString("base64url")}`, context))).toMatch(doesNotOpen);
    }
    for (let length = 0; length < bytes.length; length += 1) {
      const cut = bytes.subarray(0, length).toString("base64url");
      expect(refusal(() => box.open(`v1.${cut}`, context))).toMatch(doesNotOpen);
    }
    expect(refusal(() => box.open(`v2.${sealed.slice(3)}`, context))).toMatch(doesNotOpen);
  });
});

describe("a signature", () => {
  it("depends on the key, the purpose and the text", () => {
    const signature = box.sign("ticket", "t-1");
    expect(signature).toMatch(/^[0-9a-f]{64}$/);
    expect(box.sign("ticket", "t-1")).toBe(signature);
    const others = [
      box.sign("ticket", "t-2"),
      box.sign("auth", "t-1"),
      createSecretBox(`${key}.`).sign("ticket", "t-1"),
    ];
    expect(new Set([signature, ...others]).size).toBe(4);
  });
});
