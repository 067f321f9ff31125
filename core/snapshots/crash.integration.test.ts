import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { request } from "node:http";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AuditEntry } from "#core/audit/contract.ts";
import { systemClock } from "#core/kernel/clock.ts";
import { runConsul } from "#core/testing/consul-cli.ts";
import { type SingleServer, startConsulServer } from "#core/testing/consul-cluster.ts";
import { fetchArchive } from "#core/testing/consul-http.ts";
import { seedKeys } from "#core/testing/consul-seed.ts";
import { type FaultProxy, startFaultProxy } from "#core/testing/fault-proxy.ts";
import type { Fault } from "#core/testing/fault-types.ts";
import type { HoldPoint } from "#core/testing/hold.ts";
import { type KillableServer, startKillableServer } from "#core/testing/killable-server.ts";
import { removeTempFolder } from "#core/testing/leftovers.ts";
import { startRuntime, type TestRuntime } from "#core/testing/runtime.ts";
import { waitFor } from "#core/testing/wait-for.ts";
import type { SnapshotDetail } from "./contract.ts";

const cutOffText = "Snapkeep was stopped in the middle. Nothing was stored.";
const dayMs = 24 * 3_600_000;

let consul: SingleServer;
let proxy: FaultProxy;
let victim: KillableServer;
let dataFolder: string;
let uploaded: Buffer;
/** Ids of what was under way at the moment of the kill, by the step that it stood at. */
let takes: Record<"asking" | "streaming" | "commit:before" | "commit:after", string>;
let uploads: Record<"streaming" | "commit:before" | "commit:after", string>;
let deletes: Record<"remove:before" | "remove:after", string>;
let safe: SnapshotDetail;
/** What was in the archive folder when the process died. */
let filesAtDeath: string[];
/** Snapkeep as it started on the folder afterwards. */
let snapkeep: TestRuntime;
let audit: AuditEntry[];
/** What another process heard that was started on the same folder while the first one ran. */
let secondStart: unknown;

// Everything stands still at its own step at once, and one SIGKILL ends it all.
beforeAll(async () => {
  consul = await startConsulServer({ dev: true });
  await seedKeys({ client: consul.target(), count: 1_000 });
  uploaded = await fetchArchive(consul.target());
  proxy = await startFaultProxy({ target: consul.server.httpAddress });
  victim = await startKillableServer({ consulAddress: proxy.address });
  dataFolder = victim.dataFolder;
  safe = await victim.take();
  const doomed = { before: (await victim.take()).id, after: (await victim.take()).id };
  takes = {
    "commit:before": await heldAt("commit:before", () => victim.beginTake()),
    "commit:after": await heldAt("commit:after", () => victim.beginTake()),
    asking: await beginSlowTake({ kind: "delay-first-byte", delayMs: 3_600_000 }, "asking"),
    streaming: await beginSlowTake({ kind: "throttle-response", bytesPerSecond: 500 }, "streaming"),
  };
  uploads = {
    "commit:before": await heldAt("commit:before", () => beginUpload(uploaded.length)),
    "commit:after": await heldAt("commit:after", () => beginUpload(uploaded.length)),
    streaming: await beginUpload(uploaded.length >> 1),
  };
  await waitForBytes(uploads.streaming);
  deletes = {
    "remove:before": await heldAt("remove:before", () => beginDelete(doomed.before)),
    "remove:after": await heldAt("remove:after", () => beginDelete(doomed.after)),
  };
  await beginDownload();
  await victim.execute("snapshots.download", { id: safe.id }, victim.person);
  secondStart = await startRuntime({ consulAddress: proxy.address, dataFolder }).catch(
    (error: unknown) => error,
  );
  filesAtDeath = victim.archiveFiles();
  await victim.kill();
  await proxy.clear();
  snapkeep = await startRuntime({ consulAddress: proxy.address, dataFolder });
  audit = await snapkeep.auditRows();
});

afterAll(async () => {
  await victim?.kill();
  await snapkeep?.stop();
  await proxy?.stop();
  await consul?.stop();
  if (dataFolder !== undefined) removeTempFolder(dataFolder);
});

/** Begins an act, and resolves once it waits at this step of the store. */
async function heldAt<T>(point: HoldPoint, begin: () => Promise<T>): Promise<T> {
  const hold = await victim.holdNext(point);
  const begun = await begin();
  await hold.reached;
  return begun;
}

async function beginSlowTake(fault: Fault, phase: string): Promise<string> {
  await proxy.use(fault, { path: "/v1/snapshot", times: 1 });
  const before = proxy.requests.length;
  const id = await victim.beginTake();
  await waitFor("the question to arrive", async () =>
    proxy.requests.slice(before).some((seen) => seen.url.startsWith("/v1/snapshot")) ? true : null,
  );
  await waitFor(`the phase ${phase}`, async () =>
    (await victim.snapshotRow(id))?.progress?.phase === phase ? true : null,
  );
  if (phase === "streaming") await waitForBytes(id);
  return id;
}

function waitForBytes(id: string): Promise<true> {
  return waitFor(`bytes of ${id}`, async () =>
    ((await victim.snapshotRow(id))?.progress?.bytesDone ?? 0) > 0 ? true : null,
  );
}

/** Sends the first `bytes` of the archive; the request ends only with the last of them. */
async function beginUpload(bytes: number): Promise<string> {
  const input = { fileName: "backup.snap", bytes: uploaded.length };
  const { url, snapshotId } = await victim.execute("snapshots.beginUpload", input, victim.person);
  const outgoing = request(`${victim.origin}${url}`, {
    method: "PUT",
    headers: { Cookie: victim.cookie, Origin: victim.origin, "Content-Length": String(uploaded.length) },
    agent: false,
  });
  outgoing.on("error", () => undefined);
  outgoing.write(uploaded.subarray(0, bytes));
  if (bytes === uploaded.length) outgoing.end();
  return snapshotId;
}

async function beginDelete(id: string): Promise<string> {
  void victim.execute("snapshots.delete", { id }).catch(() => undefined);
  return id;
}

/** The head comes and the rest is never read, so that the download may be under way when the process dies. */
async function beginDownload(): Promise<void> {
  const { url } = await victim.execute("snapshots.download", { id: safe.id }, victim.person);
  await new Promise<void>((resolve, reject) => {
    const outgoing = request(`${victim.origin}${url}`, { headers: { Cookie: victim.cookie }, agent: false });
    outgoing.on("response", (answer) => {
      answer.on("error", () => undefined).pause();
      resolve();
    });
    outgoing.on("error", reject).end();
  });
}

const fileOf = (id: string) => path.join(dataFolder, "archives", `${id}.snap`);
const sha256 = (file: string) => createHash("sha256").update(readFileSync(file)).digest("hex");
const outcomesOf = (correlationId: string | undefined) =>
  audit
    .filter((entry) => entry.correlationId === correlationId)
    .map((entry) => [entry.action, entry.outcome, entry.actorName]);

it("a second process on the same data folder is refused with a sentence, and touches nothing", () => {
  expect(secondStart).toMatchObject({
    code: "conflict",
    userMessage: expect.stringContaining("Another Snapkeep runs on this data folder"),
  });
  // To a second start these would have been leftovers of a crash.
  expect(filesAtDeath).toContain(`${takes.streaming}.partial`);
});

describe("after a SIGKILL and a restart", () => {
  it("no archive is lost, none is half-written, and no stray file remains", async () => {
    const rows = await snapkeep.listRows();
    const kept = rows.filter((row) => row.state === "verified");
    expect(snapkeep.archiveFiles()).toEqual(kept.map((row) => `${row.id}.snap`).sort());
    expect(kept.map((row) => row.id).sort()).toEqual(
      [safe.id, takes["commit:after"], uploads["commit:after"]].sort(),
    );
    for (const { id } of kept)
      expect((await snapkeep.snapshotRow(id))?.archiveSha256).toBe(sha256(fileOf(id)));
  });

  it("no row is left under way", async () => {
    const states = (await snapkeep.listRows()).map((row) => row.state);
    expect(states.filter((state) => ["taking", "uploading", "deleting"].includes(state))).toEqual([]);
  });

  it("every intent in the audit log has one outcome, but for a ticket that can still be used", async () => {
    const intents = audit.filter((entry) => entry.outcome === "intent");
    const outcomes = audit.filter((entry) => entry.outcome !== "intent");
    const counts = intents.map(({ action, correlationId }) => {
      const found = outcomes.filter((entry) => entry.correlationId === correlationId);
      return [action, found.length];
    });
    expect(counts.filter(([, count]) => count !== 1)).toEqual([["snapshot.download", 0]]);
  });

  it("the next take works", async () => {
    expect(await snapkeep.take()).toMatchObject({ state: "verified" });
  });
});

describe("a take that a SIGKILL met", () => {
  it.each([
    ["while Consul prepared its answer", "asking", null],
    ["while bytes came in", "streaming", "partial"],
    ["with all verified but not yet in its place", "commit:before", "partial"],
  ] as const)("%s is a failed row that says so, without a file", async (_when, step, suffix) => {
    const id = takes[step];
    expect(filesAtDeath.includes(`${id}.partial`)).toBe(suffix === "partial");
    const row = await snapkeep.snapshotRow(id);
    expect(row).toMatchObject({ state: "failed", failureCode: "stopping", failureText: cutOffText });
    expect(row).toMatchObject({ archiveBytes: null, durationMs: null });
    expect(outcomesOf(row?.correlationId)).toEqual([
      ["snapshot.take", "intent", "ada"],
      ["snapshot.take", "failed", "restart"],
    ]);
  });

  it("with the archive in its place but not in the records is kept, with all that Consul had said", async () => {
    const id = takes["commit:after"];
    expect(filesAtDeath).toContain(`${id}.snap`);
    const row = await snapkeep.snapshotRow(id);
    expect(row).toMatchObject({
      state: "verified",
      failureText: null,
      responseStatus: 200,
      knownLeader: true,
    });
    expect(row?.responseHeaders.map(([name]) => name)).toContain("X-Consul-Index");
    // How long it took is not known any more, and nothing is not zero.
    expect(row?.durationMs).toBeNull();
    expect(await runConsul(["snapshot", "inspect", fileOf(id)])).toContain(row?.meta?.id);
    expect(outcomesOf(row?.correlationId)).toEqual([
      ["snapshot.take", "intent", "ada"],
      ["snapshot.take", "ok", "restart"],
    ]);
  });
});

describe("an upload that a SIGKILL met", () => {
  it.each([
    ["while bytes came in", "streaming"],
    ["with all verified but not yet in its place", "commit:before"],
  ] as const)("%s leaves neither a row nor a file, and the log says why", async (_when, step) => {
    const id = uploads[step];
    expect(filesAtDeath).toContain(`${id}.partial`);
    expect(await snapkeep.snapshotRow(id)).toBeNull();
    const about = audit.filter((entry) => entry.targetId === id);
    expect(about.map((entry) => [entry.action, entry.outcome, entry.detail])).toEqual([
      ["snapshot.upload", "failed", cutOffText],
    ]);
    expect(outcomesOf(about[0]?.correlationId).map(([, outcome]) => outcome)).toEqual(["intent", "failed"]);
  });

  it("with the archive in its place but not in the records is kept", async () => {
    const id = uploads["commit:after"];
    expect(filesAtDeath).toContain(`${id}.snap`);
    const row = await snapkeep.snapshotRow(id);
    expect(row).toMatchObject({ state: "verified", source: "upload", byName: "grace" });
    expect(readFileSync(fileOf(id)).equals(uploaded)).toBe(true);
    expect(outcomesOf(row?.correlationId).map(([, outcome]) => outcome)).toEqual(["intent", "ok"]);
  });
});

describe("a delete that a SIGKILL met", () => {
  it.each([
    ["before the archive was removed", "remove:before", true],
    ["after the archive was removed", "remove:after", false],
  ] as const)("%s is finished, under the act that began it", async (_when, step, hadFile) => {
    const id = deletes[step];
    expect(filesAtDeath.includes(`${id}.snap`)).toBe(hadFile);
    expect(await snapkeep.snapshotRow(id)).toBeNull();
    const about = audit.filter((entry) => entry.action === "snapshot.delete" && entry.targetId === id);
    expect(about.map((entry) => [entry.outcome, entry.detail])).toEqual([
      ["intent", null],
      ["ok", "finished after a restart"],
    ]);
    expect(new Set(about.map((entry) => entry.correlationId)).size).toBe(1);
  });
});

describe("a ticket that a SIGKILL met", () => {
  it("unused gets its outcome in the log once nobody can use it any more", async () => {
    const open = audit
      .filter((entry) => entry.action === "snapshot.download" && entry.outcome === "intent")
      .at(-1);
    await snapkeep.stop();
    const clock = { ...systemClock, nowMs: () => Date.now() + dayMs + 3_600_000 };
    snapkeep = await startRuntime({ consulAddress: proxy.address, dataFolder, clock });
    const outcome = await waitFor("the ticket to be swept", async () => {
      const rows = await snapkeep.auditRows();
      return (
        rows.find((row) => row.correlationId === open?.correlationId && row.outcome !== "intent") ?? null
      );
    });
    expect(outcome).toMatchObject({ outcome: "failed", detail: "The link was never used." });
  });
});
