import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Clock } from "#core/kernel/clock.ts";
import { systemClock } from "#core/kernel/clock.ts";
import { type SingleServer, startConsulServer } from "#core/testing/consul-cluster.ts";
import { fetchArchive } from "#core/testing/consul-http.ts";
import { seedKeys } from "#core/testing/consul-seed.ts";
import { type FaultProxy, startFaultProxy } from "#core/testing/fault-proxy.ts";
import { createHold, type Hold } from "#core/testing/hold.ts";
import { startRuntime, type TestRuntime } from "#core/testing/runtime.ts";
import { waitFor } from "#core/testing/wait-for.ts";
import type { SnapshotDetail } from "./contract.ts";

const onSnapshot = { path: "/v1/snapshot" };
/** Only where a stream is to stand still for too long: elsewhere a busy machine could be what stands still. */
const shortIdleMs = 1_000;
const hourMs = 3_600_000;

let consul: SingleServer;
let proxy: FaultProxy;
let snapkeep: TestRuntime;
/** Each archive is written anew by Consul, so this is right to a few hundred bytes. */
let archiveBytes: number;
let offsetMs = 0;
const jumpingClock: Clock = { ...systemClock, nowMs: () => Date.now() + offsetMs };
let hold: Hold;

const options = () => ({ consulAddress: proxy.address, clock: jumpingClock, aroundStore: hold.around });

beforeAll(async () => {
  consul = await startConsulServer({ dev: true });
  await seedKeys({ client: consul.target(), count: 1_000 });
  archiveBytes = (await fetchArchive(consul.target())).length;
  proxy = await startFaultProxy({ target: consul.server.httpAddress });
  hold = createHold();
  snapkeep = await startRuntime(options());
});

afterAll(async () => {
  hold?.release();
  await snapkeep?.remove();
  await proxy?.stop();
  await consul?.stop();
});

beforeEach(async () => {
  hold.release();
  offsetMs = 0;
  await proxy.clear();
});

const filesOf = (id: string) => snapkeep.archiveFiles().filter((name) => name.startsWith(id));

async function outcomesOf(row: Pick<SnapshotDetail, "correlationId">) {
  const rows = await snapkeep.auditRows();
  return rows.filter((entry) => entry.correlationId === row.correlationId).map((entry) => entry.outcome);
}

const someBytes = (id: string) =>
  waitFor("the first bytes", async () => {
    const row = await snapkeep.snapshotRow(id);
    return (row?.progress?.bytesDone ?? 0) > 0 ? row : null;
  });

/** A take whose bytes trickle in, for minutes; resolves once some of them are here and the partial file stands. */
async function beginSlowTake(): Promise<string> {
  await proxy.use({ kind: "throttle-response", bytesPerSecond: 500 }, onSnapshot);
  const id = await snapkeep.beginTake();
  await someBytes(id);
  return id;
}

/** A take that stands in the middle of its stream until it may go on. */
async function beginHeldTake(): Promise<{ id: string; goOn: () => void }> {
  const goOn = await stall(5_000);
  const id = await snapkeep.beginTake();
  await someBytes(id);
  return { id, goOn };
}

/** Lets the body flow up to `atByte` and then nothing, until the returned function is called. */
async function stall(atByte: number): Promise<() => void> {
  let goOn: () => void = () => undefined;
  const waiting = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  await proxy.use({ kind: "at-response-byte", atByte, run: () => waiting }, onSnapshot);
  return goOn;
}

describe("a slow Consul", () => {
  /** What a test asks of a Snapkeep that has little patience, and what is left of that. */
  async function withIdle<T>(idleMs: number, ask: (impatient: TestRuntime) => Promise<T>): Promise<T> {
    const impatient = await startRuntime({
      consulAddress: proxy.address,
      env: { SNAPKEEP_IDLE_TIMEOUT_MS: String(idleMs) },
    });
    try {
      return await ask(impatient);
    } finally {
      await impatient.remove();
    }
  }

  it("that takes longer to its first byte than a stream may stand still is waited for", async () => {
    // The stream itself comes at once then, and may take as long as a busy machine needs for 100 KB.
    const idleMs = 5_000;
    await proxy.use({ kind: "delay-first-byte", delayMs: idleMs * 1.2 }, onSnapshot);
    const row = await withIdle(idleMs, (impatient) => impatient.take());
    expect(row).toMatchObject({ state: "verified" });
    expect(row.firstByteMs).toBeGreaterThan(idleMs);
  });

  it("whose bytes trickle in for longer than a stream may stand still is waited for", async () => {
    const idleMs = 5_000;
    await proxy.use({ kind: "throttle-response", bytesPerSecond: archiveBytes / 7 }, onSnapshot);
    const row = await withIdle(idleMs, (impatient) => impatient.take());
    expect(row).toMatchObject({ state: "verified" });
    expect(row.durationMs).toBeGreaterThan(idleMs);
  });

  it.each([1, 5_000])(
    "whose stream stands still at byte %i for too long fails with a sentence",
    async (atByte) => {
      const goOn = await stall(atByte);
      const { row, files, outcomes } = await withIdle(shortIdleMs, async (impatient) => {
        const taken = await impatient.take();
        const rows = await impatient.auditRows();
        const own = rows.filter(({ correlationId }) => correlationId === taken.correlationId);
        return { row: taken, files: impatient.archiveFiles(), outcomes: own.map(({ outcome }) => outcome) };
      });
      goOn();
      expect(row).toMatchObject({
        state: "failed",
        failureCode: "consul_broken_stream",
        responseStatus: 200,
      });
      expect(row.failureText).toMatch(
        /The stream from .* broke off in the middle\. .*stood still for too long\.$/,
      );
      expect(files).toEqual([]);
      expect(outcomes).toEqual(["intent", "failed"]);
    },
  );

  it("that is silent for longer than SNAPKEEP_FIRST_BYTE_TIMEOUT_MS fails with a sentence", async () => {
    const impatient = await startRuntime({
      consulAddress: proxy.address,
      env: { SNAPKEEP_FIRST_BYTE_TIMEOUT_MS: "1000" },
    });
    await proxy.hold("answer", onSnapshot);
    const row = await impatient.take();
    expect(row).toMatchObject({ state: "failed", failureCode: "consul_unreachable", responseStatus: null });
    expect(row.failureText).toBe(`${proxy.address} can't be reached: no answer in time.`);
    await impatient.remove();
  });
});

describe("a cancelled take", () => {
  async function expectCancelled(id: string, goOn: () => void = () => undefined): Promise<void> {
    await snapkeep.execute("snapshots.cancel", { id });
    goOn();
    const row = await snapkeep.waitForSnapshot(id);
    expect(row).toMatchObject({ state: "cancelled", failureCode: "cancelled", archiveBytes: null });
    expect(row.failureText).toBe("Cancelled by ada. Nothing was stored.");
    expect(filesOf(id)).toEqual([]);
    expect(await outcomesOf(row)).toEqual(["intent", "failed"]);
    await waitFor("the connection to Consul to end", async () => {
      const open = proxy.requests.filter((seen) => !seen.finished && seen.url.startsWith("/v1/snapshot"));
      if (open.length > 0) throw new Error(JSON.stringify(open));
      return true;
    });
  }

  it("leaves nothing while Consul still prepares its answer", async () => {
    const held = await proxy.hold("answer", onSnapshot);
    const id = await snapkeep.beginTake();
    await held.reached;
    await expectCancelled(id);
  });

  it("leaves nothing while bytes trickle in", async () => {
    const id = await beginSlowTake();
    expect(filesOf(id)).toEqual([`${id}.partial`]);
    await expectCancelled(id);
  });

  it("leaves nothing while the stream stands still", async () => {
    const { id, goOn } = await beginHeldTake();
    await expectCancelled(id, goOn);
  });

  it("that came too late is not called cancelled: the archive is kept, and the canceller hears it", async () => {
    const held = hold.next("commit:before");
    const id = await snapkeep.beginTake();
    await held.reached;
    const cancelling = snapkeep.execute("snapshots.cancel", { id });
    const refused = expect(cancelling).rejects.toMatchObject({ code: "conflict" });
    // The cancel must have reached the act before the commit goes on: its intent is in the log by then.
    await waitFor("the cancel's intent", async () =>
      (await snapkeep.auditRows()).some(
        (entry) => entry.action === "snapshot.cancel" && entry.targetId === id,
      )
        ? true
        : null,
    );
    hold.release();
    await refused;
    expect(await snapkeep.waitForSnapshot(id)).toMatchObject({ state: "verified" });
    expect(filesOf(id)).toEqual([`${id}.snap`]);
  });

  it("can't be cancelled again", async () => {
    const { id } = await snapkeep.take();
    await expect(snapkeep.execute("snapshots.cancel", { id })).rejects.toMatchObject({ code: "conflict" });
    expect(filesOf(id)).toEqual([`${id}.snap`]);
  });
});

it("a take that is under way can't be deleted", async () => {
  const { id, goOn } = await beginHeldTake();
  await expect(snapkeep.execute("snapshots.delete", { id })).rejects.toMatchObject({ code: "conflict" });
  goOn();
  expect(await snapkeep.waitForSnapshot(id)).toMatchObject({ state: "verified" });
});

describe("a graceful stop", () => {
  it("ends the take that is under way with its reason and leaves nothing of it", async () => {
    const before = await snapkeep.take();
    const id = await beginSlowTake();
    const { dataFolder } = snapkeep;
    await snapkeep.stop();
    expect(filesOf(id)).toEqual([]);
    snapkeep = await startRuntime({ ...options(), dataFolder });
    const row = await snapkeep.waitForSnapshot(id);
    expect(row).toMatchObject({
      state: "failed",
      failureCode: "stopping",
      failureText: "Snapkeep was stopped in the middle. Nothing was stored.",
    });
    expect(await outcomesOf(row)).toEqual(["intent", "failed"]);
    expect(await snapkeep.snapshotRow(before.id)).toMatchObject({ state: "verified" });
    expect(filesOf(before.id)).toEqual([`${before.id}.snap`]);
  });
});

describe("a clock that jumps back an hour during a take", () => {
  it("makes no negative duration, and the list stays whole and in order", async () => {
    const first = await snapkeep.take();
    const { id, goOn } = await beginHeldTake();
    offsetMs = -hourMs;
    goOn();
    const jumped = await snapkeep.waitForSnapshot(id);
    await proxy.clear();
    const after = await snapkeep.take();

    expect(jumped).toMatchObject({ state: "verified" });
    for (const row of [first, jumped, after]) {
      expect(row.durationMs).toBeGreaterThanOrEqual(0);
      expect(row.firstByteMs).toBeGreaterThanOrEqual(0);
      expect(Date.parse(row.verifiedAt ?? "")).toBeGreaterThanOrEqual(Date.parse(row.takenAt));
    }
    const all = await snapkeep.listRows();
    const times = all.map((row) => Date.parse(row.takenAt));
    expect(times).toEqual([...times].sort((a, b) => b - a));
    const paged: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await snapkeep.execute("snapshots.list", { limit: 2, ...(cursor ? { cursor } : {}) });
      paged.push(...page.rows.map((row) => row.id));
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    expect(paged).toEqual(all.map((row) => row.id));
  });

  it("keeps the audit log's numbers without a gap, and its chain intact", async () => {
    const rows = await snapkeep.auditRows();
    const entries = rows.map((row) => row.entry).sort((a, b) => a - b);
    expect(entries).toEqual(entries.map((_, at) => at + 1));
    expect(await snapkeep.execute("audit.verify", {})).toMatchObject({ state: "intact", broken: null });
  });
});
