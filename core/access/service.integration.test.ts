import Sqlite from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createSecretBox } from "#core/kernel/secret-box.ts";
import {
  address,
  browserAfter,
  everywhere,
  openAccess,
  password,
  sessionOf,
  type TestAccess,
  verdict,
} from "#core/testing/access-room.ts";

let room: TestAccess;
beforeEach(async () => {
  room = await openAccess();
});
afterEach(() => room.remove());

async function setupToken(): Promise<string> {
  const token = await room.access.prepareSetup();
  if (token === null) throw new Error("Somebody can sign in already.");
  return token;
}

const setUp = (token: string, username = "ada", from = address) =>
  room.access.createFirstAdmin({ setupToken: token, username, password }, new Headers(), from);

const wrongWords = "unauthenticated: The user name or the password is wrong.";
const wrongToken =
  "unauthenticated: This is not the setup token. It stands in Snapkeep's output since the last start.";
const setUpAlready = "unauthenticated: Snapkeep is set up already. Sign in.";

describe("before the first administrator", () => {
  it("nobody can sign in: there is no account, not even a default one", async () => {
    expect(await room.access.setupNeeded()).toBe(true);
    expect(await room.db.prisma.user.count()).toBe(0);
    expect(await room.db.prisma.account.count()).toBe(0);
    for (const name of ["admin", "root", "snapkeep"]) {
      for (const given of ["admin", "snapkeep", password]) {
        expect(await verdict(room.signIn(name, given, `${name}-${given}`))).toBe(wrongWords);
      }
    }
  });

  it("the setup token makes one administrator, signed in, and works once", async () => {
    const token = await setupToken();
    const { caller } = await setUp(token);
    expect(caller).toMatchObject({ kind: "person", name: "ada", role: "administrator" });
    expect(await verdict(setUp(token, "eve"))).toBe(setUpAlready);
    expect(await room.access.prepareSetup()).toBeNull();
    expect(await room.access.setupNeeded()).toBe(false);
    expect(
      await room.db.prisma.user.findMany({ select: { username: true, grantsJson: true, grantsFrom: true } }),
    ).toEqual([
      { username: "ada", grantsJson: JSON.stringify([everywhere("administrator")]), grantsFrom: "setup" },
    ]);
  });

  it("of two that use it at once, one becomes the administrator", async () => {
    const token = await setupToken();
    const verdicts = await Promise.all([
      verdict(setUp(token, "ada")),
      verdict(setUp(token, "eve", "10.0.0.2")),
    ]);
    expect(verdicts.filter((one) => one === "ok")).toHaveLength(1);
    expect(verdicts.find((one) => one !== "ok")).toBe(setUpAlready);
    expect(await room.db.prisma.user.count()).toBe(1);
  });

  it("a wrong token is refused and leaves the right one good", async () => {
    const token = await setupToken();
    expect(await verdict(setUp("wrong"))).toBe(wrongToken);
    expect(await verdict(setUp(`${token}x`))).toBe(wrongToken);
    expect(await room.db.prisma.user.count()).toBe(0);
    expect(await verdict(setUp(token))).toBe("ok");
  });

  it("a restart prints another token, and the old one is worthless", async () => {
    const old = await setupToken();
    const token = await setupToken();
    expect(await verdict(setUp(old))).toBe(wrongToken);
    expect(await verdict(setUp(token))).toBe("ok");
  });

  it("the token is not stored, only its hash", async () => {
    const token = await setupToken();
    const [row] = await room.db.prisma.setting.findMany();
    expect(row?.value).toMatch(/^[0-9a-f]{64}$/);
    expect(row?.value).not.toContain(token);
  });

  it("guessing it is throttled by address", async () => {
    const token = await setupToken();
    for (let i = 0; i < 5; i += 1) expect(await verdict(setUp(`guess-${i}`))).toBe(wrongToken);
    expect(await verdict(setUp(token))).toMatch(/^rate_limited: Too many failed sign-ins/);
    room.pass(5 * 60_000);
    expect(await verdict(setUp(token))).toBe("ok");
  });

  it("a set-up that breaks off leaves no half account, and the token is still good", async () => {
    const token = await setupToken();
    const other = new Sqlite(room.file);
    other.exec(
      `CREATE TRIGGER broken BEFORE INSERT ON "Account" BEGIN SELECT RAISE(ABORT, 'on purpose'); END`,
    );
    expect(await verdict(setUp(token))).toMatch(/^fault/);
    expect(await room.db.prisma.user.count()).toBe(0);
    other.exec("DROP TRIGGER broken");
    other.close();
    expect(await verdict(setUp(token))).toBe("ok");
  });
});

describe("signing in", () => {
  beforeEach(async () => {
    await room.addPerson("ada");
  });

  it("gives a session by cookies that scripts can't read and other sites don't get", async () => {
    const answer = await room.signIn("ada");
    const { caller, cookies } = sessionOf(answer);
    expect(caller).toMatchObject({ name: "ada", role: "operator", signedInWith: "password" });
    for (const line of answer.setCookies) expect(line).toMatch(/HttpOnly; SameSite=Lax$/);
    expect(await room.access.authenticate(cookies)).toEqual(caller);
  });

  it("gives cookies for https alone where Snapkeep is reached by https", async () => {
    const access = room.build({ baseUrl: "https://snapkeep.example.com" });
    const { setCookies } = await access.signIn({ username: "ada", password }, new Headers(), address);
    expect(setCookies).toHaveLength(1);
    for (const line of setCookies) {
      expect(line).toMatch(/^__Secure-snapkeep\./);
      expect(line).toContain("; Secure");
    }
  });

  it("doesn't tell a wrong password from an unknown user", async () => {
    expect(await verdict(room.signIn("ada", "wrong-horse-battery"))).toBe(wrongWords);
    expect(await verdict(room.signIn("nobody"))).toBe(wrongWords);
    expect(await room.db.prisma.session.count()).toBe(0);
  });

  it("takes the name with a capital, as phones write it", async () => {
    expect(await verdict(room.signIn("Ada"))).toBe("ok");
  });

  it("is refused there after five failures, the right password included, until five minutes passed", async () => {
    for (let i = 0; i < 5; i += 1) await verdict(room.signIn("ada", "wrong"));
    expect(await verdict(room.signIn("ada"))).toBe(
      "rate_limited: Too many failed sign-ins. Try again in 5 min.",
    );
    expect(await verdict(room.signIn("ada", password, "10.0.0.2"))).toBe("ok");
    room.pass(5 * 60_000);
    expect(await verdict(room.signIn("ada"))).toBe("ok");
  });

  it("guesses from many addresses close the account elsewhere, but not where its owner signs in", async () => {
    await room.signIn("ada", password, "192.0.2.7");
    for (let i = 0; i < 20; i += 1) await verdict(room.signIn("ada", "wrong", `10.0.1.${i}`));
    expect(await verdict(room.signIn("ada", password, "10.0.2.1"))).toMatch(/^rate_limited/);
    expect(await verdict(room.signIn("ada", password, "192.0.2.7"))).toBe("ok");
  });

  it("an address is forgotten as the owner's after thirty days", async () => {
    await room.signIn("ada", password, "192.0.2.7");
    room.pass(30 * 24 * 3_600_000);
    for (let i = 0; i < 20; i += 1) await verdict(room.signIn("ada", "wrong", `10.0.1.${i}`));
    expect(await verdict(room.signIn("ada", password, "192.0.2.7"))).toMatch(/^rate_limited/);
  });

  it("lets no more guesses through at once than one after another", async () => {
    const guesses = Array.from({ length: 30 }, (_, i) =>
      verdict(room.signIn("ada", `guess-${i}`, `10.0.2.${i}`)),
    );
    const verdicts = await Promise.all(guesses);
    expect(verdicts.filter((one) => one === wrongWords)).toHaveLength(20);
    expect(verdicts.filter((one) => one.startsWith("rate_limited"))).toHaveLength(10);
  });

  it("keeps no password in the records, only a salted hash", async () => {
    await room.addPerson("bob");
    const hashes = (await room.db.prisma.account.findMany()).map((account) => account.password ?? "");
    expect(new Set(hashes).size).toBe(2);
    for (const hash of hashes) {
      expect(hash).toMatch(/^[0-9a-f]+:[0-9a-f]{64,}$/);
      expect(hash).not.toContain(password);
    }
  });
});

describe("a session", () => {
  let cookies: Headers;
  let userId: string;
  beforeEach(async () => {
    userId = await room.addPerson("ada", "administrator");
    cookies = sessionOf(await room.signIn("ada")).cookies;
    expect(await room.access.authenticate(cookies)).not.toBeNull();
  });

  it("ends with the sign-out, for whoever kept the cookie too", async () => {
    const cleared = await room.access.signOut(cookies);
    expect(cleared.join()).toMatch(/Max-Age=0/);
    expect(await room.access.authenticate(cookies)).toBeNull();
    expect(await room.db.prisma.session.count()).toBe(0);
  });

  it("ends with its user", async () => {
    await room.db.prisma.user.delete({ where: { id: userId } });
    expect(await room.access.authenticate(cookies)).toBeNull();
    expect(await room.db.prisma.session.count()).toBe(0);
  });

  it("is worth nothing once its user is disabled, even if its row were left", async () => {
    await room.db.prisma.user.update({ where: { id: userId }, data: { disabledAt: new Date() } });
    expect(await room.access.authenticate(cookies)).toBeNull();
  });

  it("has the grants that its user has now; a role that nobody knows stays a text", async () => {
    for (const role of ["viewer", "captain", "administrator"]) {
      const grantsJson = JSON.stringify([everywhere(role)]);
      await room.db.prisma.user.update({ where: { id: userId }, data: { grantsJson } });
      const caller = await room.access.authenticate(cookies);
      expect(caller?.grants).toEqual([everywhere(role)]);
      expect(caller?.role).toBe(role === "captain" ? "none" : role);
    }
  });

  it("holds nothing when the grants can't be read", async () => {
    for (const grantsJson of ["", "{}", '["administrator"]', "null"]) {
      await room.db.prisma.user.update({ where: { id: userId }, data: { grantsJson } });
      expect(await room.access.authenticate(cookies)).toMatchObject({ grants: [], role: "none" });
    }
  });

  it("knows how and from where it began, by the server's word alone", async () => {
    const claimed = new Headers({ "x-forwarded-for": "203.0.113.9", "x-snapkeep-address": "203.0.113.9" });
    await room.signIn("ada", password, "198.51.100.4", claimed);
    const rows = await room.db.prisma.session.findMany({ orderBy: { createdAt: "asc" } });
    expect(rows.map((row) => [row.ipAddress, row.signedInWith])).toEqual([
      [address, "password"],
      ["198.51.100.4", "password"],
    ]);
  });

  it("ends twelve hours after it began, however much it is used", async () => {
    const [session] = await room.db.prisma.session.findMany();
    const lifeMs = (session?.expiresAt.getTime() ?? 0) - Date.now();
    expect(lifeMs).toBeGreaterThan(11.9 * 3_600_000);
    expect(lifeMs).toBeLessThanOrEqual(12 * 3_600_000);
    const hoursAgo = new Date(Date.now() - 11 * 3_600_000);
    const soon = new Date(Date.now() + 3_600_000);
    await room.db.prisma.session.updateMany({ data: { updatedAt: hoursAgo, expiresAt: soon } });
    expect(await room.access.authenticate(cookies)).not.toBeNull();
    const [used] = await room.db.prisma.session.findMany();
    expect(used?.expiresAt).toEqual(soon);
    expect(used?.updatedAt.getTime()).toBeGreaterThan(hoursAgo.getTime());
    await room.db.prisma.session.updateMany({ data: { expiresAt: new Date(Date.now() - 1) } });
    expect(await room.access.authenticate(cookies)).toBeNull();
  });

  it("isn't found under a cookie that was changed, signed with another key, or left out", async () => {
    const line = cookies.get("cookie") ?? "";
    const session = (await room.db.prisma.session.findFirst())?.token ?? "";
    const others = [
      line.slice(0, -6),
      `snapkeep.session_token=${session}`,
      `${line.slice(0, 30)}${line[30] === "x" ? "y" : "x"}${line.slice(31)}`,
      "",
    ];
    for (const cookie of others)
      expect(await room.access.authenticate(new Headers({ cookie })), cookie).toBeNull();
    const elsewhere = room.build({ box: createSecretBox("another-master-key-of-32-characters-") });
    expect(await elsewhere.authenticate(cookies)).toBeNull();
    expect(await room.access.authenticate(browserAfter({ setCookies: [line] }))).not.toBeNull();
  });
});
