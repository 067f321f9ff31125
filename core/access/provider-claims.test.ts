import { describe, expect, it } from "vitest";
import { groupsIn, isAllowedDomain } from "./provider-claims.ts";

describe("an allowed e-mail domain", () => {
  const allows = (email: unknown, verified: unknown = true) =>
    isAllowedDomain({ email, email_verified: verified }, ["example.com"]);

  it("is that of a verified address", () => {
    expect(allows("ada@example.com")).toBe(true);
    expect(allows("ada@EXAMPLE.com", "true")).toBe(true);
    expect(allows("ada@example.com", false)).toBe(false);
    expect(allows("ada@example.com", 1)).toBe(false);
  });

  it.each([
    "mallory@evil.example@example.com",
    '"mallory@evil.example"@example.com',
    "mallory@evil.example\n@example.com",
    "mallory@evil.example @example.com",
    "mallory@sub.example.com",
    "mallory@example.com.evil.example",
    "@example.com",
    "example.com",
    ["ada@example.com"],
    null,
  ])("isn't that of %j", (email) => {
    expect(allows(email)).toBe(false);
  });
});

it("groups of odd types grant nothing", () => {
  for (const groups of [null, 7, { sre: true }, [["sre"]], [{ name: "sre" }], true])
    expect(groupsIn({ groups }, "groups")).toEqual([]);
  expect(groupsIn({}, "constructor")).toEqual([]);
  expect(groupsIn({ realm_access: { roles: ["sre", 1] } }, "realm_access.roles")).toEqual(["sre"]);
});
