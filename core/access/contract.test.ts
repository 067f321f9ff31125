import { describe, expect, it } from "vitest";
import { everywhere, type Grant, type Permission, permissions } from "#core/kernel/permission.ts";
import {
  evaluate,
  isWithin,
  passwordSchema,
  type Role,
  reachOf,
  roles,
  strongestRole,
  touches,
  usernameSchema,
} from "./contract.ts";

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
  "restore.approve": "    r   a",
  "drill.run": "  o r   a",
  "audit.read": "      u a",
  "audit.manage": "        a",
  "secret.reveal": "    r   a",
  "token.make": "v o r u a",
  "access.manage": "        a",
};
const letters: Record<Role, string> = {
  viewer: "v",
  operator: "o",
  restorer: "r",
  auditor: "u",
  administrator: "a",
};
const grant = (role: string, clusterId: string | null = null, datacenter: string | null = null): Grant => ({
  role,
  clusterId,
  datacenter,
});
const place = (clusterId: string | null, datacenter: string | null = null) => ({ clusterId, datacenter });

describe("what a role may do", () => {
  it("is pinned for every permission there is", () => {
    expect(Object.keys(table).sort()).toEqual([...permissions].sort());
  });

  it.each(roles)("%s holds exactly its column of the table", (role) => {
    for (const permission of permissions) {
      const verdict = evaluate({ grants: [grant(role)] }, permission, [everywhere]);
      expect(verdict.allowed, permission).toBe(table[permission].includes(letters[role]));
    }
  });

  it.each(["none", "", "Administrator", "root", "__proto__", "constructor", "toString"])(
    "an unknown role (%j) holds nothing",
    (role) => {
      for (const permission of permissions)
        expect(evaluate({ grants: [grant(role)] }, permission).allowed, permission).toBe(false);
    },
  );

  it("an unknown permission is refused to everybody", () => {
    const unknown = "snapshot.burn" as Permission;
    expect(evaluate({ grants: [grant("administrator")] }, unknown).allowed).toBe(false);
  });

  it("a refusal names every role that may", () => {
    expect(evaluate({ grants: [grant("viewer")] }, "restore.run")).toEqual({
      allowed: false,
      reason: "Needs the role restorer or administrator",
    });
  });

  it("what needs no permission is open to whoever is signed in", () => {
    expect(evaluate({ grants: [] }, null)).toEqual({ allowed: true });
  });
});

describe("where a role reaches", () => {
  const inA = { grants: [grant("operator", "c-a"), grant("viewer", "c-b", "dc2")] };

  it.each([
    ["its cluster", place("c-a"), true],
    ["a datacenter of it", place("c-a", "dc1"), true],
    ["another cluster", place("c-b"), false],
    ["the datacenter of the other that it may only look at", place("c-b", "dc2"), false],
    ["what belongs to no cluster", everywhere, false],
  ])("to take: %s is %j: %s", (_words, where, allowed) => {
    expect(evaluate(inA, "snapshot.take", [where]).allowed).toBe(allowed);
  });

  it("for one datacenter is not for its cluster, but its cluster's name is seen", () => {
    const grants = [grant("administrator", "c-b", "dc2")];
    expect(evaluate({ grants }, "cluster.manage", [place("c-b", "dc2")]).allowed).toBe(true);
    expect(evaluate({ grants }, "cluster.manage", [place("c-b")])).toEqual({
      allowed: false,
      reason: "Needs the role administrator for the whole cluster",
    });
    const reach = reachOf({ grants }, "cluster.read");
    expect(
      [place("c-b"), place("c-b", "dc2"), place("c-b", "dc1"), place("c-a")].map((one) =>
        touches(reach, one),
      ),
    ).toEqual([true, true, false, false]);
  });

  it("has to cover each place that an act touches", () => {
    const grants = [grant("restorer", "c-a")];
    expect(evaluate({ grants }, "restore.run", [place("c-a", "dc1"), place("c-b", "dc1")]).allowed).toBe(
      false,
    );
    expect(
      evaluate({ grants: [...grants, grant("restorer", "c-b")] }, "restore.run", [
        place("c-a", "dc1"),
        place("c-b", "dc1"),
      ]).allowed,
    ).toBe(true);
  });

  it("for lists is everywhere, or the places of the grants that hold the permission", () => {
    expect(reachOf({ grants: [grant("viewer")] }, "snapshot.read")).toBeNull();
    expect(reachOf(inA, "snapshot.read")).toEqual([place("c-a"), place("c-b", "dc2")]);
    expect(reachOf(inA, "snapshot.take")).toEqual([place("c-a")]);
    expect(reachOf({ grants: [] }, "snapshot.read")).toEqual([]);
  });
});

describe("a token's rights", () => {
  it("are what lies in both its own and its maker's", () => {
    const rights = {
      grants: [grant("operator")],
      within: [grant("administrator", "c-a"), grant("viewer", "c-b")],
    };
    expect(reachOf(rights, "snapshot.take")).toEqual([place("c-a")]);
    expect(evaluate(rights, "snapshot.take", [place("c-a", "dc1")]).allowed).toBe(true);
    expect(evaluate(rights, "snapshot.take", [place("c-b", "dc1")]).allowed).toBe(false);
    expect(evaluate(rights, "restore.run", [place("c-a", "dc1")]).allowed).toBe(false);
  });

  it("are nothing once the maker holds nothing", () => {
    const rights = { grants: [grant("administrator")], within: [] };
    for (const permission of permissions) expect(evaluate(rights, permission).allowed).toBe(false);
    expect(reachOf(rights, "snapshot.read")).toEqual([]);
  });

  it.each([
    [[grant("viewer")], [grant("operator")], true],
    [[grant("operator")], [grant("operator", "c-a")], false],
    [[grant("operator", "c-a", "dc1")], [grant("operator", "c-a")], true],
    [[grant("auditor")], [grant("restorer")], false],
    [[grant("restorer", "c-a")], [grant("operator"), grant("restorer", "c-a")], true],
  ])("%j within %j: %s", (inner, outer, within) => {
    expect(isWithin(inner, outer)).toBe(within);
  });
});

it("the strongest role is the name tag", () => {
  expect(strongestRole([grant("viewer"), grant("restorer", "c-a")])).toBe("restorer");
  expect(strongestRole([grant("root")])).toBe("none");
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
