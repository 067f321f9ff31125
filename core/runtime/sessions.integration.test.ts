import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { SignedIn, SignInAnswer } from "#core/access/index.ts";
import { isAppError } from "#core/kernel/errors.ts";
import { startRuntime, type TestRuntime, testRequest } from "#core/testing/runtime.ts";

const password = "correct-horse-battery";
let snapkeep: TestRuntime;
let cookies = new Headers();

beforeAll(async () => {
  snapkeep = await startRuntime({ consulAddress: "" });
});
afterAll(() => snapkeep?.remove());

async function verdict(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
    return "ok";
  } catch (error) {
    return isAppError(error) ? error.code : `fault: ${String(error)}`;
  }
}
const keep = (signedIn: SignedIn | SignInAnswer) => {
  cookies = new Headers({ cookie: signedIn.setCookies.map((line) => line.split(";")[0] ?? "").join("; ") });
};

it("set-up, sign-in and sign-out are audited, good and bad, and no password or token is kept anywhere", async () => {
  const { sessions, setupToken } = snapkeep.runtime;
  const token = setupToken ?? "";
  expect(token).not.toBe("");
  const request = testRequest("route");
  const first = (setup: string, username = "ada") =>
    sessions.createFirstAdmin({ setupToken: setup, username, password }, new Headers(), request);
  const signIn = (username: string, given: string) =>
    sessions.signIn({ username, password: given }, new Headers(), request);

  expect(await verdict(() => first("wrong-token"))).toBe("unauthenticated");
  keep(await first(token));
  expect(await verdict(() => first(token, "eve"))).toBe("unauthenticated");
  expect(await verdict(() => signIn("ada", "wrong-horse-battery"))).toBe("unauthenticated");
  // Somebody typed their password into the field above.
  expect(await verdict(() => signIn("pass-phrase-as-a-name", password))).toBe("unauthenticated");
  const again = await signIn("Ada", password);
  if (again.caller === null) throw new Error("Nothing more than the password should be asked for.");
  keep(again);
  await sessions.signOut(cookies, request);
  expect(await sessions.authenticate(cookies)).toBeNull();

  const rows = await snapkeep.auditRows();
  expect(rows.filter((row) => row.outcome === "denied").map((row) => row.detail)).toEqual([
    expect.stringContaining("not the setup token"),
    expect.stringContaining("set up already"),
    "ada: The user name or the password is wrong.",
    "An unknown name: The user name or the password is wrong.",
  ]);
  expect(rows.map((row) => [row.action, row.target, row.outcome, row.actorName])).toEqual([
    ["setup.first_admin", "ada", "denied", "unknown"],
    ["setup.first_admin", "ada", "ok", "ada"],
    ["setup.first_admin", "eve", "denied", "unknown"],
    ["session.sign_in", "password", "denied", "unknown"],
    ["session.sign_in", "password", "denied", "unknown"],
    ["session.sign_in", "password", "ok", "ada"],
    ["session.sign_out", "ada", "ok", "ada"],
  ]);

  const { dataFolder } = snapkeep;
  await snapkeep.stop();
  const stored = readFileSync(path.join(dataFolder, "snapkeep.db"), "latin1");
  for (const secret of [password, "wrong-horse-battery", token, "wrong-token", "pass-phrase-as-a-name"]) {
    expect(stored.includes(secret)).toBe(false);
    expect(snapkeep.logLines.join("").includes(secret)).toBe(false);
  }
});

it("a start finds the accounts again and prints no other setup token", async () => {
  const again = await startRuntime({ consulAddress: "", dataFolder: snapkeep.dataFolder });
  expect(again.runtime.setupToken).toBeNull();
  expect(await again.runtime.sessions.setupNeeded()).toBe(false);
  const { caller } = await again.runtime.sessions.signIn(
    { username: "ada", password },
    new Headers(),
    testRequest(),
  );
  expect(caller?.role).toBe("administrator");
  await again.stop();
});

it("a second start on the same data folder is refused while the first runs, and works after it", async () => {
  const first = await startRuntime({ consulAddress: "", dataFolder: snapkeep.dataFolder });
  expect(await verdict(() => startRuntime({ consulAddress: "", dataFolder: snapkeep.dataFolder }))).toBe(
    "conflict",
  );
  await first.stop();
  const second = await startRuntime({ consulAddress: "", dataFolder: snapkeep.dataFolder });
  await second.stop();
});

it("a start that fails half-way lets go of the data folder", async () => {
  const missing = path.join(snapkeep.dataFolder, "missing");
  const wrong = () =>
    startRuntime({
      consulAddress: "127.0.0.1:1",
      dataFolder: snapkeep.dataFolder,
      env: { CONSUL_CACERT: missing },
    });
  expect(await verdict(wrong)).toBe("invalid_input");
  const after = await startRuntime({ consulAddress: "", dataFolder: snapkeep.dataFolder });
  await after.stop();
});
