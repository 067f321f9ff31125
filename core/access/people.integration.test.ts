import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  address,
  everywhere,
  openAccess,
  sessionOf,
  type TestAccess,
  verdict,
} from "#core/testing/access-room.ts";
import { noteSecret } from "#core/testing/evidence.ts";
import type { OidcSettings } from "./oidc-settings.ts";

const okta: OidcSettings = {
  issuer: "https://okta.example",
  clientId: "snapkeep",
  clientSecret: null,
  name: "Okta",
  scopes: ["openid"],
  groupsClaim: "groups",
  groupRoles: [],
  defaultRole: null,
  allowedDomains: [],
};
const last = "conflict: This is the last administrator for all clusters. Make another one first.";
const lastLocal =
  "conflict: This is the last administrator who can sign in without Okta. Make another one first.";

let room: TestAccess;
let ada: string;
beforeEach(async () => {
  room = await openAccess();
  ada = await room.addPerson("ada", "administrator");
});
afterEach(() => room.remove());

type Tx = Parameters<Parameters<TestAccess["db"]["transaction"]>[0]>[0];
const change = (work: (tx: Tx) => Promise<unknown>) => verdict(room.db.transaction(work));
/** Somebody of the identity provider who administers everything. */
async function addForeign(name: string): Promise<string> {
  const id = await room.addPerson(name, "administrator");
  await room.db.prisma.account.updateMany({
    where: { userId: id },
    data: { providerId: "oidc", password: null },
  });
  return id;
}

describe("the last administrator", () => {
  it("can be neither disabled, removed nor lowered, and the list says why beforehand", async () => {
    const { people } = room.access;
    await room.addPerson("bob", "restorer");
    await room.addPerson("carol", "administrator", {
      grants: [{ role: "administrator", clusterId: "c-prod", datacenter: null }],
    });
    expect(await change((tx) => people.disable(ada, tx))).toBe(last);
    expect(await change((tx) => people.remove(ada, tx))).toBe(last);
    expect(await change((tx) => people.setGrants(ada, [everywhere("viewer")], "console", tx))).toBe(last);
    const list = await people.list(ada);
    expect(list.map((one) => [one.name, one.keptBecause !== null])).toEqual([
      ["ada", true],
      ["bob", false],
      ["carol", false],
    ]);
    expect(await room.db.prisma.user.findUnique({ where: { id: ada } })).toMatchObject({ disabledAt: null });
  });

  it("is not kept once there is another, who then is", async () => {
    const { people } = room.access;
    const bob = await room.addPerson("bob", "administrator");
    expect(await change((tx) => people.disable(ada, tx))).toBe("ok");
    expect(await change((tx) => people.remove(bob, tx))).toBe(last);
    expect(await change((tx) => people.enable(ada, tx))).toBe("ok");
    expect(await change((tx) => people.remove(bob, tx))).toBe("ok");
  });

  it("stays when two remove each other at the same moment", async () => {
    const { people } = room.access;
    const bob = await room.addPerson("bob", "administrator");
    const verdicts = await Promise.all([ada, bob].map((id) => change((tx) => people.remove(id, tx))));
    expect(verdicts.sort()).toEqual([last, "ok"]);
    expect(await room.db.prisma.user.count()).toBe(1);
  });

  it("is one who can sign in without the identity provider: its people don't count", async () => {
    const { people } = room.build({ oidc: okta });
    await addForeign("grace");
    expect(await change((tx) => people.remove(ada, tx))).toBe(lastLocal);
  });

  it("is one whose password is their own: a one-time password that nobody used is no way in", async () => {
    const { people } = room.access;
    const add = async (name: string) => {
      const made = await room.db.transaction((tx) =>
        people.create(
          { name, grants: [everywhere("administrator")], breakGlass: false, from: "console", password: null },
          tx,
        ),
      );
      return { id: made.id, password: made.password ?? "" };
    };
    const eve = await add("eve");
    expect(await change((tx) => people.remove(ada, tx))).toBe(last);
    expect(await change((tx) => people.disable(ada, tx))).toBe(last);
    expect((await people.list(null)).find(({ id }) => id === ada)?.keptBecause).toMatch(/last administrator/);
    const own = noteSecret("a password of her very own");
    const input = { username: "eve", password: eve.password, newPassword: own };
    expect(await verdict(room.access.signIn(input, new Headers(), address))).toBe("ok");
    expect(await change((tx) => people.remove(ada, tx))).toBe("ok");
    // Where nobody else is left, even an unused one is not taken away.
    await room.resetPassword("eve");
    expect(await change((tx) => people.remove(eve.id, tx))).toBe(last);
  });

  it("is a break-glass account where no other local account may sign in", async () => {
    const { people } = room.build({ oidc: okta, localSignIn: "break-glass" });
    const glass = await room.addPerson("glass", "administrator", { breakGlass: true });
    expect(await change((tx) => people.remove(ada, tx))).toBe("ok");
    expect(await change((tx) => people.disable(glass, tx))).toBe(lastLocal);
    expect(await change((tx) => people.setGrants(glass, [everywhere("operator")], "console", tx))).toBe(
      lastLocal,
    );
  });
});

describe("a person", () => {
  it("who is disabled loses every session at once, and comes back without the old ones", async () => {
    const { people } = room.access;
    const bob = await room.addPerson("bob");
    const { cookies } = sessionOf(await room.signIn("bob"));
    await change((tx) => people.disable(bob, tx));
    expect(await room.access.authenticate(cookies)).toBeNull();
    expect(await verdict(room.signIn("bob"))).toBe(
      "forbidden: This account is disabled. Ask an administrator of Snapkeep.",
    );
    await change((tx) => people.enable(bob, tx));
    expect(await room.access.authenticate(cookies)).toBeNull();
    expect(await verdict(room.signIn("bob"))).toBe("ok");
  });

  it("who is disabled is not told so without the right password", async () => {
    const bob = await room.addPerson("bob");
    await change((tx) => room.access.people.disable(bob, tx));
    expect(await verdict(room.signIn("bob", "wrong-horse-battery"))).toMatch(/^unauthenticated/);
  });

  it("who is removed leaves nothing that opens anything", async () => {
    const bob = await room.addPerson("bob");
    await room.signIn("bob");
    await room.db.prisma.apiToken.create({
      data: {
        id: "k-1",
        name: "ci",
        prefix: "sk",
        hash: "h",
        grantsJson: "[]",
        makerId: bob,
        makerName: "bob",
        createdAt: new Date(),
      },
    });
    await change((tx) => room.access.people.remove(bob, tx));
    expect(await room.db.prisma.apiToken.findFirst()).toMatchObject({ revokedAt: expect.any(Date) });
    expect(await room.db.prisma.session.count()).toBe(0);
    expect(await room.db.prisma.account.count({ where: { userId: bob } })).toBe(0);
    expect((await room.db.prisma.setting.findMany()).filter((row) => row.key.includes(bob))).toEqual([]);
  });

  it("gets a name that nobody has", async () => {
    expect(await verdict(room.addPerson("ada"))).toBe("conflict: There is a person named ada already.");
  });

  it("of the identity provider has neither roles, a password nor a break-glass mark to be changed here", async () => {
    const { people } = room.build({ oidc: okta });
    const grace = await addForeign("grace");
    const refusals = [
      await change((tx) => people.setGrants(grace, [], "console", tx)),
      await change((tx) => people.resetPassword(grace, tx)),
      await change((tx) => people.setBreakGlass(grace, true, tx)),
    ];
    for (const refusal of refusals) expect(refusal).toMatch(/^conflict: .*Okta/);
  });

  it("whose password is reset is signed out, and the old password is worth nothing", async () => {
    const { cookies } = sessionOf(await room.signIn("ada"));
    const given = await room.resetPassword("ada");
    expect(await room.access.authenticate(cookies)).toBeNull();
    expect(await verdict(room.signIn("ada"))).toMatch(/^unauthenticated/);
    expect((await room.signIn("ada", given)).next).toBe("password");
    const [view] = await room.access.people.list(null);
    expect(view?.mustChangePassword).toBe(true);
  });
});
