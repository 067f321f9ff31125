import { Secret, TOTP } from "otpauth";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Caller, Person } from "#core/kernel/operation.ts";
import { browserAfter, everywhere, password, sessionOf, verdict } from "#core/testing/access-room.ts";
import { startRuntime, type TestRuntime, testRequest } from "#core/testing/runtime.ts";

let snapkeep: TestRuntime;
let ada: Person;
let cookies: Headers;

beforeAll(async () => {
  snapkeep = await startRuntime({ consulAddress: "", env: { SNAPKEEP_BASE_URL: "http://localhost:8680" } });
  const { sessions, setupToken } = snapkeep.runtime;
  const input = { setupToken: setupToken ?? "", username: "ada", password };
  const answer = await sessions.createFirstAdmin(input, new Headers(), testRequest());
  ada = answer.caller;
  cookies = browserAfter(answer);
});
afterAll(() => snapkeep?.remove());

const signIn = (username: string, given: string, newPassword?: string) =>
  snapkeep.runtime.sessions.signIn({ username, password: given, newPassword }, new Headers(), testRequest());
const token: Caller = {
  kind: "token",
  makerId: null,
  tokenId: "k-1",
  name: "api:ci",
  role: "administrator",
  grants: [everywhere("administrator")],
};

it("a person is made, raised, disabled and removed, each with a row that says what was and what is", async () => {
  const run = snapkeep.execute;
  const made = await run("people.create", { name: "bob", grants: [everywhere("viewer")] }, ada);
  expect((await signIn("bob", made.password)).next).toBe("password");
  const bob = sessionOf(await signIn("bob", made.password, "the pass phrase of bob"));
  await run("people.setGrants", { id: made.id, grants: [everywhere("operator")] }, ada);
  const raised = await snapkeep.runtime.sessions.authenticate(bob.cookies);
  expect(raised?.role).toBe("operator");
  await run("people.disable", { id: made.id }, ada);
  expect(await snapkeep.runtime.sessions.authenticate(bob.cookies)).toBeNull();
  await run("people.remove", { id: made.id }, ada);

  const rows = (await snapkeep.auditRows()).filter((row) => row.action.startsWith("person."));
  expect(rows.map((row) => [row.action, row.target, row.outcome])).toEqual([
    ["person.add", "bob", "ok"],
    ["person.grants", "bob", "ok"],
    ["person.disable", "bob", "ok"],
    ["person.remove", "bob", "ok"],
  ]);
  const stored = JSON.stringify(rows);
  expect(stored).not.toContain(made.password);
});

it("the last administrator's own hand is stayed, too, and the refusal is in the log", async () => {
  const disable = verdict(snapkeep.execute("people.disable", { id: ada.userId }, ada));
  expect(await disable).toBe(
    "conflict: This is the last administrator for all clusters. Make another one first.",
  );
  const rows = await snapkeep.auditRows();
  expect(rows.at(-1)).toMatchObject({ action: "person.disable", target: "ada", outcome: "failed" });
  expect(await snapkeep.runtime.sessions.authenticate(cookies)).not.toBeNull();
});

it("people are managed by nobody who administers only a cluster", async () => {
  const local: Person = { ...ada, grants: [{ role: "administrator", clusterId: "c-1", datacenter: null }] };
  for (const work of [
    snapkeep.execute("people.list", {}, local),
    snapkeep.execute("people.create", { name: "eve", grants: [everywhere("administrator")] }, local),
  ]) {
    expect(await verdict(work)).toBe("forbidden: Needs the role administrator for all clusters.");
  }
});

it("one's own password, sessions and codes are changed by the current password, and never by a program", async () => {
  const run = snapkeep.execute;
  const elsewhere = sessionOf(await signIn("ada", password));
  expect((await run("account.sessions", {}, ada)).sessions.map((row) => row.current).sort()).toEqual([
    false,
    true,
  ]);
  const change = (currentPassword: string) =>
    verdict(run("account.changePassword", { currentPassword, newPassword: "another pass phrase" }, ada));
  expect(await change("wrong-horse-battery")).toBe("invalid_input: This is not the current password.");
  expect(await change(password)).toBe("ok");
  expect(await snapkeep.runtime.sessions.authenticate(elsewhere.cookies)).toBeNull();
  expect(await snapkeep.runtime.sessions.authenticate(cookies)).not.toBeNull();

  const begun = await run("account.beginTotp", { password: "another pass phrase" }, ada);
  const code = new TOTP({ secret: Secret.fromBase32(begun.secret) }).generate();
  expect((await run("account.confirmTotp", { code }, ada)).recoveryCodes).toHaveLength(10);
  expect((await signIn("ada", "another pass phrase")).next).toBe("code");
  expect(await run("account.get", {}, ada)).toMatchObject({ ways: { code: true }, recoveryCodesLeft: 10 });
  await run("account.disableTotp", { password: "another pass phrase" }, ada);

  for (const name of ["account.get", "account.sessions", "account.passkeys"] as const) {
    expect(await verdict(run(name, {}, token)), name).toBe("forbidden: Only a person can do this.");
  }
  const end = run("account.endSession", { id: ada.sessionId }, token);
  expect(await verdict(end)).toBe("forbidden: Only a person can do this.");
});

it("somebody else's session can't be ended by its id", async () => {
  const made = await snapkeep.execute(
    "people.create",
    { name: "carol", grants: [everywhere("viewer")] },
    ada,
  );
  const carol = sessionOf(await signIn("carol", made.password, "the pass phrase of carol"));
  const end = snapkeep.execute("account.endSession", { id: ada.sessionId }, carol.caller);
  expect(await verdict(end)).toBe("not_found: There is no such session.");
  expect(await snapkeep.runtime.sessions.authenticate(cookies)).not.toBeNull();
});

it("a passkey is not taken without the question that was asked for it", async () => {
  const run = snapkeep.execute;
  const { options } = await run("account.beginPasskey", { password: "another pass phrase" }, ada);
  expect(options).toMatchObject({
    rp: { id: "localhost" },
    authenticatorSelection: { userVerification: "required" },
  });
  const response = {
    id: "made-up",
    rawId: "made-up",
    type: "public-key",
    response: {},
    clientExtensionResults: {},
  };
  expect(await verdict(run("account.finishPasskey", { name: "laptop", response }, ada))).toBe(
    "invalid_input: This passkey was not accepted. Try again.",
  );
  const sign = snapkeep.runtime.sessions.passkey({ response }, new Headers(), testRequest());
  expect(await verdict(sign)).toBe("unauthenticated: This passkey was not accepted. Try again.");
});
