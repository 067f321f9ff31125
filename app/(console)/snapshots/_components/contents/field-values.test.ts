import { describe, expect, it } from "vitest";
import { bytesOf, cutBytesOf, fieldAt, isRedacted, momentAt, namesAt, textAt } from "./field-values.ts";

const fields = {
  Service: { Port: 8080, Tags: ["a", "b"], Meta: null },
  Policies: [
    { ID: "1", Name: "read" },
    { ID: "2", Name: "" },
  ],
  SecretID: { redacted: true, bytes: 36, fingerprint: "ab12" },
  Hash: { base64: "AAA=" },
  Large: { cut: true, bytes: 70_000 },
  Expires: "0001-01-01T00:00:00Z",
  Created: "2026-11-22T17:11:45.405947551Z",
};

describe("a field", () => {
  it("is found by its path, and missing where anything on the way is", () => {
    expect(textAt(fields, "Service", "Port")).toBe("8080");
    expect(fieldAt(fields, "Service", "Meta", "x")).toBeUndefined();
    expect(fieldAt(fields, "constructor", "name")).toBeUndefined();
  });

  it("gives names of texts and of links", () => {
    expect(namesAt(fields, "Service", "Tags")).toEqual(["a", "b"]);
    expect(namesAt(fields, "Policies")).toEqual(["read", "2"]);
    expect(namesAt(fields, "Nothing")).toEqual([]);
  });

  it("is told from a secret, from bytes and from what was cut", () => {
    expect(isRedacted(fields.SecretID)).toBe(true);
    expect(isRedacted({ redacted: true })).toBe(false);
    expect(bytesOf(fields.Hash)).toBe("AAA=");
    expect(bytesOf({ base64: "x", more: 1 })).toBeNull();
    expect(cutBytesOf(fields.Large)).toBe(70_000);
  });

  it("is no moment where Go's time was never set", () => {
    expect(momentAt(fields, "Expires")).toBeNull();
    expect(momentAt(fields, "Created")).toBe(fields.Created);
  });
});
