import path from "node:path";
import Sqlite from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Database, openDatabase } from "#core/db/index.ts";
import { isAppError } from "#core/kernel/errors.ts";
import { createSecretBox } from "#core/kernel/secret-box.ts";
import { makeTempFolder, removeTempFolder } from "#core/testing/leftovers.ts";
import { migrationsFolder } from "#core/testing/runtime.ts";
import { signInInput } from "./contract.ts";
import { type AccessService, createAccessService, type SignedIn } from "./service.ts";

const password = "correct-horse-battery";
const address = "10.0.0.1";
const box = createSecretBox("a-master-key-of-at-least-32-characters");
let folder: string;
let db: Database;
let access: AccessService;
let nowMs: number;

const build = (baseUrl = "http://127.0.0.1:8600") =>
  createAccessService({ db, clock: { nowMs: () => nowMs, monotonicMs: () => 0 }, box, baseUrl });

beforeEach(async () => {
  nowMs = Date.now();
  folder = makeTempFolder("snapkeep-access-");
  db = await openDatabase({ file: path.join(folder, "snapkeep.db"), migrationsFolder });
  access = build();
});
afterEach(async () => {
  await db.close();
  removeTempFolder(folder);
});

/** "ok", or the code and the words of the refusal. */
async function verdict(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "ok";
  } catch (error) {
    return isAppError(error) ? `${error.code}: ${error.userMessage}` : `fault: ${String(error)}`;
  }
}

async function setupToken(): Promise<string> {
  const token = await access.prepareSetup();
  if (token === null) throw new Error("Somebody can sign in already.");
  return token;
}

const setUp = (token: string, username = "ada", from = address) =>
  access.createFirstAdmin({ setupToken: token, username, password }, new Headers(), from);
const signIn = (username: string, given = password, from = address) =>
  access.signIn(signInInput.parse({ username, password: given }), new Headers(), from);
const cookiesOf = (signedIn: SignedIn) =>
  new Headers({ cookie: signedIn.setCookies.map((line) => line.split(";")[0] ?? "").join("; ") });

const wrongWords = "unauthenticated: The user name or the password is wrong.";
const wrongToken =
  "unauthenticated: This is not the setup token. It stands in Snapkeep's output since the last start.";
const setUpAlready = "unauthenticated: Snapkeep is set up already. Sign in.";

describe("before the first administrator", () => {
  it("nobody can sign in: there is no account, not even a default one", async () => {
    expect(await access.setupNeeded()).toBe(true);
    expect(await db.prisma.user.count()).toBe(0);
    expect(await db.prisma.account.count()).toBe(0);
    for (const name of ["admin", "root", "snapkeep"]) {
      for (const given of ["admin", "snapkeep", password]) {
        expect(await verdict(signIn(name, given, `${name}-${given}`))).toBe(wrongWords);
      }
    }
  });

  it("the setup token makes one administrator, signed in, and works once", async () => {
    const token = await setupToken();
    const { caller } = await setUp(token);
    expect(caller).toMatchObject({ kind: "person", name: "ada", role: "administrator" });
    expect(await verdict(setUp(token, "eve"))).toBe(setUpAlready);
    expect(await access.prepareSetup()).toBeNull();
    expect(await access.setupNeeded()).toBe(false);
    expect(await db.prisma.user.findMany({ select: { username: true, role: true } })).toEqual([
      { username: "ada", role: "administrator" },
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
    expect(await db.prisma.user.count()).toBe(1);
  });

  it("a wrong token is refused and leaves the right one good", async () => {
    const token = await setupToken();
    expect(await verdict(setUp("wrong"))).toBe(wrongToken);
    expect(await verdict(setUp(`${token}x`))).toBe(wrongToken);
    expect(await db.prisma.user.count()).toBe(0);
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
    const [row] = await db.prisma.setting.findMany();
    expect(row?.value).toMatch(/^[0-9a-f]{64}$/);
    expect(row?.value).not.toContain(token);
  });

  it("guessing it is throttled by address", async () => {
    const token = await setupToken();
    for (let i = 0; i < 5; i += 1) expect(await verdict(setUp(`guess-${i}`))).toBe(wrongToken);
    expect(await verdict(setUp(token))).toMatch(/^rate_limited: Too many failed sign-ins/);
    nowMs += 5 * 60_000;
    expect(await verdict(setUp(token))).toBe("ok");
  });

  it("a set-up that breaks off leaves no half account, and the token is still good", async () => {
    const token = await setupToken();
    const other = new Sqlite(path.join(folder, "snapkeep.db"));
    other.exec(
      `CREATE TRIGGER broken BEFORE INSERT ON "Account" BEGIN SELECT RAISE(ABORT, 'on purpose'); END`,
    );
    expect(await verdict(setUp(token))).toMatch(/^fault/);
    expect(await db.prisma.user.count()).toBe(0);
    other.exec("DROP TRIGGER broken");
    other.close();
    expect(await verdict(setUp(token))).toBe("ok");
  });
});

describe("signing in", () => {
  beforeEach(async () => {
    await access.createUser("ada", password, "operator");
  });

  it("gives a session by cookies that scripts can't read and other sites don't get", async () => {
    const signedIn = await signIn("ada");
    expect(signedIn.caller).toMatchObject({ name: "ada", role: "operator" });
    for (const line of signedIn.setCookies) expect(line).toMatch(/HttpOnly; SameSite=Lax$/);
    const caller = await access.authenticate(cookiesOf(signedIn));
    expect(caller).toEqual(signedIn.caller);
  });

  it("gives cookies for https alone where Snapkeep is reached by https", async () => {
    access = build("https://snapkeep.example.com");
    const { setCookies } = await signIn("ada");
    for (const line of setCookies) {
      expect(line).toMatch(/^__Secure-snapkeep\./);
      expect(line).toContain("; Secure");
    }
  });

  it("doesn't tell a wrong password from an unknown user", async () => {
    expect(await verdict(signIn("ada", "wrong-horse-battery"))).toBe(wrongWords);
    expect(await verdict(signIn("nobody"))).toBe(wrongWords);
    expect(await db.prisma.session.count()).toBe(0);
  });

  it("takes the name with a capital, as phones write it", async () => {
    expect(await verdict(signIn("Ada"))).toBe("ok");
  });

  it("is refused for the account after five failures, the right password included, until five minutes passed", async () => {
    for (let i = 0; i < 5; i += 1) await verdict(signIn("ada", "wrong", `10.0.1.${i}`));
    expect(await verdict(signIn("ada"))).toBe("rate_limited: Too many failed sign-ins. Try again in 5 min.");
    nowMs += 5 * 60_000;
    expect(await verdict(signIn("ada"))).toBe("ok");
  });

  it("lets no more guesses through at once than one after another", async () => {
    const guesses = Array.from({ length: 30 }, (_, i) => verdict(signIn("ada", `guess-${i}`, `10.0.2.${i}`)));
    const verdicts = await Promise.all(guesses);
    expect(verdicts.filter((one) => one === wrongWords)).toHaveLength(5);
    expect(verdicts.filter((one) => one.startsWith("rate_limited"))).toHaveLength(25);
  });

  it("keeps no password in the records, only a salted hash", async () => {
    await access.createUser("bob", password, "viewer");
    const hashes = (await db.prisma.account.findMany()).map((account) => account.password ?? "");
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
    userId = await access.createUser("ada", password, "administrator");
    cookies = cookiesOf(await signIn("ada"));
    expect(await access.authenticate(cookies)).not.toBeNull();
  });

  it("ends with the sign-out, for whoever kept the cookie too", async () => {
    const cleared = await access.signOut(cookies);
    expect(cleared.join()).toMatch(/Max-Age=0/);
    expect(await access.authenticate(cookies)).toBeNull();
    expect(await db.prisma.session.count()).toBe(0);
  });

  it("ends with its user", async () => {
    await db.prisma.user.delete({ where: { id: userId } });
    expect(await access.authenticate(cookies)).toBeNull();
    expect(await db.prisma.session.count()).toBe(0);
  });

  it("has the role that its user has now", async () => {
    for (const role of ["viewer", "none", "administrator"]) {
      await db.prisma.user.update({ where: { id: userId }, data: { role } });
      expect((await access.authenticate(cookies))?.role).toBe(role);
    }
  });

  it("ends at its time", async () => {
    const [session] = await db.prisma.session.findMany();
    const lifeMs = (session?.expiresAt.getTime() ?? 0) - Date.now();
    expect(lifeMs).toBeGreaterThan(11.9 * 3_600_000);
    expect(lifeMs).toBeLessThanOrEqual(12 * 3_600_000);
    await db.prisma.session.updateMany({ data: { expiresAt: new Date(Date.now() - 1) } });
    expect(await access.authenticate(cookies)).toBeNull();
  });

  it("isn't found under a cookie that was changed, signed with another key, or left out", async () => {
    const line = cookies.get("cookie") ?? "";
    const session = (await db.prisma.session.findFirst())?.token ?? "";
    const others = [
      line.slice(0, -6),
      `snapkeep.session_token=${session}`,
      `${line.slice(0, 30)}x${line.slice(31)}`,
      "",
    ];
    for (const cookie of others)
      expect(await access.authenticate(new Headers({ cookie })), cookie).toBeNull();
    const other = createSecretBox("another-master-key-of-32-characters-");
    const elsewhere = createAccessService({
      db,
      clock: { nowMs: () => nowMs, monotonicMs: () => 0 },
      box: other,
      baseUrl: "http://127.0.0.1:8600",
    });
    expect(await elsewhere.authenticate(cookies)).toBeNull();
  });
});
