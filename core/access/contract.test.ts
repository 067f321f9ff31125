import { describe, expect, it } from "vitest";
import { type Permission, permissions } from "#core/kernel/permission.ts";
import { evaluate, passwordSchema, type Role, roles, usernameSchema } from "./contract.ts";

/** Who may do what, written out by hand: viewer, operator, restorer, auditor, administrator. */
const table: Record<Permission, string> = {
  "cluster.read": "v o r u a",
  "cluster.manage": "        a",
  "snapshot.read": "v o r u a",
  "snapshot.values": "    r   a",
  "snapshot.take": "  o r   a",
  "snapshot.upload": "  o r   a",
  "snapshot.download": "    r   a",
  "snapshot.pin": "  o r   a",
  "snapshot.delete": "  o r   a",
  "restore.read": "v o r u a",
  "restore.run": "    r   a",
  "audit.read": "      u a",
  "secret.reveal": "    r   a",
};
const letters: Record<Role, string> = {
  viewer: "v",
  operator: "o",
  restorer: "r",
  auditor: "u",
  administrator: "a",
};

describe("what a role may do", () => {
  it("is pinned for every permission there is", () => {
    expect(Object.keys(table).sort()).toEqual([...permissions].sort());
  });

  it.each(roles)("%s holds exactly its column of the table", (role) => {
    for (const permission of permissions) {
      expect(evaluate(role, permission).allowed, permission).toBe(table[permission].includes(letters[role]));
    }
  });

  it.each(["none", "", "Administrator", "root", "__proto__", "constructor", "toString"])(
    "an unknown role (%j) holds nothing",
    (role) => {
      for (const permission of permissions)
        expect(evaluate(role, permission).allowed, permission).toBe(false);
    },
  );

  it("a refusal names every role that may", () => {
    expect(evaluate("viewer", "restore.run")).toEqual({
      allowed: false,
      reason: "Needs the role restorer or administrator",
    });
  });

  it("what needs no permission is open to whoever is signed in", () => {
    expect(evaluate("none", null)).toEqual({ allowed: true });
  });
});

describe("an account's name and password", () => {
  it.each(["ab", "a1._-x", "0x", "a".repeat(40), " trimmed "])("%j may be a name", (name) => {
    expect(usernameSchema.safeParse(name).success).toBe(true);
  });
  it.each(["", "a", "Admin", "a".repeat(41), ".a", "a b", "ä1", "a/b", "a@b"])("%j may not", (name) => {
    expect(usernameSchema.safeParse(name).success).toBe(false);
  });
  it("a password has 12 to 128 characters", () => {
    const lengths = [11, 12, 128, 129].map((length) => passwordSchema.safeParse("x".repeat(length)).success);
    expect(lengths).toEqual([false, true, true, false]);
  });
});
