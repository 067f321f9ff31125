import { readFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { askConsul } from "#core/testing/consul-http.ts";
import { openRestoreRoom, type RestoreRoom } from "#core/testing/restore-room.ts";
import { waitFor } from "#core/testing/wait-for.ts";

let room: RestoreRoom;

beforeAll(async () => {
  room = await openRestoreRoom(async () => undefined);
});
afterAll(() => room?.close());
beforeEach(() => room.proxy.clear());

const put = { method: "PUT", path: "/v1/snapshot" };

/** A restore that something on the way answered with 200, and of which Consul heard nothing so far. */
async function beginUnknown(): Promise<string> {
  await room.mark("before");
  await room.proxy.use({ kind: "answer-at-once", status: 200, text: "" }, put);
  const row = await room.restore();
  expect(row).toMatchObject({
    state: "unknown",
    consulStatus: 200,
    verdict: "safety",
    canCheckAgain: true,
  });
  return row.id;
}

const checkAgain = async (id: string) => {
  await room.snapkeep().execute("restores.checkAgain", { id });
  return room.ended(id);
};

/** The acts of comparing it once more, by what is told of each. */
async function checksOf(id: string): Promise<string[]> {
  const rows = await room.snapkeep().auditRows();
  const own = rows.filter(({ action, targetId }) => action === "restore.check" && targetId === id);
  return own.map(({ outcome }) => outcome);
}

it("what was unknown is a success once another comparison finds the snapshot there, and is watched", async () => {
  const id = await beginUnknown();
  // What stood on the way lets go of it late.
  const archive = readFileSync(room.snapkeep().archivePath(room.snapshotId));
  expect(await askConsul(room.consul.primary.target(), "PUT", "/v1/snapshot", archive)).toMatchObject({
    status: 200,
  });
  await waitFor("Consul to lead itself anew", async () =>
    (await room.markIn("before")) === null ? true : null,
  );
  const row = await checkAgain(id);
  expect(row).toMatchObject({
    state: "succeeded",
    phase: "watching",
    verdict: "snapshot",
    canCheckAgain: false,
    canReturn: true,
  });
  expect(row.outcomeText).toMatch(
    /^Consul answered 200, and a fresh snapshot of dc1 holds what was restored/,
  );
  expect(await checksOf(id)).toEqual(["intent", "ok"]);
  // The outcome of the restore itself stays as it was told then.
  expect((await room.auditOf(row)).filter((each) => each.startsWith("restore.run"))).toEqual([
    "restore.run intent",
    "restore.run unknown",
  ]);
});

it("what is still as it was stays unknown, and can be compared again", async () => {
  const id = await beginUnknown();
  expect(await checkAgain(id)).toMatchObject({ state: "unknown", verdict: "safety", canCheckAgain: true });
  expect(await checksOf(id)).toEqual(["intent", "unknown"]);
  expect(await room.markIn("before")).toBe("after the snapshot");
});
