import { describe, expect, it } from "vitest";
import type { PersonView } from "#core/access/contract.ts";
import { isWeaklyGuarded, refusals, secondFactorWords, waysWords } from "./person-words.ts";

const local = { password: true, code: false, passkeys: 0, provider: null };

function person(given: Partial<PersonView>): PersonView {
  return {
    id: "u-1",
    name: "sam",
    grants: [],
    grantsFrom: "console",
    role: "viewer",
    breakGlass: false,
    disabledAt: null,
    lastSignInAt: null,
    createdAt: "2026-01-01T00:00:00.000Z",
    ways: local,
    mustChangePassword: false,
    sessions: 0,
    tokens: 0,
    you: false,
    keptBecause: null,
    ...given,
  };
}

describe("waysWords", () => {
  it("names every way in", () => {
    expect(waysWords({ ...local, passkeys: 2 })).toBe("password, 2 passkeys");
    expect(waysWords({ ...local, password: false, provider: "Okta" })).toBe("Okta");
    expect(waysWords({ ...local, password: false })).toBe("nothing");
  });
});

describe("secondFactorWords", () => {
  it("does not take a passkey beside a password for a second factor of the password", () => {
    expect(secondFactorWords({ ...local, passkeys: 1 })).toBeNull();
    expect(secondFactorWords({ ...local, code: true })).toBe("authenticator app");
  });
});

describe("isWeaklyGuarded", () => {
  it("is loud about an administrator with a password alone, and about nobody else", () => {
    expect(isWeaklyGuarded(person({ role: "administrator" }))).toBe(true);
    expect(isWeaklyGuarded(person({ role: "operator" }))).toBe(false);
    expect(isWeaklyGuarded(person({ role: "administrator", ways: { ...local, code: true } }))).toBe(false);
  });
});

describe("refusals", () => {
  it("keeps the last administrator, with the server's reason", () => {
    const kept = refusals(person({ keptBecause: "This is the last administrator." }));
    expect(kept.disable).toBe("This is the last administrator.");
    expect(kept.remove).toBe("This is the last administrator.");
    expect(kept.roles).toBeNull();
  });

  it("offers no password for somebody who signs in elsewhere", () => {
    const elsewhere = refusals(person({ ways: { ...local, password: false, provider: "Okta" } }));
    expect(elsewhere.password).toBe("Their account is at Okta");
    expect(elsewhere.roles).toBe("Roles come from their groups at Okta");
  });
});
