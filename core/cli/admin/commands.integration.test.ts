import { existsSync } from "node:fs";
import path from "node:path";
import Sqlite from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { noteSecret } from "#core/testing/evidence.ts";
import { makeTempFolder, removeTempFolder } from "#core/testing/leftovers.ts";
import { makeToken, runRecordsCommand } from "#core/testing/records-command.ts";
import { type ServerProcess, startServerProcess } from "#core/testing/server-process.ts";

// The built command, beside the built server that works on the same records.

let server: ServerProcess;
beforeAll(async () => {
  server = await startServerProcess({ CONSUL_HTTP_ADDR: "http://127.0.0.1:1" });
});
afterAll(() => server?.stop());

const run = (...args: string[]) => runRecordsCommand(server.dataFolder, args);
const get = (url: string, headers: Record<string, string>) => fetch(`${server.origin}${url}`, { headers });

async function signIn(username: string, password: string, newPassword?: string) {
  const answer = await fetch(`${server.origin}/api/v1/sign-in`, {
    method: "POST",
    headers: { Origin: server.origin },
    body: JSON.stringify({ username, password, ...(newPassword === undefined ? {} : { newPassword }) }),
  });
  return {
    status: answer.status,
    cookie: answer.headers
      .getSetCookie()
      .map((line) => line.split(";")[0])
      .join("; "),
  };
}

describe("snapkeep token", () => {
  it("prints a token once that the running server takes at once, and takes back", async () => {
    const token = await makeToken(server.dataFolder, "operator", ["--name", "ci"]);
    const authorization = { Authorization: `Bearer ${token}` };
    expect((await get("/api/v1/snapshots", authorization)).status).toBe(200);
    const list = await run("token", "list");
    expect(list.out).toMatch(/ci\s+skt_\S+\s+operator for all clusters\s+active/);
    expect(list.out).not.toContain(token);
    expect(await run("token", "revoke", "ci")).toMatchObject({ code: 0 });
    expect((await get("/api/v1/snapshots", authorization)).status).toBe(401);
  });

  it("says what is wrong, on stderr and with 2", async () => {
    const wrong: [string[], RegExp][] = [
      [["token"], /token create, token list or token revoke/],
      [["token", "create", "--role", "root", "--name", "x"], /--role takes viewer, operator/],
      [["token", "create", "--role", "viewer"], /--name says/],
      [["token", "create", "--role", "viewer", "--name", "a b"], /letters, digits/],
      [
        ["token", "create", "--role", "viewer", "--name", "x", "--cluster", "nowhere"],
        /There is no cluster nowhere/,
      ],
      [["token", "create", "--role", "viewer", "--name", "x", "--datacenter", "dc1"], /needs its --cluster/],
      [["token", "revoke", "nothing"], /There is no token nothing/],
    ];
    for (const [args, words] of wrong) {
      const { code, out, errors } = await run(...args);
      expect([args.join(" "), code, out]).toEqual([args.join(" "), 2, ""]);
      expect(errors).toMatch(words);
    }
  });
});

describe("snapkeep user", () => {
  const own = noteSecret("a pass phrase of one's own");

  it("makes an account with a password for one sign-in, resets it, and ends its sessions", async () => {
    const made = await run("user", "create", "night-shift", "--role", "administrator", "--break-glass");
    const password = noteSecret(made.out.trim());
    expect((await signIn("night-shift", password)).cookie).not.toContain("session_token=");
    const first = await signIn("night-shift", password, own);
    expect(first.status).toBe(200);
    expect((await get("/api/v1/session", { Cookie: first.cookie })).status).toBe(200);

    expect((await run("user", "revoke-sessions", "night-shift")).out).toBe(
      "1 session of night-shift ended.\n",
    );
    expect((await get("/api/v1/session", { Cookie: first.cookie })).status).toBe(401);

    const reset = await run("user", "reset", "night-shift");
    noteSecret(reset.out.trim().split("\n").at(-1) ?? "");
    expect((await signIn("night-shift", own)).status).toBe(401);
    expect((await run("user", "list")).out).toMatch(
      /night-shift\s+administrator\s+active\s+local, break-glass/,
    );
    expect(await run("user", "reset", "nobody")).toMatchObject({ code: 2, out: "" });
  });
});

describe("snapkeep audit", () => {
  it("has the rows of these commands, by whom the machine knows, and finds the chain intact", async () => {
    const { code, out } = await run("audit", "verify");
    expect(code).toBe(0);
    expect(out).toMatch(/^The hash chain is intact: \d+ entries up to \d+/);
    const auditor = await makeToken(server.dataFolder, "auditor");
    const answer = await get("/api/v1/audit?limit=200", { Authorization: `Bearer ${auditor}` });
    const { rows } = (await answer.json()) as { rows: { action: string; actorName: string; door: string }[] };
    const made = rows.find((row) => row.action === "token.create");
    expect(made).toMatchObject({ door: "cli", actorName: expect.stringMatching(/^command line \(.+\)$/) });
    expect(rows.map(({ action }) => action)).toEqual(
      expect.arrayContaining([
        "person.add",
        "person.reset_password",
        "session.end",
        "audit.verify",
        "token.revoke",
      ]),
    );
  });

  it("names the first broken entry and ends with 1", async () => {
    const records = new Sqlite(path.join(server.dataFolder, "snapkeep.db"), { timeout: 10_000 });
    records.exec(`DROP TRIGGER "AuditEntry_stays_as_written"`);
    records.prepare(`UPDATE "AuditEntry" SET "actorName" = 'somebody else' WHERE "entry" = 3`).run();
    records.close();
    const { code, out } = await run("audit", "verify");
    expect(code).toBe(1);
    expect(out).toMatch(/^The hash chain is broken at entry 3 \(/);
  });
});

it("where there is no Snapkeep, it says so and makes nothing", async () => {
  const empty = makeTempFolder("snapkeep-empty-");
  const { code, errors } = await runRecordsCommand(empty, ["token", "list"]);
  expect(code).toBe(2);
  expect(errors).toMatch(/There is no Snapkeep in/);
  removeTempFolder(empty);
});

it("refuses to write with another key than the server's, and makes none", async () => {
  const secret = noteSecret("a master key of the server, long enough");
  const other = await startServerProcess({ CONSUL_HTTP_ADDR: "http://127.0.0.1:1", SNAPKEEP_SECRET: secret });
  const make = ["token", "create", "--role", "viewer", "--name", "ci"];
  const wrong: Record<string, string>[] = [{}, { SNAPKEEP_SECRET: "a master key of somebody else, as long" }];
  for (const env of wrong) {
    const { code, out, errors } = await runRecordsCommand(other.dataFolder, make, env);
    expect([code, out]).toEqual([2, ""]);
    expect(errors).toContain("belong to another key");
  }
  expect(existsSync(path.join(other.dataFolder, "secret.key"))).toBe(false);
  const withKey = { SNAPKEEP_SECRET: secret };
  expect((await runRecordsCommand(other.dataFolder, make, withKey)).code).toBe(0);
  expect((await runRecordsCommand(other.dataFolder, ["audit", "verify"], withKey)).code).toBe(0);
  await other.stop();
});

it("works on the records while no server runs, too", async () => {
  const other = await startServerProcess({ CONSUL_HTTP_ADDR: "http://127.0.0.1:1" });
  await other.stopKeepingData();
  const { code, out } = await runRecordsCommand(other.dataFolder, ["audit", "verify"]);
  expect([code, out.startsWith("The hash chain is intact")]).toEqual([0, true]);
  removeTempFolder(other.dataFolder);
});
