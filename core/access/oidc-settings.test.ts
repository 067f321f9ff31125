import { describe, expect, it } from "vitest";
import { readEnv } from "#core/kernel/env.ts";
import { isAppError } from "#core/kernel/errors.ts";
import { readOidcSettings } from "./oidc-settings.ts";
import { groupsIn, nameFrom } from "./provider-claims.ts";

const base = { SNAPKEEP_OIDC_ISSUER: "https://acme.okta.com", SNAPKEEP_OIDC_CLIENT_ID: "snapkeep" };
const read = (more: Record<string, string> = {}) => readOidcSettings(readEnv({ ...base, ...more }));

function refusal(more: Record<string, string>): string {
  try {
    read(more);
    return "ok";
  } catch (error) {
    return isAppError(error) ? error.userMessage : String(error);
  }
}

describe("the identity provider's settings", () => {
  it("are none without an issuer", () => {
    expect(readOidcSettings(readEnv({}))).toBeNull();
  });

  it("stand for any provider with an issuer and a client alone, and then nobody has a role", () => {
    expect(read()).toEqual({
      issuer: "https://acme.okta.com",
      clientId: "snapkeep",
      clientSecret: null,
      name: "single sign-on",
      scopes: ["openid", "profile", "email"],
      groupsClaim: "groups",
      groupRoles: [],
      defaultRole: null,
      allowedDomains: [],
    });
  });

  it("read groups with roles, for all clusters, for one, and for a datacenter", () => {
    const roles = "sre-leads=administrator, cn=dba,ou=it=x=restorer@prod-us/dc1, sre=operator@prod-eu";
    const settings = read({ SNAPKEEP_OIDC_ROLES: roles.replace(",ou", ";ou") });
    expect(settings?.groupRoles).toEqual([
      { group: "sre-leads", role: "administrator", cluster: null, datacenter: null },
      { group: "cn=dba;ou=it=x", role: "restorer", cluster: "prod-us", datacenter: "dc1" },
      { group: "sre", role: "operator", cluster: "prod-eu", datacenter: null },
    ]);
  });

  it.each([
    [{ SNAPKEEP_OIDC_ISSUER: "http://okta.example" }, "SNAPKEEP_OIDC_ISSUER must be an https address."],
    [{ SNAPKEEP_OIDC_ISSUER: "okta" }, "SNAPKEEP_OIDC_ISSUER must be an https address."],
    [{ SNAPKEEP_OIDC_ROLES: "sre" }, "SNAPKEEP_OIDC_ROLES doesn't read as group=role: sre."],
    [
      { SNAPKEEP_OIDC_ROLES: "sre=operator@" },
      "SNAPKEEP_OIDC_ROLES doesn't read as group=role: sre=operator@.",
    ],
    [{ SNAPKEEP_OIDC_ROLES: "sre=root" }, /SNAPKEEP_OIDC_ROLES knows no role "root"; there are viewer/],
    [{ SNAPKEEP_OIDC_DEFAULT_ROLE: "Viewer" }, /SNAPKEEP_OIDC_DEFAULT_ROLE knows no role/],
    [
      { SNAPKEEP_OIDC_CLIENT_SECRET_FILE: "/nowhere/at/all" },
      /SNAPKEEP_OIDC_CLIENT_SECRET_FILE can't be read/,
    ],
  ])("%j is refused at the start, by the variable's name", (more, words) => {
    expect(refusal(more)).toMatch(words);
  });
});

describe("what the provider says of a person", () => {
  it("gives groups as a list, as one text, and from deeper down; anything else is none", () => {
    expect(groupsIn({ groups: ["a", 1, null, "b"] }, "groups")).toEqual(["a", "b"]);
    expect(groupsIn({ groups: "a" }, "groups")).toEqual(["a"]);
    expect(groupsIn({ realm_access: { roles: ["a"] } }, "realm_access.roles")).toEqual(["a"]);
    for (const claims of [{}, { groups: { a: true } }, { groups: 1 }])
      expect(groupsIn(claims, "groups")).toEqual([]);
    expect(groupsIn({}, "constructor.name")).toEqual([]);
  });

  it("gives a name that no local account can have", () => {
    const issuer = "https://acme.okta.com";
    const email = "grace@acme.example";
    expect(nameFrom({ sub: "1", email, email_verified: true, preferred_username: "g" }, issuer)).toBe(email);
    expect(nameFrom({ sub: "1", email, preferred_username: "ada" }, issuer)).toBe("ada@acme.okta.com");
    expect(nameFrom({ sub: "0012" }, issuer)).toBe("0012@acme.okta.com");
    expect(nameFrom({ sub: "1", preferred_username: "a\u202e<b>\n" }, issuer)).toBe("a__b_@acme.okta.com");
  });
});
