import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { refusal } from "#core/testing/refusal.ts";
import { openRestoreRoom, type RestoreRoom } from "#core/testing/restore-room.ts";
import { waitFor } from "#core/testing/wait-for.ts";

let room: RestoreRoom;

beforeAll(async () => {
  room = await openRestoreRoom(async () => undefined);
});
afterAll(() => room?.close());
beforeEach(() => room.proxy.clear());
afterEach(() => {
  room.hooks.beforeOpen = async () => undefined;
});

const put = { method: "PUT", path: "/v1/snapshot" };

/** A name of its own: where a test runs once more, the cluster of its first run is still there. */
const named = (name: string) => `${name}-${randomUUID().slice(0, 8)}`;

const cancel = (id: string) => room.snapkeep().execute("restores.cancel", { id });

/** Lets the store open the archive `times` times, and holds whoever wants it once more. */
function holdAfter(times: number) {
  let opens = 0;
  let release: () => void = () => undefined;
  let arrive: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const held = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  room.hooks.beforeOpen = async () => {
    opens += 1;
    if (opens <= times) return;
    arrive();
    await released;
  };
  return { held, release };
}

describe("an outcome that got lost is found out by comparing", () => {
  it("a 500 after Consul has replaced everything: replaced", async () => {
    await room.mark("before-500");
    const text = "timed out waiting for re-run of leader actions";
    await room.proxy.use({ kind: "answer-after-upload", status: 500, text }, put);
    const row = await room.restore();
    expect(row).toMatchObject({ state: "succeeded", verdict: "snapshot", consulStatus: 500 });
    expect(row.outcomeText).toMatch(
      /^Consul answered 500, and a fresh snapshot of dc1 holds what was restored: /,
    );
    expect(row.log.map((line) => line.text)).toContain(
      "Consul answered 500: timed out waiting for re-run of leader actions. Bytes of the archive had been sent, and an answer like this can come after the data was replaced.",
    );
    expect((await room.auditOf(row)).at(-1)).toBe("restore.run ok");
    expect(await room.markIn("before-500")).toBeNull();
  });

  it("a 500 that is answered at once, with nothing replaced: not replaced", async () => {
    await room.mark("before-refusal");
    await room.proxy.use({ kind: "answer-at-once", status: 500, text: "disk is gone" }, put);
    const row = await room.restore();
    expect(row).toMatchObject({ state: "failed", verdict: "safety", consulStatus: 500 });
    expect(row.outcomeText).toMatch(
      /^Consul answered 500\. dc1 was compared twice and holds what it held before: nothing was replaced\.$/,
    );
    expect(await room.markIn("before-refusal")).toBe("after the snapshot");
  });

  it("a connection that is cut after the last byte, while Consul replaces everything: replaced", async () => {
    await room.mark("before-cut");
    await room.proxy.use({ kind: "cut-request", when: "after-body" }, put);
    const row = await room.restore();
    expect(row).toMatchObject({ state: "succeeded", verdict: "snapshot", consulStatus: null });
    expect(row.outcomeText).toMatch(
      /^The answer was lost, and a fresh snapshot of dc1 holds what was restored/,
    );
    expect(await room.markIn("before-cut")).toBeNull();
  });

  it.each([1, 200, 2_000])("a connection that is cut after %i bytes: not replaced", async (afterBytes) => {
    await room.mark("kept-by-the-cut");
    await room.proxy.use({ kind: "cut-request", when: { afterBytes } }, put);
    const row = await room.restore();
    expect(row).toMatchObject({ state: "failed", verdict: "safety", consulStatus: null });
    expect(row.outcomeText).toBe(
      "The answer was lost. dc1 was compared twice and holds what it held before: nothing was replaced.",
    );
    expect(await room.markIn("kept-by-the-cut")).toBe("after the snapshot");
  });

  it("a connection that is cut before anybody has read a byte: not replaced", async () => {
    await room.mark("kept");
    await room.proxy.use({ kind: "cut-request", when: "before-body" }, put);
    expect(await room.restore()).toMatchObject({ state: "failed", verdict: "safety" });
    expect(await room.markIn("kept")).toBe("after the snapshot");
  });

  it("while it isn't found out, nothing is claimed; a later look settles it", async () => {
    await room.mark("before-silence");
    const input = await room.inputWithoutSafety();
    await room.proxy.use({ kind: "cut-request", when: "after-body" }, put);
    await room.proxy.use(
      { kind: "answer-at-once", status: 500, text: "not now" },
      { method: "GET", path: "/v1/snapshot" },
    );
    const id = await room.begin(input);
    const looking = await waitFor("the look to fail", async () => {
      const row = await room.read(id);
      return row.log.some(({ text }) => /not now/.test(text)) ? row : null;
    });
    expect(looking).toMatchObject({
      state: "interrupted",
      phase: "comparing",
      verdict: null,
      canReturn: false,
    });
    await room.proxy.clear();
    expect(await room.ended(id)).toMatchObject({ state: "succeeded", verdict: "snapshot" });
  });

  it.each([
    [500, "No path to datacenter"],
    [403, "ACL not found"],
  ])("a %i with words of a refusal after Consul has replaced everything: replaced", async (status, text) => {
    await room.mark("before-refusal");
    await room.proxy.use({ kind: "answer-after-upload", status, text }, put);
    expect(await room.restore()).toMatchObject({
      state: "succeeded",
      verdict: "snapshot",
      consulStatus: status,
    });
    expect(await room.markIn("before-refusal")).toBeNull();
  });

  it("without anything to compare with but the snapshot, a lost answer is never a success by guess", async () => {
    await room.mark("kept-by-the-cut");
    const input = await room.inputWithoutSafety();
    await room.proxy.use({ kind: "cut-request", when: "before-body" }, put);
    // Neither of the two, or the snapshot and something newer: that depends on how old the servers' own index was.
    expect(await room.restore(input)).toMatchObject({ state: "unknown" });
    expect(await room.markIn("kept-by-the-cut")).toBe("after the snapshot");
  });

  it("an open one can't be compared again once another restore has gone there", async () => {
    const { id } = await room.restore(await room.inputWithoutSafety());
    const input = await room.inputWithoutSafety();
    await room.proxy.use({ kind: "cut-request", when: "before-body" }, put);
    await room.mark("open");
    const open = await room.restore(input);
    expect(open.outcomeText).toMatch(
      /^The answer was lost\. dc1 (does not hold|holds) what was restored .*Look at/,
    );
    expect(open).toMatchObject({ state: "unknown", canCheckAgain: true });
    await room.proxy.clear();
    expect(await room.restore()).toMatchObject({ state: "succeeded" });
    expect(await room.read(open.id)).toMatchObject({ state: "unknown", canCheckAgain: false });
    for (const one of [open.id, id])
      expect(await refusal(room.snapkeep().execute("restores.checkAgain", { id: one }))).toMatch(
        /^conflict: /,
      );
  });

  it("and no second address is tried once a byte has gone", async () => {
    const addresses = [room.proxy.address, `${room.proxy.address}/`];
    const input = { name: named("twice"), addresses, token: room.consul.managementToken ?? "" };
    const { id } = await room.snapkeep().execute("clusters.create", input);
    await room.proxy.use({ kind: "cut-request", when: "after-body" }, put);
    expect((await room.restore({ clusterId: id })).state).toBe("succeeded");
    expect(room.putRequests()).toHaveLength(1);
  });
});

describe("what a restore needs stays as it is until it is over", () => {
  it("its cluster's connection, its archive and its way back", async () => {
    const addresses = [room.proxy.address];
    const cluster = { name: named("held"), addresses, token: room.consul.managementToken ?? "" };
    const { id: held } = await room.snapkeep().execute("clusters.create", cluster);
    const input = await room.input({ clusterId: held });
    const answer = await room.proxy.hold("answer", put);
    const id = await room.begin(input);
    const edit = () =>
      room.snapkeep().execute("clusters.update", { ...cluster, id: held, name: named("renamed") });
    expect(await refusal(edit())).toBe(
      "conflict: A restore is running in this cluster. Change it when that has ended.",
    );
    expect(await refusal(room.snapkeep().execute("clusters.remove", { id: held }))).toMatch(/^conflict: /);
    const forget = (snapshotId: string) => room.snapkeep().execute("snapshots.delete", { id: snapshotId });
    expect(await refusal(forget(room.snapshotId))).toBe(
      `conflict: It is what is restored of the restore ${id}, which is not over yet.`,
    );
    answer.release();
    const row = await room.ended(id);
    const safety = row.safetySnapshot?.id ?? "";
    const unpin = () => room.snapkeep().execute("snapshots.pin", { id: safety, pinned: false });
    expect(await refusal(unpin())).toBe(
      `conflict: It is the way back of the restore ${id}, which is not over yet.`,
    );
    await room.snapkeep().execute("restores.finishWatch", { id });
    expect(await refusal(unpin())).toBe("ok");
    expect(await refusal(edit())).toBe("ok");
  });

  it("a preflight is worth nothing once its cluster was changed, or a restore has gone there", async () => {
    const cluster = {
      name: named("edited"),
      addresses: [room.proxy.address],
      token: room.consul.managementToken ?? "",
    };
    const { id } = await room.snapkeep().execute("clusters.create", cluster);
    const input = await room.input({ clusterId: id });
    await room.snapkeep().execute("clusters.update", { ...cluster, id, objectiveMinutes: 60 });
    expect(await refusal(room.begin(input))).toBe(
      "conflict: The cluster was changed since the preflight. Run the checks again.",
    );
    const again = await room.input({ clusterId: id });
    expect(await room.restore(again)).toMatchObject({ state: "succeeded" });
    expect(await refusal(room.begin(again))).toBe(
      "conflict: dc1 was restored since the preflight. Run the checks again.",
    );
  });
});

describe("while a restore runs", () => {
  it("it can be cancelled until the first byte has gone, and another one of the datacenter waits", async () => {
    await room.mark("cancelled");
    const input = await room.input();
    // The archive is read twice: to compare it with its checksum, and to send it.
    for (const times of [0, 1]) {
      const { held, release } = holdAfter(times);
      const id = await room.begin(input);
      await held;
      expect(await room.read(id)).toMatchObject({ state: "running", phase: "sending", cancellable: true });
      expect(await refusal(room.begin(input))).toBe(
        "conflict: Another restore of dc1 is running. Wait until it has ended.",
      );
      const cancelled = cancel(id);
      release();
      await cancelled;
      const row = await room.read(id);
      expect(row).toMatchObject({ state: "cancelled", bytesSent: 0, consulStatus: null });
      expect(row.outcomeText).toBe("Cancelled by ada. Nothing was sent to Consul.");
      expect((await room.auditOf(row)).at(-1)).toBe("restore.run failed");
      expect(await refusal(cancel(id))).toBe("conflict: This restore has ended.");
    }
    expect(await room.markIn("cancelled")).toBe("after the snapshot");
  });

  it("a cancel while the safety snapshot is taken ends that, too", async () => {
    await room.mark("cancelled");
    const input = await room.input();
    await room.proxy.hold("answer", { method: "GET", path: "/v1/snapshot" });
    const id = await room.begin(input);
    await waitFor("the safety snapshot", async () => {
      const row = await room.read(id);
      return row.phase === "safety" && row.safetySnapshot !== null ? row : null;
    });
    await cancel(id);
    expect(await room.read(id)).toMatchObject({ state: "cancelled", safetySnapshot: { state: "cancelled" } });
    expect(await room.markIn("cancelled")).toBe("after the snapshot");
  });

  const allSent = (id: string) =>
    waitFor("all bytes to go", async () => ((await room.read(id)).phase === "applying" ? true : null));

  it("a cancel after the first byte is refused, and the restore ends as Consul says", async () => {
    const input = await room.input();
    const answer = await room.proxy.hold("answer", put);
    const id = await room.begin(input);
    await allSent(id);
    expect(await room.read(id)).toMatchObject({ state: "running", phase: "applying", cancellable: false });
    expect(await refusal(cancel(id))).toBe(
      "conflict: The first byte has been sent to Consul. A restore can't be called back.",
    );
    expect(await refusal(room.begin(input))).toMatch(
      /^conflict: dc1 was restored since the preflight\. Run the checks again/,
    );
    expect(await refusal(room.begin())).toMatch(
      /^conflict: A block can't be overridden: Another restore is running/,
    );
    answer.release();
    expect(await room.ended(id)).toMatchObject({ state: "succeeded", consulStatus: 200 });
  });

  it("a stop of Snapkeep waits for Consul's answer, and the next start compares", async () => {
    const input = await room.input();
    const answer = await room.proxy.hold("answer", put);
    const id = await room.begin(input);
    await allSent(id);
    const again = room.startAgain();
    // Who is refused for a stop knows that it has begun; the answer comes after that.
    await waitFor("the stop to begin", async () =>
      (await refusal(room.snapkeep().execute("restores.start", input))).startsWith("stopping: ")
        ? true
        : null,
    );
    expect(await room.read(id)).toMatchObject({ state: "running", phase: "applying" });
    answer.release();
    await again;
    expect(await room.ended(id)).toMatchObject({
      state: "succeeded",
      consulStatus: 200,
      verdict: "snapshot",
    });
  });

  it("a stop of Snapkeep before the first byte cancels it", async () => {
    const input = await room.input();
    const { held, release } = holdAfter(0);
    const id = await room.begin(input);
    await held;
    const again = room.startAgain();
    release();
    await again;
    const row = await room.read(id);
    expect(row).toMatchObject({ state: "cancelled", bytesSent: 0 });
    expect(row.outcomeText).toBe("Snapkeep was stopped. Nothing was sent to Consul.");
  });
});
