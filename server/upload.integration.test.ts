import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { request } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { AppError } from "#core/kernel/errors.ts";
import type { BeginUploadInput, SnapshotDetail } from "#core/snapshots/contract.ts";
import { writeArchive } from "#core/testing/archive-writer.ts";
import { archiveCases } from "#core/testing/broken-archives.ts";
import { type SingleServer, startConsulServer } from "#core/testing/consul-cluster.ts";
import { askConsul, fetchArchive, readKey, writeKey } from "#core/testing/consul-http.ts";
import { createHold, type Hold } from "#core/testing/hold.ts";
import { type HttpDoor, openHttpDoor } from "#core/testing/http-door.ts";
import { exchangeRaw } from "#core/testing/raw-exchange.ts";
import { clusterId, startRuntime, type TestRuntime } from "#core/testing/runtime.ts";
import { seedBytes } from "#core/testing/seed-bytes.ts";
import { waitFor } from "#core/testing/wait-for.ts";

let consul: SingleServer;
let snapkeep: TestRuntime;
let door: HttpDoor;
let hold: Hold;
let fromConsul: Buffer;

beforeAll(async () => {
  consul = await startConsulServer({ dev: true });
  await writeKey(consul.target(), "uploaded/key", "from the file");
  fromConsul = await fetchArchive(consul.target());
  hold = createHold();
  snapkeep = await startRuntime({
    consulAddress: consul.server.httpAddress,
    aroundStore: hold.around,
  });
  door = await openHttpDoor(snapkeep.runtime);
});

afterAll(async () => {
  hold?.release();
  await door?.close();
  await snapkeep?.remove();
  await consul?.stop();
});

beforeEach(() => hold.release());

/** What the action does before the bytes come: the permission, the audit row, the ticket. */
const begin = (input: Partial<BeginUploadInput> & { bytes: number }) =>
  snapkeep.execute("snapshots.beginUpload", { fileName: "backup.snap", ...input }, door.person);

const headers = () => ({ Cookie: door.cookie, Origin: door.origin });

async function upload(body: Buffer, input: Partial<BeginUploadInput> = {}) {
  const ticket = await begin({ bytes: Math.max(1, body.length), ...input });
  const answer = await exchangeRaw(`${door.origin}${ticket.url}`, {
    method: "PUT",
    headers: { ...headers(), "Content-Length": String(body.length) },
    body,
  });
  return { id: ticket.snapshotId, answer, said: JSON.parse(answer.body.toString() || "{}") };
}

async function auditOf(id: string) {
  const all = await snapkeep.auditRows();
  const outcome = all.find((entry) => entry.targetId === id && entry.action === "snapshot.upload");
  return all.filter((entry) => entry.correlationId === outcome?.correlationId);
}

/** Neither a file nor a row; the reason is in the audit log, under the correlation id of the intent. */
async function expectNothingLeft(id: string, reason: RegExp): Promise<void> {
  const settled = await waitFor("the upload's outcome", async () => {
    const rows = await auditOf(id);
    return rows.length === 0 ? null : rows;
  });
  expect(settled.map((entry) => entry.outcome)).toEqual(["intent", "failed"]);
  expect(settled.at(-1)?.detail).toMatch(reason);
  expect(await snapkeep.snapshotRow(id)).toBeNull();
  expect(snapkeep.archiveFiles().filter((name) => name.startsWith(id))).toEqual([]);
}

const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

describe("a good archive", () => {
  it("is kept byte for byte, with what meta.json and the ticket say of it", async () => {
    const { id, answer } = await upload(fromConsul, {
      fileName: "old-backup.snap",
      clusterId,
      datacenter: "dc1",
      note: "from the old store",
      pin: true,
    });
    expect(answer.status).toBe(201);
    const row = (await snapkeep.snapshotRow(id)) as SnapshotDetail;
    expect(readFileSync(snapkeep.archivePath(id)).equals(fromConsul)).toBe(true);
    expect(row).toMatchObject({
      state: "verified",
      source: "upload",
      mode: "file",
      datacenter: "dc1",
      clusterName: "default",
      note: "from the old store",
      pinned: true,
      byName: "grace",
      archiveBytes: fromConsul.length,
      archiveSha256: sha256(fromConsul),
      requestLine: "file old-backup.snap",
      responseStatus: null,
      knownLeader: null,
    });
    // Raft wrote the time into its id, so the history shows when the snapshot was made, not when it came here.
    expect(row.takenAt).toBe(row.meta?.createdAt);
    expect(row.records.find((record) => record.name === "KVS")?.count).toBe(1);
    expect((await auditOf(id)).map((entry) => [entry.action, entry.outcome])).toEqual([
      ["snapshot.upload", "intent"],
      ["snapshot.upload", "ok"],
    ]);
  });

  it("of which nobody says the datacenter has the one of its nodes, and isn't compared with other uploads", async () => {
    await upload(writeArchive());
    const { id } = await upload(fromConsul);
    expect(await snapkeep.snapshotRow(id)).toMatchObject({
      state: "verified",
      datacenter: "dc1",
      clusterName: "uploaded",
      note: "backup.snap",
      changeBytes: null,
    });
  });

  it("can be restored with the plain consul afterwards: it is what was sent", async () => {
    const { id } = await upload(fromConsul);
    await writeKey(consul.target(), "uploaded/key", "changed since");
    const stored = readFileSync(snapkeep.archivePath(id));
    expect(await askConsul(consul.target(), "PUT", "/v1/snapshot", stored)).toMatchObject({ status: 200 });
    await consul.waitUntilReady();
    expect(await readKey(consul.target(), "uploaded/key")).toBe("from the file");
  });
});

describe("an archive that doesn't verify", () => {
  it.each(archiveCases.map((one) => [one.name, one] as const))(
    "(%s) is refused with its reason and leaves nothing; a good one is kept",
    async (_name, { archive, codes }) => {
      const { id, answer, said } = await upload(archive);
      if (codes.length === 0) {
        expect(answer.status).toBe(201);
        expect(await snapkeep.snapshotRow(id)).toMatchObject({ state: "verified" });
        return;
      }
      if (archive.length === 0) {
        expect(said).toMatchObject({ code: "invalid_input" });
        return expectNothingLeft(id, /was announced with 1 bytes and has 0\./);
      }
      expect(answer.status).toBe(422);
      expect(said).toMatchObject({ code: "archive_invalid" });
      await expectNothingLeft(id, new RegExp(escaped(said.detail)));
    },
  );

  it("is refused in the words that Consul itself has for it", async () => {
    const wanted = [
      "a text instead of an archive",
      "cut in the middle",
      "state.bin changed",
      "no SHA256SUMS",
    ];
    // Of several members without a sum, Consul names whichever its map gives first: another one on another day.
    const anyMember = (text: string) =>
      text.replace(/file missing for "(?:meta\.json|state\.bin)"/, "file missing");
    for (const { name, archive } of archiveCases.filter((one) => wanted.includes(one.name))) {
      const consulSaid = (await askConsul(consul.target(), "PUT", "/v1/snapshot", archive)).text;
      const { said } = await upload(archive);
      expect(anyMember(said.detail), name).toContain(
        anyMember(consulSaid)
          .trim()
          .replace(
            /^failed to (?:read snapshot file|decompress snapshot): |failed checking integrity of snapshot: /g,
            "",
          ),
      );
    }
  });

  it("cut at any of the last 1, 2, 4, 8, 200 bytes is refused and leaves nothing", async () => {
    for (const missing of [1, 2, 4, 8, 200]) {
      const { id, answer } = await upload(fromConsul.subarray(0, -missing));
      expect(answer.status).toBe(422);
      await expectNothingLeft(id, /unexpected EOF|breaks off/);
    }
  });
});

describe("a body that isn't as long as was said", () => {
  async function send(body: Buffer, contentLength: number | null, announced: number) {
    const { url, snapshotId } = await begin({ bytes: announced });
    const answer = await exchangeRaw(`${door.origin}${url}`, {
      method: "PUT",
      headers: {
        ...headers(),
        ...(contentLength === null ? {} : { "Content-Length": String(contentLength) }),
      },
      body,
    });
    return { id: snapshotId, answer };
  }

  it("but shorter, though a whole archive, is refused", async () => {
    const { id, answer } = await send(fromConsul, fromConsul.length, fromConsul.length + 1);
    expect(answer.status).toBe(400);
    await expectNothingLeft(id, /announced|bytes/);
  });

  it("but longer is refused without being read to its end", async () => {
    const { id, answer } = await send(fromConsul, fromConsul.length, 100);
    expect(answer.status).toBe(400);
    await expectNothingLeft(id, /announced|bytes/);
  });

  it("in chunks without a length is taken when it has the announced length", async () => {
    const { id, answer } = await send(fromConsul, null, fromConsul.length);
    expect(answer.status).toBe(201);
    expect(await snapkeep.snapshotRow(id)).toMatchObject({ state: "verified" });
  });

  it("in chunks without a length, and longer than announced, is refused and leaves nothing", async () => {
    const { id } = await send(fromConsul, null, 100);
    await expectNothingLeft(id, /announced|bytes/);
  });

  it("and empty can't even begin", async () => {
    await expect(begin({ bytes: 0 })).rejects.toMatchObject({
      code: "invalid_input",
      userMessage: "The file is empty",
    });
  });
});

describe("an upload that nobody may make", () => {
  it("without a session is answered 401, and the ticket stays good", async () => {
    const { url } = await begin({ bytes: fromConsul.length });
    const put = (sent: Record<string, string>) =>
      exchangeRaw(`${door.origin}${url}`, { method: "PUT", headers: sent, body: fromConsul });
    expect((await put({ Origin: door.origin })).status).toBe(401);
    expect((await put({ Cookie: door.cookie })).status).toBe(403);
    expect((await put({ Cookie: door.cookie, Origin: "https://evil.example" })).status).toBe(403);
    expect((await put(headers())).status).toBe(201);
    expect((await put(headers())).status).toBe(403);
  });
});

/** An upload whose bytes the test sends by hand. */
async function openUpload(bytes: number) {
  const { url, snapshotId } = await begin({ bytes });
  const outgoing = request(`${door.origin}${url}`, {
    method: "PUT",
    headers: { ...headers(), "Content-Length": String(bytes) },
    agent: false,
  });
  const status = new Promise<number | null>((resolve) => {
    outgoing.on("response", (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? null);
    });
    outgoing.on("error", () => resolve(null));
  });
  const waitForBytes = (count: number) =>
    waitFor("the bytes to arrive", async () => {
      const row = await snapkeep.snapshotRow(snapshotId);
      return (row?.progress?.bytesDone ?? 0) >= count ? row : null;
    });
  return { id: snapshotId, outgoing, status, waitForBytes };
}

describe("an upload that doesn't come to its end", () => {
  const halfBytes = () => fromConsul.subarray(0, fromConsul.length >> 1);

  it("because the browser went away leaves nothing, and the log says how far it came", async () => {
    const { id, outgoing, waitForBytes } = await openUpload(fromConsul.length);
    outgoing.write(halfBytes());
    await waitForBytes(halfBytes().length);
    expect(snapkeep.archiveFiles()).toContain(`${id}.partial`);
    outgoing.destroy();
    await expectNothingLeft(id, /^The upload broke off after [\d,]+ of [\d,]+ bytes\. Nothing was stored\.$/);
  });

  it("because it was cancelled leaves nothing", async () => {
    const { id, outgoing, status, waitForBytes } = await openUpload(fromConsul.length);
    outgoing.write(halfBytes());
    await waitForBytes(halfBytes().length);
    await snapkeep.execute("snapshots.cancel", { id }, door.person);
    await expectNothingLeft(id, /^Cancelled by grace\. Nothing was stored\.$/);
    outgoing.destroy();
    await status;
  });

  it("because the sender stands still for too long leaves nothing", async () => {
    // With the usual patience for all others: a busy machine must not be what stands still.
    const patient = { snapkeep, door };
    snapkeep = await startRuntime({
      consulAddress: consul.server.httpAddress,
      env: { SNAPKEEP_IDLE_TIMEOUT_MS: "1000" },
    });
    door = await openHttpDoor(snapkeep.runtime);
    try {
      const { id, outgoing, status } = await openUpload(fromConsul.length);
      outgoing.write(halfBytes());
      await expectNothingLeft(id, /stood still/);
      outgoing.destroy();
      await status;
    } finally {
      await door.close();
      await snapkeep.remove();
      ({ snapkeep, door } = patient);
    }
  });

  it("because the store failed tells the browser why, though bytes are still on their way", async () => {
    const bytes = 8_000_000;
    const { url, snapshotId } = await begin({ bytes });
    hold.fail(new AppError({ code: "storage_failed", userMessage: "The disk is on fire." }));
    const answer = await exchangeRaw(`${door.origin}${url}`, {
      method: "PUT",
      headers: { ...headers(), "Content-Length": String(bytes) },
      body: seedBytes("noise", bytes),
    });
    expect(answer).toMatchObject({ status: 500, errorCode: null });
    expect(JSON.parse(answer.body.toString())).toMatchObject({ detail: "The disk is on fire." });
    await expectNothingLeft(snapshotId, /^The disk is on fire\.$/);
  });

  it("because Snapkeep stops doesn't hold it up, and leaves nothing", async () => {
    const { id, outgoing, status, waitForBytes } = await openUpload(fromConsul.length);
    outgoing.write(halfBytes());
    await waitForBytes(halfBytes().length);
    await snapkeep.stop();
    expect(snapkeep.archiveFiles().filter((name) => name.startsWith(id))).toEqual([]);
    outgoing.destroy();
    await status;
    await door.close();
    const { dataFolder } = snapkeep;
    snapkeep = await startRuntime({ consulAddress: consul.server.httpAddress, dataFolder });
    await expectNothingLeft(id, /^Snapkeep was stopped in the middle\. Nothing was stored\.$/);
  });
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
