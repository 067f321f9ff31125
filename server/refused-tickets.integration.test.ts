import { get } from "node:http";
import path from "node:path";
import Sqlite from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "#core/kernel/clock.ts";
import { writeArchive } from "#core/testing/archive-writer.ts";
import { noteSecret } from "#core/testing/evidence.ts";
import { type HttpDoor, openHttpDoor } from "#core/testing/http-door.ts";
import { recordSamples } from "#core/testing/record-samples.ts";
import { startRuntime, type TestRuntime, testRequest } from "#core/testing/runtime.ts";
import { uploadArchive } from "#core/testing/upload-archive.ts";
import { waitFor } from "#core/testing/wait-for.ts";

// What is refused after a ticket was given, or with a ticket that is no good, stands in the log and in the output.

let snapkeep: TestRuntime;
let door: HttpDoor;
let offsetMs = 0;
let comparisonId: string;
const clock = {
  nowMs: () => systemClock.nowMs() + offsetMs,
  monotonicMs: () => systemClock.monotonicMs() + offsetMs,
};

beforeAll(async () => {
  snapkeep = await startRuntime({ consulAddress: "", clock, env: { SNAPKEEP_TRUSTED_PROXIES: "1" } });
  door = await openHttpDoor(snapkeep.runtime);
  const { id: clusterId } = await snapkeep.execute("clusters.create", {
    name: "own",
    addresses: ["http://127.0.0.1:1"],
  });
  const place = { clusterId, datacenter: "dc1" };
  const [a = "", b = ""] = await Promise.all(
    [1, 2].map(() => uploadArchive(snapkeep, writeArchive({ records: recordSamples }), place)),
  );
  const started = await snapkeep.execute("comparisons.start", {
    a: { snapshotId: a },
    b: { snapshotId: b },
  });
  comparisonId = started.id;
  await waitFor("the comparison", async () => {
    const { state } = await snapkeep.execute("comparisons.get", { id: comparisonId });
    return state === "ready" ? state : null;
  });
});
afterAll(async () => {
  await door?.close();
  await snapkeep?.remove();
});

let addresses = 0;
/** Each case has an address of its own, since of one address only so many refusals are written. */
const fresh = () => {
  addresses += 1;
  return `10.1.0.${addresses}`;
};
async function open(url: string, address: string, headers: Record<string, string> = { Cookie: door.cookie }) {
  const answer = await fetch(`${door.origin}${url}`, {
    headers: { ...headers, "X-Forwarded-For": address },
  });
  return { status: answer.status, id: answer.headers.get("x-request-id") ?? "", text: await answer.text() };
}
const rowsOf = async (address: string) =>
  (await snapkeep.auditRows()).filter((row) => row.address === address);
/** The line of a request in the output, and how loud it is. */
const lineOf = (requestId: string) => {
  const lines = snapkeep.logLines.filter((line) => line.includes(requestId)).map((line) => JSON.parse(line));
  return lines.map(({ level, code }) => [level, code]);
};

const kinds = [
  [
    "audit export",
    "audit.export",
    (by = door.person) => snapkeep.execute("audit.export", { format: "jsonl" }, by),
  ],
  [
    "comparison export",
    "snapshot.exportDifferences",
    (by = door.person) => snapkeep.execute("comparisons.export", { id: comparisonId }, by),
  ],
] as const;

describe.each(kinds)("the ticket of an %s", (_kind, action, ask) => {
  it("opens it once; used again it is refused, with a row and a line", async () => {
    const address = fresh();
    const { url } = await ask();
    expect(await open(url, address)).toMatchObject({ status: 200 });
    const again = await open(url, address);
    expect(again).toMatchObject({ status: 403, text: expect.stringContaining("ticket_invalid") });
    const denied = (await rowsOf(address)).filter((row) => row.outcome === "denied");
    expect(denied).toMatchObject([
      { action, actorName: "grace", detail: "This link was used already.", requestId: again.id },
    ]);
    expect(lineOf(again.id)).toEqual([["info", "ticket_invalid"]]);
  });

  it("is refused once its minute is over", async () => {
    const address = fresh();
    const { url } = await ask();
    offsetMs += 60_000;
    expect(await open(url, address)).toMatchObject({ status: 403 });
    expect(await rowsOf(address)).toMatchObject([
      { action, outcome: "denied", detail: "This link has expired." },
    ]);
  });

  it("is refused in somebody else's hands, and good in the right ones after that", async () => {
    const address = fresh();
    const { url } = await ask({ ...door.person, userId: "u-somebody-else" });
    expect(await open(url, address)).toMatchObject({ status: 403 });
    expect(await rowsOf(address)).toMatchObject([
      { action, outcome: "denied", detail: "This link was given to somebody else." },
    ]);
    const changed = (await ask()).url.replace(/.$/, (end) => (end === "0" ? "1" : "0"));
    expect(await open(changed, address)).toMatchObject({ status: 403 });
    expect((await rowsOf(address)).at(-1)).toMatchObject({ detail: "This link isn't as it was given out." });
  });
});

it("made-up tickets leave no more rows than refusals of an address may", async () => {
  const address = fresh();
  for (let i = 0; i < 110; i += 1)
    expect((await open(`/stream/downloads/t-${i}.x`, address)).status).toBe(403);
  const rows = await rowsOf(address);
  expect(rows).toHaveLength(100);
  expect(rows.at(-1)?.detail).toContain("More refusals of this address are not written");
});

describe("an export", () => {
  it.each(kinds)(
    "of the %s kind is denied, in the log as well, once the role is gone",
    async (_kind, action, ask) => {
      const { text, token } = await snapkeep.execute(
        "tokens.create",
        {
          name: "reader",
          grants: [{ role: "administrator" }],
        },
        door.person,
      );
      const caller = await snapkeep.runtime.callerOf(
        new Headers({ authorization: `Bearer ${noteSecret(text)}` }),
        "10.2.0.1",
      );
      if (caller?.kind !== "token") throw new Error("It is a token.");
      const { url } = await ask(caller as never);
      const weaker = { ...caller, grants: [] };
      const ticket = url.split("/").at(-1) ?? "";
      const { streams } = snapkeep.runtime;
      const opened =
        action === "audit.export"
          ? streams.exportAudit(ticket, weaker, testRequest())
          : streams.exportDifferences(ticket, weaker, testRequest());
      await expect(opened).rejects.toMatchObject({ code: "forbidden" });
      expect((await snapkeep.auditRows()).at(-1)).toMatchObject({
        action,
        outcome: "denied",
        actorId: token.id,
      });
    },
  );

  it("of the log is ok only once the last byte has gone", async () => {
    const { url } = await snapkeep.execute("audit.export", { format: "csv" }, door.person);
    const outcomes = async () =>
      (await snapkeep.auditRows()).filter((row) => row.action === "audit.export").map((row) => row.outcome);
    const before = await outcomes();
    expect(before.at(-1)).toBe("intent");
    expect(await open(url, fresh())).toMatchObject({ status: 200 });
    await waitFor("the outcome", async () => ((await outcomes()).length > before.length ? true : null));
    expect((await outcomes()).at(-1)).toBe("ok");
  });

  it("of the log that breaks off is failed in it", async () => {
    fillLog(path.join(snapkeep.dataFolder, "snapkeep.db"));
    const address = fresh();
    const { url } = await snapkeep.execute("audit.export", { format: "jsonl" }, door.person);
    await readAndLeave(url, address);
    const row = await waitFor("the outcome", async () => (await rowsOf(address)).at(-1) ?? null);
    expect(row).toMatchObject({ action: "audit.export", outcome: "failed" });
    expect(row.detail).toMatch(/^broke off after \d+ bytes$/);
  });
});

/** More than the sockets between both sides can hold. */
function fillLog(file: string): void {
  const db = new Sqlite(file, { timeout: 10_000 });
  const { last } = db.prepare(`SELECT max("entry") AS "last" FROM "AuditEntry"`).get() as { last: number };
  const insert = db.prepare(
    `INSERT INTO "AuditEntry" ("entry", "at", "actorKind", "actorName", "role", "address", "door", "action", "target",
     "outcome", "requestId", "correlationId", "reason") VALUES (?, '2020-01-01T00:00:00.000+00:00', 'system', 'x', 'x', 'x', 'cli',
     'x', 'x', 'ok', 'x', 'x', ?)`,
  );
  db.transaction(() => {
    for (let entry = last + 1; entry <= last + 2_000; entry += 1) insert.run(entry, "x".repeat(20_000));
  })();
  db.close();
}

function readAndLeave(url: string, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { Cookie: door.cookie, "X-Forwarded-For": address };
    const asked = get(`${door.origin}${url}`, { headers, agent: false }, (answer) => {
      answer.once("data", () => {
        answer.destroy();
        resolve();
      });
    });
    asked.once("error", reject);
  });
}

describe("an API token that is no good any more", () => {
  const use = (text: string, address: string) =>
    open("/api/v1/audit/export?format=csv", address, { Authorization: `Bearer ${text}` });
  const made = async (lifeDays: number | null) => {
    const input = { name: "ci", grants: [{ role: "viewer" as const }], lifeDays };
    const { text, token } = await snapkeep.execute("tokens.create", input, door.person);
    return { text: noteSecret(text), id: token.id };
  };

  it("leaves a row with its name when it is used, one a day however often", async () => {
    const address = fresh();
    const { text, id } = await made(null);
    await snapkeep.execute("tokens.revoke", { id }, door.person);
    const first = await use(text, address);
    expect(first.status).toBe(401);
    for (let i = 0; i < 5; i += 1) await use(text, address);
    expect(await rowsOf(address)).toMatchObject([
      {
        action: "token.use",
        outcome: "denied",
        actorKind: "unknown",
        target: "api:ci",
        targetId: id,
        detail: "This API token was revoked.",
        requestId: first.id,
      },
    ]);
    offsetMs += 24 * 3_600_000;
    await use(text, address);
    expect(await rowsOf(address)).toHaveLength(2);
  });

  it("says that it has expired; one that never was leaves none", async () => {
    const address = fresh();
    const { text } = await made(1);
    offsetMs += 25 * 3_600_000;
    expect((await use(text, address)).status).toBe(401);
    expect((await use("skt_made-up", address)).status).toBe(401);
    expect(await rowsOf(address)).toMatchObject([{ detail: "This API token has expired." }]);
  });
});
