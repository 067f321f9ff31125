import { readFileSync } from "node:fs";
import { type ClientRequest, request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "#core/kernel/clock.ts";
import { isAppError } from "#core/kernel/errors.ts";
import type { SnapshotDetail } from "#core/snapshots/contract.ts";
import { type SingleServer, startConsulServer } from "#core/testing/consul-cluster.ts";
import { callConsul, writeKey } from "#core/testing/consul-http.ts";
import { type HttpDoor, openHttpDoor } from "#core/testing/http-door.ts";
import { exchangeRaw } from "#core/testing/raw-exchange.ts";
import { type Person, startRuntime, type TestRuntime } from "#core/testing/runtime.ts";
import { seedBytes } from "#core/testing/seed-bytes.ts";
import { waitFor } from "#core/testing/wait-for.ts";

let consul: SingleServer;
let snapkeep: TestRuntime;
let door: HttpDoor;
let offsetMs = 0;
/** More than the sockets between server and browser can hold, so that who goes away leaves bytes unsent. */
let big: SnapshotDetail;
let small: SnapshotDetail;
let bytes: Buffer;

beforeAll(async () => {
  consul = await startConsulServer({ dev: true });
  snapkeep = await startRuntime({
    consulAddress: consul.server.httpAddress,
    clock: { ...systemClock, nowMs: () => Date.now() + offsetMs },
  });
  door = await openHttpDoor(snapkeep.runtime);
  small = await snapkeep.take();
  bytes = readFileSync(snapkeep.archivePath(small.id));
  const values = Array.from({ length: 60 }, (_, index) => index);
  for (const index of values)
    await writeKey(consul.target(), `big/${index}`, seedBytes(`big/${index}`, 500_000));
  big = await snapkeep.take();
  await callConsul(consul.target(), "DELETE", "/v1/kv/big/?recurse");
});

afterAll(async () => {
  await door?.close();
  await snapkeep?.remove();
  await consul?.stop();
});

const ticketFor = async (id: string, person: Person = door.person) =>
  (await snapkeep.execute("snapshots.download", { id }, person)).url;

interface Ask {
  method?: string;
  headers?: Record<string, string>;
  cookie?: string | null;
}

function get(url: string, { method = "GET", headers = {}, cookie = door.cookie }: Ask = {}) {
  return exchangeRaw(`${door.origin}${url}`, {
    method,
    headers: { ...(cookie === null ? {} : { Cookie: cookie }), ...headers },
  });
}

async function rowsAbout(id: string) {
  const all = await snapkeep.auditRows();
  return all.filter((entry) => entry.targetId === id && entry.action === "snapshot.download");
}

/** The outcome row is written after the last byte has gone, which the browser may see a moment earlier. */
function waitForOutcome(correlationId: string) {
  return waitFor("the download's outcome", async () => {
    const rows = (await snapkeep.auditRows()).filter((entry) => entry.correlationId === correlationId);
    return rows.find((entry) => entry.outcome !== "intent") ?? null;
  });
}

async function lastIntent(id: string): Promise<string> {
  const intent = (await rowsAbout(id)).filter((entry) => entry.outcome === "intent").at(-1);
  if (intent === undefined) throw new Error("No download was asked for.");
  return intent.correlationId;
}

describe("a download", () => {
  it("gives byte for byte what is stored, with its length, checksum and name", async () => {
    const answer = await get(await ticketFor(small.id));
    expect(answer).toMatchObject({ status: 200, errorCode: null });
    expect(answer.body.equals(bytes)).toBe(true);
    expect(answer.headers).toMatchObject({
      "content-length": String(bytes.length),
      etag: `"${small.archiveSha256}"`,
      "accept-ranges": "bytes",
      "content-disposition": `attachment; filename="${small.fileName}"`,
      "content-type": "application/x-gzip",
      "cache-control": "private, no-store",
      "x-content-type-options": "nosniff",
    });
    expect(answer.headers["content-encoding"]).toBeUndefined();
    const outcome = await waitForOutcome(await lastIntent(small.id));
    expect(outcome).toMatchObject({
      outcome: "ok",
      detail: `${(bytes.length / 1_000).toFixed(1)} KB`,
      actorName: "grace",
    });
  });

  it("of many megabytes arrives whole", async () => {
    const answer = await get(await ticketFor(big.id));
    expect(answer.body.length).toBe(big.archiveBytes);
    expect(answer.body.equals(readFileSync(snapkeep.archivePath(big.id)))).toBe(true);
  });

  it.each([
    ["in the middle", "bytes=100-299", 100, 300],
    ["of one byte", "bytes=0-0", 0, 1],
    ["to the end", "bytes=1000-", 1_000, undefined],
    ["of the last bytes", "bytes=-17", -17, undefined],
    ["that reaches over the end", "bytes=1000-99999999", 1_000, undefined],
  ])("with a range %s gives exactly these bytes", async (_name, range, start, end) => {
    const answer = await get(await ticketFor(small.id), { headers: { Range: range } });
    const wanted = bytes.subarray(start, end);
    const first = start < 0 ? bytes.length + start : start;
    expect(answer.status).toBe(206);
    expect(answer.body.equals(wanted)).toBe(true);
    expect(answer.headers["content-length"]).toBe(String(wanted.length));
    expect(answer.headers["content-range"]).toBe(
      `bytes ${first}-${first + wanted.length - 1}/${bytes.length}`,
    );
  });

  it("with a range behind the end is refused with 416 and the real length", async () => {
    const answer = await get(await ticketFor(small.id), { headers: { Range: `bytes=${bytes.length}-` } });
    expect(answer.status).toBe(416);
    expect(answer.headers["content-range"]).toBe(`bytes */${bytes.length}`);
    expect(answer.headers["content-type"]).toBe("application/problem+json");
    const outcome = await waitForOutcome(await lastIntent(small.id));
    expect(outcome).toMatchObject({ outcome: "failed" });
  });

  it("goes on where it stopped only while If-Range names the same archive", async () => {
    const same = await get(await ticketFor(small.id), {
      headers: { Range: "bytes=10-19", "If-Range": `"${small.archiveSha256}"` },
    });
    expect(same.status).toBe(206);
    expect(same.body.equals(bytes.subarray(10, 20))).toBe(true);
    const other = await get(await ticketFor(small.id), {
      headers: { Range: "bytes=10-19", "If-Range": `"${"0".repeat(64)}"` },
    });
    expect(other.status).toBe(200);
    expect(other.body.equals(bytes)).toBe(true);
  });

  it("asked with HEAD shows the headers, sends nothing and doesn't use the ticket up", async () => {
    const url = await ticketFor(small.id);
    const head = await get(url, { method: "HEAD" });
    expect(head.status).toBe(200);
    expect(head.headers["content-length"]).toBe(String(bytes.length));
    expect(head.headers.etag).toBe(`"${small.archiveSha256}"`);
    expect(head.body.length).toBe(0);
    expect((await get(url)).body.equals(bytes)).toBe(true);
  });
});

describe("a ticket", () => {
  it("works once", async () => {
    const url = await ticketFor(small.id);
    expect((await get(url)).status).toBe(200);
    const again = await get(url);
    expect(again.status).toBe(403);
    expect(JSON.parse(again.body.toString())).toMatchObject({ code: "ticket_invalid" });
  });

  it("works once also for two who ask at the same moment", async () => {
    const url = await ticketFor(small.id);
    const answers = await Promise.all([get(url), get(url)]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 403]);
  });

  it("works for a minute", async () => {
    const url = await ticketFor(small.id);
    offsetMs += 61_000;
    expect((await get(url)).status).toBe(403);
    offsetMs = 0;
  });

  it("works for nobody but the person it was made for", async () => {
    const url = await ticketFor(small.id, { ...door.person, userId: "u-someone-else" });
    expect((await get(url)).status).toBe(403);
  });

  it("that was changed doesn't work", async () => {
    const url = await ticketFor(small.id);
    const changed = url.replace(/.$/, (last) => (last === "0" ? "1" : "0"));
    expect((await get(changed)).status).toBe(403);
    expect((await get(url)).status).toBe(200);
  });

  it("for a download opens no upload", async () => {
    const url = (await ticketFor(small.id)).replace("/downloads/", "/uploads/");
    const answer = await get(url, { method: "PUT", headers: { Origin: door.origin } });
    expect(answer.status).toBe(403);
  });

  it("is nothing without a session", async () => {
    const url = await ticketFor(small.id);
    const answer = await get(url, { cookie: null });
    expect(answer.status).toBe(401);
    expect(JSON.parse(answer.body.toString())).toMatchObject({ code: "unauthenticated" });
    expect((await get(url)).status).toBe(200);
  });

  it("is not given for a snapshot that failed", async () => {
    const failed = await snapkeep.take({ datacenter: "nope" });
    const asked = ticketFor(failed.id);
    await expect(asked).rejects.toSatisfy((error) => isAppError(error) && error.code === "not_found");
  });
});

describe("a browser that goes away in the middle of a download", () => {
  /** Reads a little and then destroys the connection, as a closed tab does. */
  async function readAndLeave(url: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const outgoing: ClientRequest = request(
        `${door.origin}${url}`,
        { headers: { Cookie: door.cookie }, agent: false },
        (answer) => {
          answer.once("data", () => outgoing.destroy());
          answer.on("error", () => undefined);
          answer.on("close", () => resolve());
        },
      );
      outgoing.on("error", reject);
      outgoing.end();
    });
  }

  it("leaves a log that says that it broke off, and an archive that is as it was", async () => {
    await readAndLeave(await ticketFor(big.id));
    const outcome = await waitForOutcome(await lastIntent(big.id));
    expect(outcome.outcome).toBe("failed");
    const sent = Number(/^broke off after (\d+) bytes$/.exec(outcome.detail ?? "")?.[1]);
    expect(sent).toBeGreaterThan(0);
    expect(sent).toBeLessThan(big.archiveBytes ?? 0);
    expect((await get(await ticketFor(big.id))).body.length).toBe(big.archiveBytes);
  });
});

describe("an archive that is gone from the store", () => {
  it("between the ticket and the download is answered 404, and the log has an outcome", async () => {
    const row = await snapkeep.take();
    const url = await ticketFor(row.id);
    const correlationId = await lastIntent(row.id);
    await snapkeep.execute("snapshots.delete", { id: row.id });
    const answer = await get(url);
    expect(answer.status).toBe(404);
    expect(await waitForOutcome(correlationId)).toMatchObject({ outcome: "failed" });
  });
});
