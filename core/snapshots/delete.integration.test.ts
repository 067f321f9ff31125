import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type SingleServer, startConsulServer } from "#core/testing/consul-cluster.ts";
import { createHold, type Hold } from "#core/testing/hold.ts";
import { startRuntime, type TestRuntime } from "#core/testing/runtime.ts";

let consul: SingleServer;
let snapkeep: TestRuntime;
let hold: Hold;

beforeAll(async () => {
  consul = await startConsulServer({ dev: true });
  hold = createHold();
  snapkeep = await startRuntime({ consulAddress: consul.server.httpAddress, aroundStore: hold.around });
});

afterAll(async () => {
  hold?.release();
  await snapkeep?.remove();
  await consul?.stop();
});

beforeEach(() => hold.release());

const filesOf = (id: string) => snapkeep.archiveFiles().filter((name) => name.startsWith(id));
const remove = (id: string) => snapkeep.execute("snapshots.delete", { id });

async function deletesOf(id: string) {
  const all = await snapkeep.auditRows();
  return all.filter((entry) => entry.action === "snapshot.delete" && entry.targetId === id);
}

it("a delete removes the file and the row, and the log has its intent and its outcome", async () => {
  const { id } = await snapkeep.take();
  await remove(id);
  expect(await snapkeep.snapshotRow(id)).toBeNull();
  expect(filesOf(id)).toEqual([]);
  const rows = await deletesOf(id);
  expect(rows.map((entry) => entry.outcome)).toEqual(["intent", "ok"]);
  expect(new Set(rows.map((entry) => entry.correlationId)).size).toBe(1);
});

it("a failed take can be deleted too, though it has no file", async () => {
  const { id } = await snapkeep.take({ datacenter: "nope" });
  await remove(id);
  expect(await snapkeep.snapshotRow(id)).toBeNull();
});

it("what was deleted is not found again, and another delete says so", async () => {
  const { id } = await snapkeep.take();
  await remove(id);
  await expect(remove(id)).rejects.toMatchObject({ code: "not_found" });
});

it("a pinned snapshot can't be deleted until it is unpinned", async () => {
  const { id } = await snapkeep.take({ pin: true });
  await expect(remove(id)).rejects.toMatchObject({ code: "conflict" });
  expect(await snapkeep.snapshotRow(id)).toMatchObject({ state: "verified", pinned: true });
  expect(filesOf(id)).toEqual([`${id}.snap`]);
  expect((await deletesOf(id)).map((entry) => entry.outcome)).toEqual(["intent", "failed"]);
  await snapkeep.execute("snapshots.pin", { id, pinned: false });
  await remove(id);
  expect(filesOf(id)).toEqual([]);
});

it("of a pin and a delete at the same moment only one wins, and the row tells which", async () => {
  const { id } = await snapkeep.take();
  const results = await Promise.allSettled([
    snapkeep.execute("snapshots.pin", { id, pinned: true }),
    remove(id),
  ]);
  const row = await snapkeep.snapshotRow(id);
  const [pinned, removed] = results.map((result) => result.status === "fulfilled");
  expect([pinned, removed]).toContain(false);
  expect(filesOf(id)).toEqual(removed ? [] : [`${id}.snap`]);
  if (removed) expect(row).toBeNull();
  else expect(row).toMatchObject({ state: "verified", pinned: true });
});

it("two deletes at once end with the archive gone, and both say so", async () => {
  const { id } = await snapkeep.take();
  const held = hold.next("remove:before");
  const first = remove(id);
  await held.reached;
  await remove(id);
  hold.release();
  await first;
  expect(await snapkeep.snapshotRow(id)).toBeNull();
  expect(filesOf(id)).toEqual([]);
  const outcomes = (await deletesOf(id)).filter((entry) => entry.outcome !== "intent");
  expect(outcomes.map((entry) => entry.outcome)).toEqual(["ok", "ok"]);
});

it("a snapshot that is being deleted can't be pinned or downloaded", async () => {
  const { id } = await snapkeep.take();
  const held = hold.next("remove:before");
  const removing = remove(id);
  await held.reached;
  expect(await snapkeep.snapshotRow(id)).toMatchObject({ state: "deleting" });
  await expect(snapkeep.execute("snapshots.pin", { id, pinned: true })).rejects.toMatchObject({
    code: "conflict",
  });
  await expect(snapkeep.execute("snapshots.download", { id })).rejects.toMatchObject({ code: "not_found" });
  hold.release();
  await removing;
});

it("an archive that the store can't remove keeps its row, says why, and can be deleted later", async () => {
  const { id } = await snapkeep.take();
  const file = snapkeep.archivePath(id);
  // A folder in the file's place can't be removed as a file, not even by root.
  renameSync(file, `${file}.aside`);
  mkdirSync(file);
  writeFileSync(path.join(file, "in-the-way"), "");
  await expect(remove(id)).rejects.toMatchObject({ code: "storage_failed" });
  expect((await deletesOf(id)).map((entry) => entry.outcome)).toEqual(["intent", "failed"]);
  expect(await snapkeep.snapshotRow(id)).not.toBeNull();
  rmSync(file, { recursive: true });
  renameSync(`${file}.aside`, file);
  await remove(id);
  expect(await snapkeep.snapshotRow(id)).toBeNull();
  expect(filesOf(id)).toEqual([]);
});

it("an archive that vanished from the store is called missing at the next start, and its row stays", async () => {
  const [gone, kept] = [await snapkeep.take(), await snapkeep.take()];
  const { dataFolder } = snapkeep;
  await snapkeep.stop();
  rmSync(snapkeep.archivePath(gone.id));
  chmodSync(snapkeep.archivePath(kept.id), 0o600);
  snapkeep = await startRuntime({
    consulAddress: consul.server.httpAddress,
    dataFolder,
    aroundStore: hold.around,
  });
  expect(await snapkeep.snapshotRow(gone.id)).toMatchObject({
    state: "corrupt",
    failureText: "The archive is no longer in the store.",
  });
  expect(await snapkeep.snapshotRow(kept.id)).toMatchObject({ state: "verified" });
});
