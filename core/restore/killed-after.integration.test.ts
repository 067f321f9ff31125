import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startConsulServer } from "#core/testing/consul-cluster.ts";
import { askConsul, fetchArchive, writeKey } from "#core/testing/consul-http.ts";
import { get, type KillableRoom, openKillableRoom, put } from "#core/testing/killable-room.ts";
import { waitFor } from "#core/testing/wait-for.ts";

// Snapkeep is killed after the first byte of a restore, where only a look at the datacenter can tell what it holds.

let room: KillableRoom;
beforeAll(async () => {
  room = await openKillableRoom();
});
afterAll(() => room?.close());
beforeEach(() => room.proxy.clear());

/** A restore whose connection is cut after 500 bytes, and whose look at what that left stands still. */
async function beginCutOff(): Promise<string> {
  await room.proxy.use({ kind: "cut-request", when: { afterBytes: 500 } }, put);
  const sending = await room.proxy.hold({ afterBytes: 500 }, put);
  const id = await room.begin();
  await sending.reached;
  const looking = await room.proxy.hold("answer", get);
  sending.release();
  await looking.reached;
  expect(await room.read(id)).toMatchObject({ state: "interrupted", phase: "comparing", verdict: null });
  return id;
}

/** Somebody restores something else, past Snapkeep. */
async function restoreAnother(): Promise<void> {
  const other = await startConsulServer({ dev: true });
  await writeKey(other.target(), "another", "cluster");
  const archive = await fetchArchive(other.target());
  await other.stop();
  expect(await askConsul(room.consul.target(), "PUT", "/v1/snapshot", archive)).toMatchObject({
    status: 200,
  });
}

describe("killed after the first byte, what the datacenter holds is looked at", () => {
  it("after Consul has replaced everything, before its answer: it holds the snapshot", async () => {
    const isThere = await room.mark();
    const held = await room.proxy.hold("answer", put);
    const id = await room.begin();
    await held.reached;
    expect(await isThere()).toBe(false);
    await room.killAndStartAgain(() => room.proxy.clear());
    expect(["interrupted", "succeeded"]).toContain((await room.read(id)).state);
    const row = await room.ended(id);
    expect(row).toMatchObject({ state: "succeeded", verdict: "snapshot", consulStatus: null });
    expect(row.log.map(({ text }) => text)).toContain(
      "interrupted: Snapkeep was stopped, and has started again",
    );
    expect(await room.outcomes(row)).toEqual(["intent", "ok"]);
  });

  it("in the middle of the body, of which Consul makes nothing: it holds what it held before", async () => {
    const isThere = await room.mark();
    const held = await room.proxy.hold({ afterBytes: 500 }, put);
    const id = await room.begin();
    await held.reached;
    await room.killAndStartAgain(room.letGo);
    const row = await room.ended(id);
    expect(row).toMatchObject({ state: "failed", verdict: "safety" });
    expect(row.outcomeText).toMatch(/holds what it held before: nothing was replaced\.$/);
    expect(await isThere()).toBe(true);
    expect(await room.outcomes(row)).toEqual(["intent", "failed"]);
  });

  it("while it looks at what a cut connection left: it looks again, and nothing was replaced", async () => {
    const isThere = await room.mark();
    const id = await beginCutOff();
    await room.killAndStartAgain(() => room.proxy.clear());
    const row = await room.ended(id);
    expect(row).toMatchObject({ state: "failed", verdict: "safety" });
    expect(row.outcomeText).toMatch(/holds what it held before: nothing was replaced\.$/);
    expect(await isThere()).toBe(true);
    expect(await room.outcomes(row)).toEqual(["intent", "failed"]);
  });

  it("while it compares after a 200: it compares again before it says success", async () => {
    await room.mark();
    const sending = await room.proxy.hold("answer", put);
    const id = await room.begin();
    await sending.reached;
    const looking = await room.proxy.hold("answer", get);
    sending.release();
    await looking.reached;
    expect(await room.read(id)).toMatchObject({
      state: "running",
      phase: "comparing",
      verdict: null,
      consulStatus: 200,
    });
    await room.killAndStartAgain(() => room.proxy.clear());
    const row = await room.ended(id);
    expect(row).toMatchObject({ state: "succeeded", verdict: "snapshot", consulStatus: 200 });
    expect(row.outcomeText).toMatch(
      /^Consul answered 200, and a fresh snapshot of dc1 holds what was restored/,
    );
  });

  it("while it watches: the watch goes on and ends", async () => {
    const id = await room.begin();
    await room.inPhase(id, "watching");
    await room.killAndStartAgain(undefined, { SNAPKEEP_RESTORE_WATCH_MS: "2000" });
    await room.inPhase(id, "done");
    expect(await room.read(id)).toMatchObject({ state: "succeeded", phase: "done" });
    // For the tests after this one, whose watches should be long again.
    await room.killAndStartAgain();
  });
});

describe("killed with neither of the two in the datacenter", () => {
  it("that is what it says; the way back is open all the same", async () => {
    await room.mark();
    const id = await beginCutOff();
    await room.killAndStartAgain(async () => {
      await restoreAnother();
      await room.proxy.clear();
    });
    const row = await room.ended(id);
    expect(row).toMatchObject({ state: "unknown", verdict: "neither", canCheckAgain: true });
    expect(row.outcomeText).toMatch(
      /dc1 does not hold what was restored \(\d+ records differ\), nor what it held before\./,
    );
    expect(await room.outcomes(row)).toEqual(["intent", "unknown"]);
    const back = { id, confirmDatacenter: "dc1", reason: "to what it was" };
    const returned = await room.ended((await room.snapkeep().execute("restores.returnToSafety", back)).id);
    expect(returned).toMatchObject({ state: "succeeded", verdict: "snapshot" });
  });

  it("and killed while it compares once more, the next start does that to its end", async () => {
    await room.mark();
    const id = await beginCutOff();
    await room.killAndStartAgain(async () => {
      await restoreAnother();
      await room.proxy.clear();
    });
    const open = await room.ended(id);
    expect(open).toMatchObject({ state: "unknown", verdict: "neither" });
    const looking = await room.proxy.hold("answer", get);
    await room.snapkeep().execute("restores.checkAgain", { id });
    await looking.reached;
    expect(await room.read(id)).toMatchObject({ state: "interrupted", phase: "comparing" });
    await room.killAndStartAgain(() => room.proxy.clear());
    const row = await room.ended(id);
    expect(row).toMatchObject({ state: "unknown", verdict: "neither", canCheckAgain: true });
    // The restore itself had its outcome before; each comparison is an act of its own, with one of its own.
    expect(await room.outcomes(row)).toEqual(["intent", "unknown"]);
    const checks = await waitFor("the outcomes of the comparisons", async () => {
      const rows = (await room.snapkeep().auditRows()).filter(
        (each) => each.action === "restore.check" && each.targetId === id,
      );
      return rows.filter(({ outcome }) => outcome !== "intent").length >= 2 ? rows : null;
    });
    const acts = [...new Set(checks.map(({ correlationId }) => correlationId))];
    const told = acts.map((act) =>
      checks.filter(({ correlationId }) => correlationId === act).map(({ outcome }) => outcome),
    );
    expect(told).toEqual([["intent", expect.not.stringMatching(/^intent$/)], ["unknown"]]);
  });
});
