import { Secret, TOTP } from "otpauth";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  address,
  browserAfter,
  openAccess,
  password,
  sessionOf,
  type TestAccess,
  verdict,
} from "#core/testing/access-room.ts";
import { waitFor } from "#core/testing/wait-for.ts";
import type { SignInAnswer } from "./sign-in.ts";

const wrong = "unauthenticated: This code is wrong or was used before. Each code works once.";
const tooLong = "unauthenticated: This sign-in took too long. Begin again with the password.";
const periodMs = 30_000;

let room: TestAccess;
let userId: string;
let app: TOTP;
let recoveryCodes: string[];

beforeEach(async () => {
  room = await openAccess();
  userId = await room.addPerson("ada", "administrator");
  const { secondFactor } = room.access.own;
  const begun = await room.db.transaction((tx) => secondFactor.begin(userId, "ada", tx));
  app = new TOTP({ secret: Secret.fromBase32(begun.secret), algorithm: "SHA1", digits: 6, period: 30 });
  await notAtAnEdge();
  recoveryCodes = await room.db.transaction((tx) => secondFactor.confirm(userId, codeNow(-1), tx));
});
afterEach(() => room.remove());

/** The sign-in library looks at the real clock, so what is shown now has to stay right for the length of a test. */
const notAtAnEdge = () =>
  waitFor("the next step", async () => (Date.now() % periodMs > periodMs - 10_000 ? null : true));

/** What the app shows now, or some steps from now. */
const codeNow = (steps = 0) => app.generate({ timestamp: Date.now() + steps * periodMs });

async function firstStep(): Promise<Headers> {
  const answer = await room.signIn("ada");
  expect(answer).toMatchObject({ next: "code", caller: null });
  return browserAfter(answer);
}
const withCode = (browser: Headers, code: string, from = address) =>
  room.access.secondFactor({ code }, browser, from);
const withRecovery = (browser: Headers, recoveryCode: string) =>
  room.access.secondFactor({ recoveryCode }, browser, address);

describe("an authenticator app", () => {
  it("is set up by a link that apps read, a picture of it, and one right code", async () => {
    const bob = await room.addPerson("bob");
    const { secondFactor } = room.access.own;
    const begun = await room.db.transaction((tx) => secondFactor.begin(bob, "bob", tx));
    const link = new URL(begun.uri);
    expect(link.protocol).toBe("otpauth:");
    expect(link.searchParams.get("secret")).toBe(begun.secret);
    expect(begun.secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(begun.qr.path).toMatch(/^(?:M\d+ \d+h\d+v1H\d+z)+$/);
    const confirm = (code: string) =>
      verdict(room.db.transaction((tx) => secondFactor.confirm(bob, code, tx)));
    expect(await confirm("000000")).toMatch(/^invalid_input: This code is wrong/);
    // Not asked for before it was confirmed.
    expect((await room.signIn("bob")).next).toBe("done");
  });

  it("is asked for after the password; the password alone begins no session", async () => {
    const browser = await firstStep();
    expect(await room.db.prisma.session.count()).toBe(0);
    expect(await room.access.authenticate(browser)).toBeNull();
    expect((await room.access.pendingSecondFactor(browser))?.name).toBe("ada");
    const { caller, cookies } = sessionOf(await withCode(browser, codeNow()));
    expect(caller).toMatchObject({ name: "ada", signedInWith: "password and code" });
    expect(await room.access.authenticate(cookies)).toEqual(caller);
  });

  it("shows codes that work once, also in another browser, and an older one never again", async () => {
    const [one, two, three] = [await firstStep(), await firstStep(), await firstStep()];
    const code = codeNow();
    expect((await withCode(one, code)).next).toBe("done");
    expect(await verdict(withCode(two, code))).toBe(wrong);
    expect(await verdict(withCode(three, codeNow(-1)))).toBe(wrong);
    expect((await withCode(two, codeNow(1))).next).toBe("done");
  });

  it("shows a code that lets in one of two that use it at the same moment", async () => {
    const browsers = [await firstStep(), await firstStep()];
    const verdicts = await Promise.all(browsers.map((browser) => verdict(withCode(browser, codeNow()))));
    expect(verdicts.sort()).toEqual(["ok", wrong]);
    expect(await room.db.prisma.session.count()).toBe(1);
  });

  it("is not guessed: five wrong codes end it there, the right one included", async () => {
    const browser = await firstStep();
    for (let i = 0; i < 5; i += 1) expect(await verdict(withCode(browser, "000000"))).toBe(wrong);
    expect(await verdict(withCode(browser, codeNow()))).toMatch(/^rate_limited/);
    // From elsewhere, the way that this browser has begun is over as well.
    expect(await verdict(withCode(browser, codeNow(), "10.0.0.9"))).toBe(tooLong);
  });

  it("closes after ten wrong codes in a row, wherever they come from", async () => {
    for (let i = 0; i < 10; i += 1) {
      expect(await verdict(withCode(await firstStep(), "000000", `10.1.0.${i}`))).toBe(wrong);
    }
    expect(await verdict(withCode(await firstStep(), codeNow(), "10.2.0.1"))).toMatch(
      /^rate_limited: Too many wrong codes/,
    );
  });

  it("is asked of nobody whose password was not given, or in another browser", async () => {
    expect(await verdict(withCode(new Headers(), codeNow()))).toBe(tooLong);
    await room.addPerson("bob");
    const bob = sessionOf(await room.signIn("bob"));
    expect(await verdict(withCode(bob.cookies, codeNow()))).toBe(tooLong);
  });

  it("isn't passed by a session of somebody else in the same browser", async () => {
    await room.addPerson("bob");
    const bob = sessionOf(await room.signIn("bob"));
    const pending = await firstStep();
    const both = new Headers({ cookie: `${bob.cookies.get("cookie")}; ${pending.get("cookie")}` });
    const { caller } = sessionOf(await withCode(both, codeNow()));
    expect(caller.name).toBe("ada");
  });

  it("leaves neither its secret nor a recovery code to be read in the records", async () => {
    const row = await room.db.prisma.twoFactor.findFirst();
    const stored = JSON.stringify(row);
    expect(stored).not.toContain(app.secret.base32);
    for (const code of recoveryCodes) expect(stored).not.toContain(code);
  });
});

describe("a recovery code", () => {
  it("comes with nine others, and each works once, however it is typed", async () => {
    expect(new Set(recoveryCodes).size).toBe(10);
    const [first = "", second = ""] = recoveryCodes;
    const typed = ` ${first.toUpperCase().replace("-", " ")} `;
    expect(sessionOf(await withRecovery(await firstStep(), typed)).caller.name).toBe("ada");
    expect(await verdict(withRecovery(await firstStep(), first))).toBe(wrong);
    expect(await room.access.own.secondFactor.recoveryCodesLeft(userId)).toBe(9);
    expect((await withRecovery(await firstStep(), second)).next).toBe("done");
  });

  it("lets in one of two that use it at the same moment", async () => {
    const browsers = [await firstStep(), await firstStep()];
    const [code = ""] = recoveryCodes;
    const answers = await Promise.allSettled(browsers.map((browser) => withRecovery(browser, code)));
    expect(answers.filter((one) => one.status === "fulfilled")).toHaveLength(1);
    expect(await room.db.prisma.session.count()).toBe(1);
  });

  it("is worthless after new ones were made", async () => {
    const { secondFactor } = room.access.own;
    const fresh = await room.db.transaction((tx) => secondFactor.newRecoveryCodes(userId, tx));
    expect(await verdict(withRecovery(await firstStep(), recoveryCodes[0] ?? ""))).toBe(wrong);
    expect((await withRecovery(await firstStep(), fresh[0] ?? "")).next).toBe("done");
  });
});

describe("a one-time password", () => {
  const own = "my own pass phrase";
  const signIn = (given: string, newPassword?: string): Promise<SignInAnswer> =>
    room.access.signIn({ username: "bob", password: given, newPassword }, new Headers(), address);
  let given: string;
  beforeEach(async () => {
    given = await room.addNewcomer("bob");
  });

  it("begins no session before another one is chosen, and never works again", async () => {
    expect(await signIn(given)).toEqual({ next: "password", caller: null, setCookies: [] });
    expect(await room.db.prisma.session.count()).toBe(0);
    expect(await verdict(signIn(given, given))).toMatch(/^invalid_input: This is the password so far/);
    expect(await room.db.prisma.session.count()).toBe(0);
    expect(sessionOf(await signIn(given, own)).caller.name).toBe("bob");
    expect(await verdict(signIn(given))).toMatch(/^unauthenticated/);
    expect((await signIn(own)).next).toBe("done");
  });

  it("lets in one of two that choose another one with it at the same moment", async () => {
    const all = await Promise.allSettled([signIn(given, own), signIn(given, `${own} too`), signIn(given)]);
    const sessions = all.filter((one) => one.status === "fulfilled" && one.value.next === "done");
    expect(sessions).toHaveLength(1);
    expect(await room.db.prisma.session.count()).toBe(1);
  });

  it("is good for seven days", async () => {
    room.pass(7 * 24 * 3_600_000);
    expect(await verdict(signIn(given, own))).toBe(
      "forbidden: This one-time password is older than 7 days. Ask for a new one.",
    );
    expect(await room.db.prisma.session.count()).toBe(0);
  });

  it("is changed only by whoever has the code, too", async () => {
    const again = await room.resetPassword("ada");
    const step = (newPassword?: string) =>
      room.access.signIn({ username: "ada", password: again, newPassword }, new Headers(), address);
    expect((await step()).next).toBe("password");
    const answer = await step(own);
    expect(answer.next).toBe("code");
    expect(await verdict(room.signIn("ada", own))).toMatch(/^unauthenticated/);
    const browser = browserAfter(answer);
    const input = { code: codeNow(), newPassword: own };
    expect((await room.access.secondFactor(input, browser, address)).next).toBe("done");
    expect((await room.signIn("ada", own)).next).toBe("code");
    expect(password).not.toBe(own);
  });
});
