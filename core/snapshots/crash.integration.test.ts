import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { request } from "node:http";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { runConsul } from "#core/testing/consul-cli.ts";
import { type SingleServer, startConsulServer } from "#core/testing/consul-cluster.ts";
import { fetchArchive } from "#core/testing/consul-http.ts";
import { seedKeys } from "#core/testing/consul-seed.ts";
import { type FaultProxy, startFaultProxy } from "#core/testing/fault-proxy.ts";
import type { HoldPoint } from "#core/testing/hold.ts";
import { type KillableServer, startKillableServer } from "#core/testing/killable-server.ts";
import { makeTempFolder, removeTempFolder } from "#core/testing/leftovers.ts";
import { startRuntime, type TestRuntime } from "#core/testing/runtime.ts";
import { waitFor } from "#core/testing/wait-for.ts";
import type { SnapshotDetail } from "./contract.ts";

const onSnapshot = { path: "/v1/snapshot" };
const cutOffText = "Snapkeep was stopped in the middle. Nothing was stored.";

let consul: SingleServer;
let proxy: FaultProxy;
/** One folder lives through all crashes of this file, as a real one would. */
let dataFolder: string;
let victim: KillableServer;
let safe: SnapshotDetail;

beforeAll(async () => {
  consul = await startConsulServer({ dev: true });
  await seedKeys({ client: consul.target(), count: 1_000 });
  proxy = await startFaultProxy({ target: consul.server.httpAddress });
  dataFolder = makeTempFolder("snapkeep-data-");
});

afterAll(async () => {
  await victim?.kill();
  await proxy?.stop();
  await consul?.stop();
  if (dataFolder !== undefined) removeTempFolder(dataFolder);
});

beforeEach(async () => {
  await proxy.clear();
  victim = await startKillableServer({ consulAddress: proxy.address, dataFolder });
  safe = await victim.take();
});

afterEach(() => victim.kill());

const fileOf = (id: string, suffix = "snap") => path.join(dataFolder, "archives", `${id}.${suffix}`);
const sha256 = (file: string) => createHash("sha256").update(readFileSync(file)).digest("hex");

/** Kills the process, starts Snapkeep again on its folder, looks, and stops it again. */
async function afterRestart(look: (snapkeep: TestRuntime) => Promise<void>): Promise<void> {
  await victim.kill();
  await proxy.clear();
  const snapkeep = await startRuntime({ consulAddress: proxy.address, dataFolder });
  try {
    await expectSoundHistory(snapkeep);
    await look(snapkeep);
    expect(await snapkeep.take()).toMatchObject({ state: "verified" });
  } finally {
    await snapkeep.stop();
  }
}

/** What holds after every crash: nothing lost, nothing half, nothing stray, nothing open. */
async function expectSoundHistory(snapkeep: TestRuntime): Promise<void> {
  const rows = await snapkeep.listRows();
  expect(rows.filter((row) => ["taking", "uploading", "deleting"].includes(row.state))).toEqual([]);
  const kept = rows.filter((row) => row.state === "verified");
  expect(snapkeep.archiveFiles()).toEqual(kept.map((row) => `${row.id}.snap`).sort());
  for (const { id } of kept) {
    const row = await snapkeep.snapshotRow(id);
    expect(sha256(fileOf(id)), id).toBe(row?.archiveSha256);
  }
  expect(await snapkeep.snapshotRow(safe.id)).toMatchObject({ state: "verified" });
  const audit = await snapkeep.auditRows();
  const settled = new Set(
    audit.filter((entry) => entry.outcome !== "intent").map((entry) => entry.correlationId),
  );
  const open = audit.filter((entry) => entry.outcome === "intent" && !settled.has(entry.correlationId));
  expect(open).toEqual([]);
}

async function outcomesOf(snapkeep: TestRuntime, correlationId: string) {
  const audit = await snapkeep.auditRows();
  return audit
    .filter((entry) => entry.correlationId === correlationId)
    .map((entry) => [entry.action, entry.outcome, entry.actorName]);
}

async function waitForPhase(id: string, phase: string, bytes = 0): Promise<SnapshotDetail> {
  return waitFor(`the phase ${phase}`, async () => {
    const row = await victim.snapshotRow(id);
    const isThere = row?.progress?.phase === phase && row.progress.bytesDone >= bytes;
    return isThere ? row : null;
  });
}

describe("a kill during a take", () => {
  async function expectFailedTake(id: string): Promise<void> {
    await afterRestart(async (snapkeep) => {
      const row = await snapkeep.snapshotRow(id);
      expect(row).toMatchObject({ state: "failed", failureCode: "stopping", failureText: cutOffText });
      expect(row?.archiveBytes).toBeNull();
      expect(await outcomesOf(snapkeep, row?.correlationId ?? "")).toEqual([
        ["snapshot.take", "intent", "ada"],
        ["snapshot.take", "failed", "restart"],
      ]);
    });
  }

  it("while Consul prepares its answer leaves a failed row", async () => {
    await proxy.use({ kind: "delay-first-byte", delayMs: 10_000 }, onSnapshot);
    const id = await victim.beginTake();
    await waitFor("the question to arrive", async () =>
      proxy.requests.some((seen) => seen.url.startsWith("/v1/snapshot")) ? true : null,
    );
    await waitForPhase(id, "asking");
    await expectFailedTake(id);
  });

  it("while bytes come in leaves a failed row and no partial", async () => {
    await proxy.use({ kind: "throttle-response", bytesPerSecond: 10_000 }, onSnapshot);
    const id = await victim.beginTake();
    await waitForPhase(id, "streaming", 2_000);
    expect(victim.archiveFiles()).toContain(`${id}.partial`);
    await expectFailedTake(id);
  });

  it("with all verified but not yet in its place leaves a failed row and no partial", async () => {
    const id = await heldAt("commit:before", () => victim.beginTake());
    expect(victim.archiveFiles()).toContain(`${id}.partial`);
    await expectFailedTake(id);
  });

  it("with the archive in its place but not yet in the records loses nothing: it is kept with all its facts", async () => {
    const id = await heldAt("commit:after", () => victim.beginTake());
    expect(victim.archiveFiles()).toContain(`${id}.snap`);
    await afterRestart(async (snapkeep) => {
      const row = await snapkeep.snapshotRow(id);
      expect(row).toMatchObject({
        state: "verified",
        failureText: null,
        responseStatus: 200,
        knownLeader: true,
      });
      expect(row?.responseHeaders.map(([name]) => name)).toContain("X-Consul-Index");
      expect(row?.archiveSha256).toBe(sha256(fileOf(id)));
      expect(row?.durationMs).toBeNull();
      expect(await runConsul(["snapshot", "inspect", fileOf(id)])).toContain(row?.meta?.id);
      expect(await outcomesOf(snapkeep, row?.correlationId ?? "")).toEqual([
        ["snapshot.take", "intent", "ada"],
        ["snapshot.take", "ok", "restart"],
      ]);
    });
  });
});

/** Begins an act, and resolves once it waits at this step of the store. */
async function heldAt<T>(point: HoldPoint, begin: () => Promise<T>): Promise<T> {
  await victim.holdAt(point);
  const begun = await begin();
  await victim.reached(point);
  return begun;
}

describe("a kill during an upload", () => {
  /** Sends the first `bytes` of an archive, all of it unless told. */
  async function beginUpload(archive: Buffer, bytes = archive.length): Promise<string> {
    const input = { fileName: "backup.snap", bytes: archive.length };
    const { url, snapshotId } = await victim.execute("snapshots.beginUpload", input, victim.person);
    const outgoing = request(`${victim.origin}${url}`, {
      method: "PUT",
      headers: { Cookie: victim.cookie, Origin: victim.origin, "Content-Length": String(archive.length) },
      agent: false,
    });
    outgoing.on("error", () => undefined);
    outgoing.write(archive.subarray(0, bytes));
    if (bytes === archive.length) outgoing.end();
    return snapshotId;
  }

  async function expectNothingLeft(id: string): Promise<void> {
    await afterRestart(async (snapkeep) => {
      expect(await snapkeep.snapshotRow(id)).toBeNull();
      const about = (await snapkeep.auditRows()).filter((entry) => entry.targetId === id);
      expect(about.map((entry) => [entry.action, entry.outcome, entry.detail])).toEqual([
        ["snapshot.upload", "failed", cutOffText],
      ]);
    });
  }

  it("while bytes come in leaves neither a row nor a partial", async () => {
    const archive = await fetchArchive(consul.target());
    const id = await beginUpload(archive, archive.length >> 1);
    await waitForPhase(id, "streaming", 1_000);
    expect(victim.archiveFiles()).toContain(`${id}.partial`);
    await expectNothingLeft(id);
  });

  it("with all verified but not yet in its place leaves neither a row nor a partial", async () => {
    const archive = await fetchArchive(consul.target());
    const id = await heldAt("commit:before", () => beginUpload(archive));
    await expectNothingLeft(id);
  });

  it("with the archive in its place but not yet in the records loses nothing: it is kept", async () => {
    const archive = await fetchArchive(consul.target());
    const id = await heldAt("commit:after", () => beginUpload(archive));
    await afterRestart(async (snapkeep) => {
      const row = await snapkeep.snapshotRow(id);
      expect(row).toMatchObject({ state: "verified", source: "upload", byName: "grace" });
      expect(readFileSync(fileOf(id)).equals(archive)).toBe(true);
      expect((await outcomesOf(snapkeep, row?.correlationId ?? "")).map(([, outcome]) => outcome)).toEqual([
        "intent",
        "ok",
      ]);
    });
  });
});

describe("a kill during a delete", () => {
  async function expectDeleted(id: string): Promise<void> {
    await afterRestart(async (snapkeep) => {
      expect(await snapkeep.snapshotRow(id)).toBeNull();
      expect(snapkeep.archiveFiles()).not.toContain(`${id}.snap`);
      const about = (await snapkeep.auditRows()).filter(
        (entry) => entry.action === "snapshot.delete" && entry.targetId === id,
      );
      expect(about.map((entry) => [entry.outcome, entry.detail])).toEqual([
        ["intent", null],
        ["ok", "finished after a restart"],
      ]);
      expect(new Set(about.map((entry) => entry.correlationId)).size).toBe(1);
    });
  }

  it.each(["remove:before", "remove:after"] as const)(
    "held at %s of the archive is finished by the next start, under the act that began it",
    async (point) => {
      const doomed = await victim.take();
      await heldAt(point, async () => {
        void victim.execute("snapshots.delete", { id: doomed.id }).catch(() => undefined);
      });
      await expectDeleted(doomed.id);
    },
  );
});

describe("a kill during a download", () => {
  it("leaves the archive as it was, and an outcome that says it isn't known", async () => {
    const { url } = await victim.execute("snapshots.download", { id: safe.id }, victim.person);
    // The head comes, and the rest is never read, so that the download is under way when the process dies.
    const answered = new Promise<void>((resolve, reject) => {
      const outgoing = request(`${victim.origin}${url}`, {
        headers: { Cookie: victim.cookie },
        agent: false,
      });
      outgoing.on("response", (answer) => {
        answer.on("error", () => undefined).pause();
        resolve();
      });
      outgoing.on("error", reject).end();
    });
    await answered;
    await afterRestart(async (snapkeep) => {
      const about = (await snapkeep.auditRows()).filter(
        (entry) => entry.action === "snapshot.download" && entry.targetId === safe.id,
      );
      expect(about.map((entry) => entry.outcome)).toHaveLength(2);
      expect(["ok", "unknown", "failed"]).toContain(about.at(-1)?.outcome);
    });
  });

  it("leaves a ticket that was not used open for its minute, and its act with it", async () => {
    await victim.execute("snapshots.download", { id: safe.id }, victim.person);
    await victim.kill();
    const snapkeep = await startRuntime({ consulAddress: proxy.address, dataFolder });
    const last = (await snapkeep.auditRows()).filter((entry) => entry.action === "snapshot.download").at(-1);
    expect(last?.outcome).toBe("intent");
    await snapkeep.stop();
    // A day later nobody will use it any more.
    const tomorrow = await startRuntime({
      consulAddress: proxy.address,
      dataFolder,
      clock: { nowMs: () => Date.now() + 25 * 3_600_000, monotonicMs: () => performance.now() },
    });
    const outcome = await waitFor("the unused ticket to be swept", async () => {
      const rows = (await tomorrow.auditRows()).filter(
        (entry) => entry.correlationId === last?.correlationId,
      );
      return rows.find((entry) => entry.outcome !== "intent") ?? null;
    });
    expect(outcome).toMatchObject({ outcome: "failed", detail: "The link was never used." });
    await tomorrow.stop();
  });
});
