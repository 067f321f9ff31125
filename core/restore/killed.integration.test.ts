import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { get, type KillableRoom, openKillableRoom, put } from "#core/testing/killable-room.ts";
import { waitFor } from "#core/testing/wait-for.ts";

// Snapkeep is killed at the boundaries of a restore's phases up to its first byte; the story that the next start tells
// has to be true.

let room: KillableRoom;
beforeAll(async () => {
  room = await openKillableRoom();
});
afterAll(() => room?.close());
beforeEach(() => room.proxy.clear());

const nothingSent = "Snapkeep was stopped before anything was sent to Consul. Nothing was replaced.";
const putRequests = () => room.proxy.requests.filter(({ method }) => method === "PUT");

it("killed during a preflight, that is failed and has to be run again, and nothing else is left of it", async () => {
  const isThere = await room.mark();
  const files = room.snapkeep().archiveFiles();
  const held = await room.proxy.hold("answer", get);
  const { id } = await room.snapkeep().execute("restores.startPreflight", room.place);
  await held.reached;
  expect(await room.snapkeep().execute("restores.preflight", { id })).toMatchObject({ state: "running" });
  await room.killAndStartAgain(() => room.proxy.clear());
  const found = await room.snapkeep().execute("restores.preflight", { id });
  expect(found).toMatchObject({
    state: "failed",
    failureText: "Snapkeep was stopped in the middle. Run the checks again.",
    impact: null,
    validUntil: null,
  });
  const rows = await room.snapkeep().auditRows();
  const intent = rows.findLast(
    ({ action, outcome }) => action === "restore.preflight" && outcome === "intent",
  );
  const act = rows.filter(({ correlationId }) => correlationId === intent?.correlationId);
  expect(act.map(({ outcome }) => outcome)).toEqual(["intent", "failed"]);
  expect(room.snapkeep().archiveFiles()).toEqual(files);
  expect(await isThere()).toBe(true);
  expect(putRequests()).toEqual([]);
});

describe("killed before the first byte, nothing was replaced", () => {
  it("while it looks at the target once more", async () => {
    const isThere = await room.mark();
    const input = await room.look();
    await room.proxy.hold("answer", { method: "GET" });
    const id = await room.start(input);
    // Nothing that it asks is answered any more, so there it stands.
    const row = await waitFor("the look to begin", async () => {
      const found = await room.read(id);
      return found.steps.some(({ step }) => step === "preflight") ? found : null;
    });
    expect(row).toMatchObject({ state: "running", phase: "checking", safetySnapshot: null });
    await room.killAndStartAgain(() => room.proxy.clear());
    const after = await room.read(id);
    expect(after).toMatchObject({ state: "failed", phase: "done", bytesSent: 0, safetySnapshot: null });
    expect(after.outcomeText).toBe(nothingSent);
    expect(await room.outcomes(after)).toEqual(["intent", "failed"]);
    expect(await isThere()).toBe(true);
    expect(putRequests()).toEqual([]);
  });

  it.each([
    ["while the safety snapshot is stored", "commit:before"],
    ["right after the safety snapshot was stored", "commit:after"],
  ] as const)("%s", async (_name, point) => {
    const isThere = await room.mark();
    const input = await room.look();
    const held = await room.snapkeep().holdNext(point);
    const id = await room.start(input);
    await held.reached;
    await room.killAndStartAgain();
    const row = await room.read(id);
    expect(row).toMatchObject({ state: "failed", phase: "done", bytesSent: 0, verdict: null });
    expect(row.outcomeText).toBe(nothingSent);
    expect(await isThere()).toBe(true);
    expect(await room.outcomes(row)).toEqual(["intent", "failed"]);
    expect(putRequests()).toEqual([]);
  });

  it("when the archive is read once more, right before it is sent", async () => {
    const isThere = await room.mark();
    const input = await room.look();
    const opened = await room.snapkeep().holdNext("open:before");
    const id = await room.start(input);
    await opened.reached;
    await room.killAndStartAgain();
    expect(await room.read(id)).toMatchObject({
      state: "failed",
      bytesSent: 0,
      outcomeText: nothingSent,
      safetySnapshot: { state: "verified" },
    });
    expect(await isThere()).toBe(true);
    expect(putRequests()).toEqual([]);
  });
});

it("killed once the row says that a byte goes, of which Consul has none: it looks before it says so", async () => {
  const isThere = await room.mark();
  const held = await room.proxy.hold({ afterBytes: 0 }, put);
  const id = await room.begin();
  await held.reached;
  expect(putRequests()).toMatchObject([{ requestBodyBytes: 0 }]);
  expect(await room.read(id)).toMatchObject({ cancellable: false });
  await room.killAndStartAgain(room.letGo);
  const row = await room.ended(id);
  expect(row).toMatchObject({ state: "failed", verdict: "safety", consulStatus: null });
  expect(row.outcomeText).toMatch(/holds what it held before: nothing was replaced\.$/);
  expect(await room.outcomes(row)).toEqual(["intent", "failed"]);
  expect(await isThere()).toBe(true);
});
