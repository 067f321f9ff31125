import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type SingleServer, startConsulServer } from "#core/testing/consul-cluster.ts";
import { callConsul, fetchArchive, writeKey } from "#core/testing/consul-http.ts";
import { type FaultProxy, startFaultProxy } from "#core/testing/fault-proxy.ts";
import { type KillableServer, startKillableServer } from "#core/testing/killable-server.ts";
import { makeTempFolder, removeTempFolder } from "#core/testing/leftovers.ts";
import { exchangeRaw } from "#core/testing/raw-exchange.ts";
import { startRuntime } from "#core/testing/runtime.ts";
import { seedBytes } from "#core/testing/seed-bytes.ts";
import { makeFileLimit, makeSmallDisk } from "#core/testing/small-disk.ts";
import { waitFor } from "#core/testing/wait-for.ts";

const fullText = "The archive store is full. Nothing was kept. Make room, then try again.";
/** More than the records' own files ever need here, less than the big archive. */
const diskBytes = 8 * 1024 * 1024;

let consul: SingleServer;
let proxy: FaultProxy;
let tooBig: Buffer;

beforeAll(async () => {
  consul = await startConsulServer({ dev: true });
  proxy = await startFaultProxy({ target: consul.server.httpAddress });
});

afterAll(async () => {
  await proxy?.stop();
  await consul?.stop();
});

beforeEach(() => proxy.clear());

const growState = async () => {
  for (let index = 0; index < 30; index += 1) {
    await writeKey(consul.target(), `big/${index}`, seedBytes(`big/${index}`, 500_000));
  }
};
const shrinkState = () => callConsul(consul.target(), "DELETE", "/v1/kv/big/?recurse");

describe.each([
  ["a disk that is full", (folder: string) => makeSmallDisk(folder, diskBytes)],
  ["a limit on the size of files", async () => makeFileLimit(diskBytes)],
])("%s", (_name, makeDisk) => {
  let dataFolder: string;
  let snapkeep: KillableServer;

  beforeAll(async () => {
    dataFolder = makeTempFolder("snapkeep-data-");
    const archives = path.join(dataFolder, "archives");
    mkdirSync(archives);
    const { startedBy } = await makeDisk(archives);
    snapkeep = await startKillableServer({ consulAddress: proxy.address, dataFolder, startedBy });
    await growState();
    tooBig = await fetchArchive(consul.target());
    expect(tooBig.length).toBeGreaterThan(diskBytes);
  });

  afterAll(async () => {
    await snapkeep?.kill();
    if (dataFolder !== undefined) removeTempFolder(dataFolder);
  });

  const storedBytes = async () => (await snapkeep.execute("snapshots.list", {})).storedBytes;

  it("fails the take with a sentence and keeps nothing of it", async () => {
    const row = await snapkeep.take();
    expect(row).toMatchObject({
      state: "failed",
      failureCode: "storage_full",
      failureText: fullText,
      archiveBytes: null,
    });
    const about = (await snapkeep.auditRows()).filter((entry) => entry.correlationId === row.correlationId);
    expect(about.map((entry) => [entry.outcome, entry.detail])).toEqual([
      ["intent", null],
      ["failed", fullText],
    ]);
    // What was written before the disk was full would be in the way of the next one.
    expect(await storedBytes()).toBe(0);
    await waitFor("Consul to be let go", async () =>
      proxy.requests.every((seen) => seen.finished) ? true : null,
    );
  });

  it("refuses the upload with the reason, while the browser still sends, and keeps nothing of it", async () => {
    const input = { fileName: "big.snap", bytes: tooBig.length };
    const { url, snapshotId } = await snapkeep.execute("snapshots.beginUpload", input, snapkeep.person);
    const answer = await exchangeRaw(`${snapkeep.origin}${url}`, {
      method: "PUT",
      headers: {
        Cookie: snapkeep.cookie,
        Origin: snapkeep.origin,
        "Content-Length": String(tooBig.length),
      },
      body: tooBig,
    });
    expect(answer).toMatchObject({ status: 507, errorCode: null });
    expect(JSON.parse(answer.body.toString())).toMatchObject({ code: "storage_full", detail: fullText });
    expect(await snapkeep.snapshotRow(snapshotId)).toBeNull();
    const outcome = (await snapkeep.auditRows()).find((entry) => entry.targetId === snapshotId);
    expect(outcome).toMatchObject({ outcome: "failed", detail: fullText });
  });

  it("doesn't keep the service from going on: what fits is taken, and takes the whole room again", async () => {
    await shrinkState();
    const small = await snapkeep.take();
    expect(small).toMatchObject({ state: "verified" });
    await snapkeep.execute("snapshots.delete", { id: small.id });
    // Three quarters of the room: possible only when nothing of the failed ones is left.
    for (let index = 0; index < 12; index += 1) {
      await writeKey(consul.target(), `big/${index}`, seedBytes(`big/${index}`, 500_000));
    }
    expect(await snapkeep.take()).toMatchObject({ state: "verified" });
    await shrinkState();
  });
});

it("an archive folder that can't be written fails the take with the system's words, and lets Consul go", async () => {
  const snapkeep = await startRuntime({ consulAddress: proxy.address });
  const archives = path.join(snapkeep.dataFolder, "archives");
  rmSync(archives, { recursive: true, force: true });
  // A file in the folder's place stops root too.
  writeFileSync(archives, "");
  const row = await snapkeep.take();
  expect(row).toMatchObject({ state: "failed", failureCode: "storage_failed" });
  expect(row.failureText).toMatch(/^The archive store can't write: /);
  await waitFor("Consul to be let go", async () =>
    proxy.requests.every((seen) => seen.finished) ? true : null,
  );
  rmSync(archives);
  expect(await snapkeep.take()).toMatchObject({ state: "verified" });
  await snapkeep.remove();
});
