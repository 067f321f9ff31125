import { Readable } from "node:stream";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { SignedIn } from "#core/access/index.ts";
import { isAppError } from "#core/kernel/errors.ts";
import { noteSecret } from "#core/testing/evidence.ts";
import { administrator, startRuntime, type TestRuntime, testRequest } from "#core/testing/runtime.ts";

// Rights are read at every request: whatever changes counts at once, for sessions and for API tokens.

let snapkeep: TestRuntime;
const password = noteSecret("correct horse battery staple");
const owner = "ada";

beforeAll(async () => {
  snapkeep = await startRuntime({ consulAddress: "" });
  const { sessions, setupToken } = snapkeep.runtime;
  const input = { setupToken: setupToken ?? "", username: owner, password };
  await sessions.createFirstAdmin(input, new Headers(), testRequest());
});
afterAll(() => snapkeep?.remove());

/** A person with this role, signed in with a password of their own. */
async function addPerson(name: string, role: "viewer" | "operator" | "administrator") {
  const made = await snapkeep.execute("people.create", { name, grants: [{ role }] });
  noteSecret(made.password);
  const signedIn = await snapkeep.runtime.sessions.signIn(
    { username: name, password: made.password, newPassword: password },
    new Headers(),
    testRequest(),
  );
  if (signedIn.caller === null) throw new Error(`${name} is asked for more than a password.`);
  return { id: made.id, headers: new Headers({ cookie: cookieOf(signedIn) }) };
}

const cookieOf = ({ setCookies }: Pick<SignedIn, "setCookies">) =>
  setCookies.map((line) => line.split(";")[0]).join("; ");

/** What this request may do now: "ok", or the code of the refusal. */
async function tryIt(
  headers: Headers,
  name: "snapshots.list" | "people.list" | "tokens.list" = "snapshots.list",
) {
  try {
    const caller = await snapkeep.runtime.callerOf(headers, "127.0.0.1");
    await snapkeep.runtime.execute(name, caller, {}, testRequest());
    return "ok";
  } catch (error) {
    return isAppError(error) ? error.code : String(error);
  }
}

/** A token that this session makes. */
async function makeToken(headers: Headers, role: "viewer" | "operator" | "administrator") {
  const caller = await snapkeep.runtime.callerOf(headers, "127.0.0.1");
  const { text, token } = await snapkeep.execute("tokens.create", { name: "ci", grants: [{ role }] }, caller);
  return { id: token.id, headers: new Headers({ authorization: `Bearer ${noteSecret(text)}` }) };
}

it("a role that is lowered during a session counts from the next request on, for its token too", async () => {
  const { id, headers } = await addPerson("grace", "administrator");
  const token = await makeToken(headers, "administrator");
  expect([await tryIt(headers, "people.list"), await tryIt(token.headers, "people.list")]).toEqual([
    "ok",
    "ok",
  ]);
  await snapkeep.execute("people.setGrants", { id, grants: [{ role: "viewer" }] });
  expect([await tryIt(headers, "people.list"), await tryIt(token.headers, "people.list")]).toEqual([
    "forbidden",
    "forbidden",
  ]);
  expect([await tryIt(headers), await tryIt(token.headers)]).toEqual(["ok", "ok"]);
});

it("a person who is disabled is signed out at once, and the token goes along, until they are enabled", async () => {
  const { id, headers } = await addPerson("linus", "operator");
  const token = await makeToken(headers, "viewer");
  await snapkeep.execute("people.disable", { id });
  expect([await tryIt(headers), await tryIt(token.headers)]).toEqual(["unauthenticated", "unauthenticated"]);
  await snapkeep.execute("people.enable", { id });
  expect(await tryIt(token.headers)).toBe("ok");
});

it("a token of a removed person is refused for good", async () => {
  const { id, headers } = await addPerson("dennis", "operator");
  const token = await makeToken(headers, "operator");
  expect(await tryIt(token.headers)).toBe("ok");
  await snapkeep.execute("people.remove", { id });
  expect([await tryIt(headers), await tryIt(token.headers)]).toEqual(["unauthenticated", "unauthenticated"]);
  const { tokens } = await snapkeep.execute("tokens.list", {});
  expect(tokens.find((one) => one.id === token.id)?.state).toMatch(/^(revoked|maker gone)$/);
});

it("ended sessions are refused", async () => {
  const { id, headers } = await addPerson("barbara", "viewer");
  expect(await tryIt(headers)).toBe("ok");
  await snapkeep.execute("people.endSessions", { id });
  expect(await tryIt(headers)).toBe("unauthenticated");
});

it("a token may not be made for more than its maker holds, nor by a token, and only its maker revokes it", async () => {
  const { headers } = await addPerson("ken", "operator");
  const caller = await snapkeep.runtime.callerOf(headers, "127.0.0.1");
  const make = (role: "administrator" | "viewer", by = caller) =>
    snapkeep.execute("tokens.create", { name: "more", grants: [{ role }] }, by).then(
      ({ token }) => token.id,
      (error: unknown) => (isAppError(error) ? error.code : String(error)),
    );
  expect(await make("administrator")).toBe("forbidden");
  const own = await makeToken(headers, "viewer");
  const asToken = await snapkeep.runtime.callerOf(own.headers, "127.0.0.1");
  expect(await make("viewer", asToken)).toBe("forbidden");

  const other = await addPerson("rob", "operator");
  const stranger = await snapkeep.runtime.callerOf(other.headers, "127.0.0.1");
  const revoke = (by: typeof stranger) =>
    snapkeep.execute("tokens.revoke", { id: own.id }, by).then(
      () => "ok",
      (error: unknown) => (isAppError(error) ? `${error.code}: ${error.userMessage}` : String(error)),
    );
  expect(await revoke(stranger)).toBe("not_found: There is no such token.");
  expect((await snapkeep.execute("tokens.list", {}, stranger)).tokens).toEqual([]);
  expect(await revoke(caller)).toBe("ok");
  expect(await tryIt(own.headers)).toBe("unauthenticated");
  expect(await revoke(administrator)).toBe("ok");
});

it("a token that is no good is refused even beside a good session", async () => {
  const { headers } = await addPerson("margaret", "viewer");
  const both = new Headers(headers);
  both.set("authorization", "Bearer skt_wrong");
  expect(await tryIt(both)).toBe("unauthenticated");
});

it("a ticket opens nothing any more for whoever lost the role that it was given for", async () => {
  const { id, headers } = await addPerson("edsger", "administrator");
  const before = await snapkeep.runtime.callerOf(headers, "127.0.0.1");
  const upload = await snapkeep.execute("snapshots.beginUpload", { fileName: "a.snap", bytes: 3 }, before);
  const log = await snapkeep.execute("audit.export", { format: "csv" }, before);
  await snapkeep.execute("people.setGrants", { id, grants: [{ role: "viewer" }] });
  const now = await snapkeep.runtime.callerOf(headers, "127.0.0.1");
  if (now === null) throw new Error("The session ended.");
  const ticketOf = ({ url }: { url: string }) => url.split("/").at(-1) ?? "";
  const { streams } = snapkeep.runtime;
  const source = Readable.from([Buffer.from("abc")]);
  await expect(streams.upload(ticketOf(upload), now, testRequest(), source, 3)).rejects.toMatchObject({
    code: "forbidden",
  });
  await expect(streams.exportAudit(ticketOf(log), now, testRequest())).rejects.toMatchObject({
    code: "forbidden",
  });
  const { rows } = await snapkeep.execute("audit.list", { action: "snapshot.upload" });
  expect(rows[0]).toMatchObject({ outcome: "denied", targetId: upload.snapshotId });
});
