import path from "node:path";
import Sqlite from "better-sqlite3";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { isAppError } from "#core/kernel/errors.ts";
import { killHard, startRestoreProcess } from "#core/testing/restore-process.ts";
import { openRestoreRoom, type RestoreRoom } from "#core/testing/restore-room.ts";
import { clusterId } from "#core/testing/runtime.ts";
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
const lookFirst = /Look at the datacenter before anything else\.$/;

async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "ok";
  } catch (error) {
    return isAppError(error) ? `${error.code}: ${error.userMessage}` : `fault: ${String(error)}`;
  }
}
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

describe("an outcome that isn't known is never called a failure", () => {
  it("a 500 after Consul has replaced everything", async () => {
    await room.mark("before-500");
    const text = "timed out waiting for re-run of leader actions";
    await room.proxy.use({ kind: "answer-after-upload", status: 500, text }, put);
    const row = await room.restore();
    expect(row).toMatchObject({ state: "unknown", consulStatus: 500 });
    expect(row.outcomeText).toMatch(
      /^Consul answered 500: timed out waiting for re-run of leader actions\. The archive had been sent/,
    );
    expect(row.outcomeText).toMatch(lookFirst);
    expect(await room.auditOf(row)).toEqual(["restore.run intent", "restore.run unknown"]);
    expect(await room.markIn("before-500")).toBeNull();
  });

  it("a connection that is cut after the last byte, while Consul replaces everything", async () => {
    await room.mark("before-cut");
    await room.proxy.use({ kind: "cut-request", when: "after-body" }, put);
    const row = await room.restore();
    expect(row).toMatchObject({ state: "unknown", consulStatus: null });
    expect(row.outcomeText).toMatch(/^No answer came from .*the connection was/);
    expect(row.outcomeText).toMatch(lookFirst);
    expect(await room.markIn("before-cut")).toBeNull();
  });

  it.each([1, 200, 2_000])("a connection that is cut after %i bytes", async (afterBytes) => {
    await room.mark("kept-by-the-cut");
    await room.proxy.use({ kind: "cut-request", when: { afterBytes } }, put);
    const row = await room.restore();
    expect(row).toMatchObject({ state: "unknown", consulStatus: null });
    expect(row.outcomeText).toMatch(lookFirst);
    expect(await room.markIn("kept-by-the-cut")).toBe("after the snapshot");
  });

  it("a connection that is cut before anybody has read a byte: Snapkeep can't know that", async () => {
    await room.proxy.use({ kind: "cut-request", when: "before-body" }, put);
    const row = await room.restore();
    expect(row.state).toBe("unknown");
    expect(row.outcomeText).toMatch(lookFirst);
  });

  it("and no second address is tried once a byte has gone", async () => {
    const addresses = [room.proxy.address, `${room.proxy.address}/`];
    const input = { name: "twice", addresses, token: room.consul.managementToken ?? "" };
    const { id } = await room.snapkeep().execute("clusters.create", input);
    await room.proxy.use({ kind: "cut-request", when: "after-body" }, put);
    expect((await room.restore({ clusterId: id })).state).toBe("unknown");
    expect(room.putRequests()).toHaveLength(1);
  });
});

describe("while a restore runs", () => {
  it("it can be cancelled until the first byte has gone, and another one of the datacenter waits", async () => {
    await room.mark("cancelled");
    // The archive is read twice: to compare it with its checksum, and to send it.
    for (const times of [0, 1]) {
      const { held, release } = holdAfter(times);
      const id = await room.begin();
      await held;
      expect(await room.read(id)).toMatchObject({ state: "running", phase: "checking", cancellable: true });
      expect(await refusal(room.begin())).toBe(
        "conflict: Another restore of dc1 is running. Wait until it has ended.",
      );
      const cancelled = cancel(id);
      release();
      await cancelled;
      const row = await room.read(id);
      expect(row).toMatchObject({ state: "cancelled", bytesSent: 0, consulStatus: null });
      expect(row.outcomeText).toBe("Cancelled by ada. Nothing was sent to Consul.");
      expect(await room.auditOf(row)).toEqual(["restore.run intent", "restore.run failed"]);
      expect(await refusal(cancel(id))).toBe("conflict: This restore has ended.");
    }
    expect(await room.markIn("cancelled")).toBe("after the snapshot");
  });

  it("a cancel after the first byte is refused, and the restore ends as Consul says", async () => {
    const [server] = room.consul.primary.servers;
    await server?.pause();
    const id = await room.begin();
    await waitFor("all bytes to go", async () =>
      (await room.read(id)).bytesSent === room.archiveBytes ? true : null,
    );
    expect(await room.read(id)).toMatchObject({ state: "running", phase: "applying", cancellable: false });
    expect(await refusal(cancel(id))).toBe(
      "conflict: The first byte has been sent to Consul. A restore can't be called back.",
    );
    expect(await refusal(room.begin())).toMatch(/^conflict: Another restore of dc1 is running/);
    server?.resume();
    expect(await room.ended(id)).toMatchObject({ state: "succeeded", consulStatus: 200 });
  });

  it("a stop of Snapkeep waits for Consul's answer and writes it down", async () => {
    const [server] = room.consul.primary.servers;
    await server?.pause();
    const id = await room.begin();
    await waitFor("all bytes to go", async () =>
      (await room.read(id)).bytesSent === room.archiveBytes ? true : null,
    );
    const again = room.startAgain();
    server?.resume();
    await again;
    expect(await room.read(id)).toMatchObject({ state: "succeeded", consulStatus: 200 });
  });

  it("a stop of Snapkeep before the first byte cancels it", async () => {
    const { held, release } = holdAfter(0);
    const id = await room.begin();
    await held;
    const again = room.startAgain();
    release();
    await again;
    const row = await room.read(id);
    expect(row).toMatchObject({ state: "cancelled", bytesSent: 0 });
    expect(row.outcomeText).toBe("Snapkeep was stopped. Nothing was sent to Consul.");
  });
});

describe("a restore that a killed Snapkeep left running", () => {
  /** Turns a finished row back into what stands in the records in the middle of a restore. */
  async function leaveRunning(id: string, firstByteSentAt: number | null): Promise<void> {
    await room.startAgain((dataFolder) => {
      const records = new Sqlite(path.join(dataFolder, "snapkeep.db"));
      // What a kill leaves has no outcome yet; the log itself would never give a row back.
      records.exec(`DROP TRIGGER IF EXISTS "AuditEntry_stays_until_archived"`);
      const ofIt = `correlationId = (SELECT correlationId FROM "Restore" WHERE id = ?)`;
      records.prepare(`DELETE FROM "AuditEntry" WHERE ${ofIt} AND outcome <> 'intent'`).run(id);
      const sql = `UPDATE "Restore" SET state = 'running', phase = 'sending', finishedAt = NULL, outcomeText = NULL,
        consulStatus = NULL, runner = 'gone', firstByteSentAt = ? WHERE id = ?`;
      records.prepare(sql).run(firstByteSentAt === null ? null : new Date(firstByteSentAt).toISOString(), id);
      records.close();
    });
  }

  it("is unknown when the first byte had gone", async () => {
    const { id } = await room.restore();
    await leaveRunning(id, Date.now());
    const row = await room.read(id);
    expect(row).toMatchObject({ state: "unknown", phase: "done", consulStatus: null, cancellable: false });
    expect(row.outcomeText).toMatch(/^Snapkeep was stopped after bytes of the archive had been sent/);
    expect(row.outcomeText).toMatch(lookFirst);
    expect(await room.auditOf(row)).toEqual(["restore.run intent", "restore.run unknown"]);
    const outcome = (await room.snapkeep().auditRows()).find(
      (one) => one.outcome === "unknown" && one.targetId === id,
    );
    expect(outcome).toMatchObject({ actorKind: "system", actorName: "restart", reason: "a test" });
  });

  it("is failed when no byte had gone", async () => {
    const { id } = await room.restore();
    await leaveRunning(id, null);
    const row = await room.read(id);
    expect(row).toMatchObject({ state: "failed", phase: "done" });
    expect(row.outcomeText).toBe(
      "Snapkeep was stopped before anything was sent to Consul. Nothing was replaced.",
    );
    expect(await room.auditOf(row)).toEqual(["restore.run intent", "restore.run failed"]);
  });

  it("by a real SIGKILL after the last byte is unknown", async () => {
    const [server] = room.consul.primary.servers;
    let restoreId = "";
    await room.startAgain(async (dataFolder) => {
      await server?.pause();
      const { snapshotId, proxy, consul } = room;
      const input = { snapshotId, clusterId, datacenter: "dc1", confirmDatacenter: "dc1", reason: "a test" };
      const order = { consulAddress: proxy.address, token: consul.managementToken, dataFolder, input };
      const { id, child } = await startRestoreProcess(order);
      restoreId = id;
      await waitFor("all bytes to go", async () =>
        room.putRequests()[0]?.requestBodyBytes === room.archiveBytes ? true : null,
      );
      await killHard(child);
      server?.resume();
    });
    const row = await room.read(restoreId);
    expect(row).toMatchObject({ state: "unknown", phase: "done", consulStatus: null });
    expect(row.outcomeText).toMatch(/^Snapkeep was stopped after bytes of the archive had been sent/);
    expect(await room.auditOf(row)).toEqual(["restore.run intent", "restore.run unknown"]);
  });

  it("no longer keeps another one from running", async () => {
    expect((await room.restore()).state).toBe("succeeded");
  });
});
