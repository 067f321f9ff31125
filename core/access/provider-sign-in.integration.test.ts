import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  address,
  browserAfter,
  everywhere,
  openAccess,
  password,
  type TestAccess,
  verdict,
} from "#core/testing/access-room.ts";
import { createOidcBrowser } from "#core/testing/oidc-browser.ts";
import { type OidcProvider, oidcClient, oidcPeople, startOidcProvider } from "#core/testing/oidc-provider.ts";
import { callbackPath } from "./auth.ts";
import type { OidcSettings } from "./oidc-settings.ts";
import type { AccessService } from "./service.ts";

const baseUrl = "http://127.0.0.1:8680";
const backTo = `${baseUrl}${callbackPath}`;
let okta: OidcProvider;
let room: TestAccess;

const settings = (more: Partial<OidcSettings> = {}): OidcSettings => ({
  issuer: okta.issuer,
  clientId: oidcClient.id,
  clientSecret: oidcClient.secret,
  name: "Okta",
  scopes: ["openid", "profile", "email"],
  groupsClaim: "groups",
  groupRoles: [
    { group: "sre-leads", role: "administrator", cluster: null, datacenter: null },
    { group: "sre", role: "operator", cluster: null, datacenter: null },
    { group: "dba", role: "restorer", cluster: "prod-us", datacenter: "dc1" },
    { group: "ghosts", role: "restorer", cluster: "gone", datacenter: null },
  ],
  defaultRole: null,
  allowedDomains: ["acme.example"],
  ...more,
});
const findCluster = async (name: string) => (name === "prod-us" ? "c-prod" : null);

beforeAll(async () => {
  okta = await startOidcProvider([backTo]);
});
afterAll(() => okta?.remove());
beforeEach(async () => {
  Object.assign(okta.people, oidcPeople());
  room = await openAccess({ baseUrl, oidc: settings(), findCluster });
});
afterEach(() => room.remove());

async function away(access: AccessService = room.access, next = "/snapshots?state=failed") {
  const begun = await access.provider?.begin(next, new Headers());
  if (begun === undefined) throw new Error("There is no provider.");
  return { url: begun.url, browser: browserAfter(begun) };
}

/** All the way to the provider, and what it sends back. */
async function roundTrip(login: string, access?: AccessService) {
  const { url, browser } = await away(access);
  const back = await createOidcBrowser().signIn(url, login, backTo);
  return { browser, query: back.search.slice(1) };
}

async function finish(query: string, browser: Headers, access: AccessService = room.access) {
  const outcome = await access.provider?.finish(query, browser, address);
  if (outcome === undefined) throw new Error("There is no provider.");
  return outcome;
}

async function signIn(login: string, access?: AccessService) {
  const { browser, query } = await roundTrip(login, access);
  return finish(query, browser, access);
}

async function signedIn(login: string) {
  const outcome = await signIn(login);
  if (!("caller" in outcome)) throw new Error(`Refused: ${outcome.problem}`);
  return outcome;
}
const nobodyCameIn = async () => {
  expect(await room.db.prisma.session.count()).toBe(0);
};

describe("signing in with the identity provider", () => {
  it("asks for a code with PKCE, a state and a nonce, and for nothing in the browser's own hands", async () => {
    const { url } = await away();
    const asked = new URL(url).searchParams;
    expect(Object.fromEntries(asked)).toMatchObject({
      response_type: "code",
      client_id: oidcClient.id,
      code_challenge_method: "S256",
      redirect_uri: backTo,
    });
    expect(asked.get("code_challenge")).toMatch(/^[\w-]{43}$/);
    expect(asked.get("state")?.length).toBeGreaterThanOrEqual(32);
    expect(asked.get("nonce")?.length).toBeGreaterThanOrEqual(32);
    expect(asked.get("scope")?.split(" ").sort()).toEqual(["email", "openid", "profile"]);
  });

  it("gives a session with the roles of the groups, and goes on to the page that was asked for", async () => {
    const { caller, next, setCookies } = await signedIn("grace");
    expect(caller).toMatchObject({
      name: "grace@acme.example",
      role: "administrator",
      grants: [everywhere("administrator")],
      signedInWith: "Okta",
    });
    expect(next).toBe("/snapshots?state=failed");
    expect(await room.access.authenticate(browserAfter({ setCookies }))).toEqual(caller);
    const [person] = await room.access.people.list(null);
    expect(person).toMatchObject({
      grantsFrom: "group sre-leads",
      ways: { password: false, provider: "Okta" },
      lastSignInAt: expect.stringMatching(/Z$/),
    });
    expect((await room.db.prisma.session.findFirst())?.ipAddress).toBe(address);
  });

  it("keeps no token of the provider, in no column", async () => {
    await signedIn("grace");
    const [account] = await room.db.prisma.account.findMany();
    expect(account).toMatchObject({ accessToken: null, refreshToken: null, idToken: null, password: null });
    expect(account?.accountId).toBe(`${okta.issuer} sub-of-grace`);
  });

  it("is one person however often, with the roles of the groups of that day", async () => {
    const first = await signedIn("linus");
    expect(first.caller.grants).toEqual([everywhere("operator")]);
    Object.assign(okta.people.linus ?? {}, { groups: ["dba", "ghosts", "sre"] });
    const second = await signedIn("linus");
    expect(second.caller.userId).toBe(first.caller.userId);
    expect(second.caller.grants).toEqual([
      everywhere("operator"),
      { role: "restorer", clusterId: "c-prod", datacenter: "dc1" },
    ]);
    // The earlier session holds no more and no less than the new one.
    const earlier = await room.access.authenticate(browserAfter(first));
    expect(earlier?.grants).toEqual(second.caller.grants);
    expect(await room.db.prisma.user.count()).toBe(1);
  });

  it("follows a new e-mail address by the subject, and is never joined to a local account of that name", async () => {
    const ada = await room.addPerson("grace", "viewer");
    const first = await signedIn("grace");
    expect(first.caller.userId).not.toBe(ada);
    expect(first.caller.name).toContain("@");
    Object.assign(okta.people.grace ?? {}, { email: "hopper@acme.example" });
    const second = await signedIn("grace");
    expect(second.caller).toMatchObject({ userId: first.caller.userId, name: "hopper@acme.example" });
    // Somebody else who takes over the address is somebody else.
    Object.assign(okta.people.linus ?? {}, { email: "grace@acme.example" });
    expect((await signedIn("linus")).caller.userId).not.toBe(first.caller.userId);
  });
});

describe("the identity provider's people are refused", () => {
  it("when no group of theirs has a role, without an account made for them", async () => {
    expect(await signIn("mallory")).toMatchObject({ problem: "groups", who: "mallory@acme.example" });
    expect(await room.db.prisma.user.count()).toBe(0);
    await nobodyCameIn();
  });

  it("when their only group stands for a cluster that is not there any more", async () => {
    Object.assign(okta.people.mallory ?? {}, { groups: ["ghosts"] });
    expect(await signIn("mallory")).toMatchObject({ problem: "groups" });
  });

  it("once their groups are gone, and unless a default role takes them in", async () => {
    await signedIn("linus");
    Object.assign(okta.people.linus ?? {}, { groups: [] });
    expect(await signIn("linus")).toMatchObject({ problem: "groups" });
    const lenient = room.build({ oidc: settings({ defaultRole: "viewer" }) });
    expect(await signIn("linus", lenient)).toMatchObject({ caller: { grants: [everywhere("viewer")] } });
  });

  it.each([
    ["groups", { groups: [] }],
    ["domain", { email: "linus@elsewhere.example" }],
  ])(
    "and keep nothing of an earlier sign-in: no session, and no rights for their API tokens (%s)",
    async (problem, change) => {
      const { caller, setCookies } = await signedIn("linus");
      const other = await signedIn("grace");
      expect(await room.access.grantsOfPerson(caller.userId)).toEqual([everywhere("operator")]);
      Object.assign(okta.people.linus ?? {}, change);
      expect(await signIn("linus")).toMatchObject({ problem });
      expect(await room.access.authenticate(browserAfter({ setCookies }))).toBeNull();
      expect(await room.access.grantsOfPerson(caller.userId)).toEqual([]);
      // Nobody else loses anything, and their own next sign-in gives anew.
      expect(await room.access.authenticate(browserAfter(other))).toEqual(other.caller);
      Object.assign(okta.people, oidcPeople());
      expect((await signedIn("linus")).caller).toEqual({
        ...caller,
        sessionId: expect.not.stringContaining(caller.sessionId),
      });
    },
  );

  it("with an address of another domain, or one that nobody has verified", async () => {
    for (const change of [
      { email: "grace@elsewhere.example" },
      { email: "grace@acme.example.evil.example" },
      { email_verified: false },
    ]) {
      Object.assign(okta.people, oidcPeople());
      Object.assign(okta.people.grace ?? {}, change);
      expect(await signIn("grace"), JSON.stringify(change)).toMatchObject({ problem: "domain" });
    }
    await nobodyCameIn();
  });

  it("when they are disabled here", async () => {
    const { caller, setCookies } = await signedIn("grace");
    await room.addPerson("ada", "administrator");
    await room.db.transaction((tx) => room.access.people.disable(caller.userId, tx));
    expect(await room.access.authenticate(browserAfter({ setCookies }))).toBeNull();
    expect(await signIn("grace")).toMatchObject({ problem: "disabled" });
    await nobodyCameIn();
  });

  it("with a state of somebody else's making, of another browser, or none", async () => {
    const { browser, query } = await roundTrip("grace");
    const forged = new URLSearchParams(query);
    forged.set("state", "a".repeat(32));
    expect(await finish(forged.toString(), browser)).toMatchObject({ problem: "expired" });
    expect(await finish(query, new Headers())).toMatchObject({ problem: "expired" });
    const other = await away();
    expect(await finish(query, other.browser)).toMatchObject({ problem: "expired" });
    forged.delete("state");
    expect(await finish(forged.toString(), browser)).toMatchObject({ problem: "expired" });
    await nobodyCameIn();
  });

  it("when the way back is walked a second time", async () => {
    const { browser, query } = await roundTrip("grace");
    expect(await finish(query, browser)).toHaveProperty("caller");
    expect(await finish(query, browser)).toMatchObject({ problem: "expired" });
    expect(await room.db.prisma.session.count()).toBe(1);
  });

  it("with a code of somebody else's sign-in, for which this browser has no proof", async () => {
    const theirs = await roundTrip("grace");
    const own = await away();
    const mixed = new URLSearchParams(theirs.query);
    mixed.set("state", new URL(own.url).searchParams.get("state") ?? "");
    expect(await finish(mixed.toString(), own.browser)).toMatchObject({ problem: "refused" });
    await nobodyCameIn();
  });

  it("with a made-up code, and when the provider itself says no", async () => {
    const { url, browser } = await away();
    const state = new URL(url).searchParams.get("state") ?? "";
    const query = new URLSearchParams({ code: "made-up", state, iss: okta.issuer });
    expect(await finish(query.toString(), browser)).toMatchObject({ problem: "refused" });
    expect(await signIn("nobody-of-that-name")).toMatchObject({ problem: "refused" });
  });
});

describe("while the identity provider is down", () => {
  afterEach(() => okta.start());

  it("local accounts sign in as ever, the page's offer stands, and the provider's button says so", async () => {
    await room.addPerson("ada", "administrator");
    await okta.stop();
    expect(room.access.offer).toMatchObject({ provider: "Okta", localSignIn: "all" });
    expect(await verdict(room.signIn("ada"))).toBe("ok");
    expect(await verdict(away())).toBe("conflict: Okta does not answer. Local accounts still work.");
    await okta.start();
    expect(await signIn("grace")).toHaveProperty("caller");
  });

  it("a sign-in that was under way is refused, and works again after it", async () => {
    const { browser, query } = await roundTrip("grace");
    await okta.stop();
    expect(await finish(query, browser)).toHaveProperty("problem");
    await nobodyCameIn();
    await okta.start();
    expect(await signIn("grace")).toHaveProperty("caller");
  });

  it("with local sign-in for break-glass accounts alone, the others are sent to the provider", async () => {
    const access = room.build({ localSignIn: "break-glass" });
    await room.addPerson("ada", "administrator");
    await room.addPerson("bob", "administrator");
    const local = (username: string) =>
      verdict(access.signIn({ username, password }, new Headers(), address));
    // Nobody is marked yet: a setting alone locks nobody out.
    expect(await local("bob")).toBe("ok");
    await room.addPerson("glass", "administrator", { breakGlass: true });
    expect(await local("bob")).toBe("forbidden: Only break-glass accounts sign in here. Continue with Okta.");
    expect(await local("glass")).toBe("ok");
  });
});

it("another issuer's discovery document is not believed", async () => {
  const { port } = new URL(okta.issuer);
  const access = room.build({ oidc: settings({ issuer: `http://localhost:${port}` }) });
  expect(await verdict(away(access))).toBe("conflict: Okta does not answer. Local accounts still work.");
});
