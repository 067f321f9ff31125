import { writeFileSync } from "node:fs";
import path from "node:path";
import Sqlite from "better-sqlite3";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { writeArchive } from "#core/testing/archive-writer.ts";
import { type SingleServer, startConsulServer } from "#core/testing/consul-cluster.ts";
import { seedWorld } from "#core/testing/consul-seed-world.ts";
import { noTraces, processesOn, tracesIn } from "#core/testing/drill-traces.ts";
import { startKillableServer } from "#core/testing/killable-server.ts";
import { makeTempFolder, removeTempFolder } from "#core/testing/leftovers.ts";
import {
  clusterId,
  type createAsk,
  startRuntime,
  type TestRuntime,
  type TestRuntimeOptions,
} from "#core/testing/runtime.ts";
import { uploadArchive } from "#core/testing/upload-archive.ts";
import { waitFor } from "#core/testing/wait-for.ts";
import { findConsul } from "../../scripts/lib/consul-binary.mjs";
import type { DrillRow } from "./contract.ts";

type Ask = ReturnType<typeof createAsk>;

let consul: SingleServer;
let program: { path: string; version: string };
let snapkeep: TestRuntime;

beforeAll(async () => {
  program = await findConsul({ fetch: true });
  consul = await startConsulServer({ dev: true, acl: true });
  await seedWorld({ client: consul.target(), keys: 300, acl: true });
});
afterAll(() => consul?.stop());

const options = (env: Record<string, string> = {}): TestRuntimeOptions => ({
  consulAddress: consul.server.httpAddress,
  token: consul.managementToken,
  env: { CONSUL_BIN: program.path, ...env },
});
const drillsFolder = (dataFolder: string) => path.join(dataFolder, "drills");

function ended(ask: Pick<Ask, "execute">, id: string): Promise<DrillRow> {
  return waitFor(`drill ${id} to end`, async () => {
    const row = await ask.execute("drills.get", { id });
    return row.state === "running" ? null : row;
  });
}

async function auditOf(ask: Pick<Ask, "auditRows">, { correlationId }: DrillRow): Promise<string[]> {
  const rows = (await ask.auditRows()).filter((row) => row.correlationId === correlationId);
  return rows.map((row) => `${row.action} ${row.outcome} ${row.actorName}`);
}

const upload = (archive: Buffer) => uploadArchive(snapkeep, archive, { clusterId, datacenter: "dc1" });

describe("a drill by hand", () => {
  beforeEach(async () => {
    snapkeep = await startRuntime(options());
  });
  afterEach(async () => {
    const { dataFolder } = snapkeep;
    await snapkeep.stop();
    expect(tracesIn(drillsFolder(dataFolder))).toEqual(noTraces);
    await snapkeep.remove();
  });

  it("proves a snapshot: the row, the snapshot and its custody say so", async () => {
    const { id: snapshotId } = await snapkeep.take();
    const { id } = await snapkeep.execute("drills.start", { snapshotId });
    const row = await ended(snapkeep, id);
    expect(row).toMatchObject({
      state: "passed",
      phase: "done",
      trigger: "manual",
      consulVersion: program.version,
      snapshotVersion: program.version,
      sameVersion: true,
      cancellable: false,
      report: { matches: true, unexplained: 0, sampledKeys: 50, sampledEqual: 50 },
    });
    expect(row.outcomeText).toMatch(/^Consul \S+ holds all of it: [\d,]+ records are equal(; [^.]+)?\.$/);
    // What was excused is named, with its number.
    const moved = row.report?.moved ?? 0;
    const named = [...(row.outcomeText ?? "").matchAll(/; ([\d,]+) (?:of the catalog|that live)/g)];
    expect(named.reduce((sum, [, count = ""]) => sum + Number(count.replaceAll(",", "")), 0)).toBe(moved);
    const { drill } = await snapkeep.execute("snapshots.get", { id: snapshotId });
    expect(drill).toEqual({
      id,
      state: "passed",
      at: row.finishedAt,
      ms: row.durationMs,
      consulVersion: program.version,
    });
    expect(await auditOf(snapkeep, row)).toEqual(["snapshot.drill intent ada", "snapshot.drill ok ada"]);
    const custody = await snapkeep.execute("audit.custody", { id: snapshotId });
    expect(JSON.stringify(custody)).toContain("snapshot.drill");
    expect((await snapkeep.execute("drills.list", { snapshotId })).rows.map((one) => one.id)).toEqual([id]);
  });

  it("of an archive that Consul panics on fails in Consul's words", async () => {
    const snapshotId = await upload(writeArchive({ records: [{ type: 60, value: { A: 1 } }] }));
    const row = await ended(snapkeep, (await snapkeep.execute("drills.start", { snapshotId })).id);
    expect(row).toMatchObject({ state: "failed", report: null });
    expect(row.outcomeText).toContain("Unrecognized msg type 60");
    const { drill } = await snapkeep.execute("snapshots.get", { id: snapshotId });
    expect(drill?.state).toBe("failed");
    expect(await auditOf(snapkeep, row)).toEqual(["snapshot.drill intent ada", "snapshot.drill failed ada"]);
  });

  it("of a snapshot that another version took says both versions", async () => {
    const { id: snapshotId } = await snapkeep.take();
    change(snapkeep.dataFolder, `UPDATE "Snapshot" SET "consulVersion" = '1.21.3'`);
    const row = await ended(snapkeep, (await snapkeep.execute("drills.start", { snapshotId })).id);
    expect(row).toMatchObject({ state: "passed", sameVersion: false });
    expect(row.outcomeText).toMatch(
      new RegExp(`\\. Drilled on Consul ${program.version}; the snapshot was taken by 1\\.21\\.3\\.$`),
    );
  });

  it("runs alone: a second one is told of the first, which can be cancelled and then proves nothing", async () => {
    const { id: snapshotId } = await snapkeep.take();
    const first = await snapkeep.execute("drills.start", { snapshotId });
    await expect(snapkeep.execute("drills.start", { snapshotId })).rejects.toMatchObject({
      code: "conflict",
      userMessage: expect.stringContaining("One runs at a time"),
    });
    await waitFor("Consul to run", async () =>
      processesOn(drillsFolder(snapkeep.dataFolder)).length > 0 ? true : null,
    );
    await snapkeep.execute("drills.cancel", first);
    // Cancel answers when nothing is left, not before.
    expect(tracesIn(drillsFolder(snapkeep.dataFolder))).toEqual(noTraces);
    const row = await snapkeep.execute("drills.get", first);
    expect(row).toMatchObject({
      state: "cancelled",
      outcomeText: "Cancelled by ada. Nothing outside this machine was touched.",
    });
    expect((await snapkeep.execute("snapshots.get", { id: snapshotId })).drill).toBeNull();
    await expect(snapkeep.execute("drills.cancel", first)).rejects.toMatchObject({ code: "conflict" });
    const again = await snapkeep.execute("drills.start", { snapshotId });
    expect((await ended(snapkeep, again.id)).state).toBe("passed");
  });

  it("ends with Snapkeep, which leaves no Consul behind", async () => {
    const { id: snapshotId } = await snapkeep.take();
    const { id } = await snapkeep.execute("drills.start", { snapshotId });
    await waitFor("Consul to run", async () =>
      processesOn(drillsFolder(snapkeep.dataFolder)).length > 0 ? true : null,
    );
    const { dataFolder } = snapkeep;
    await snapkeep.stop();
    expect(tracesIn(drillsFolder(dataFolder))).toEqual(noTraces);
    snapkeep = await startRuntime({ ...options(), dataFolder });
    const row = await snapkeep.execute("drills.get", { id });
    expect(row).toMatchObject({
      state: "failed",
      outcomeText: "Snapkeep was stopped in the middle. Nothing outside this machine was touched.",
    });
    expect((await snapkeep.execute("snapshots.get", { id: snapshotId })).drill).toBeNull();
  });
});

describe("a machine that can't", () => {
  it("without a consul program says where it looked, and starts nothing", async () => {
    const empty = makeTempFolder("snapkeep-path-");
    snapkeep = await startRuntime({ ...options(), env: { PATH: empty } });
    try {
      expect(await snapkeep.execute("drills.ability", {})).toEqual({
        able: false,
        consulVersion: null,
        problem: expect.stringContaining("There is no consul program on Snapkeep's PATH."),
      });
      const { id: snapshotId } = await snapkeep.take();
      await expect(snapkeep.execute("drills.start", { snapshotId })).rejects.toMatchObject({
        code: "conflict",
      });
      expect((await snapkeep.execute("drills.list", {})).rows).toEqual([]);
    } finally {
      await snapkeep.remove();
      removeTempFolder(empty);
    }
  });

  it("with too little room says how much is needed, and starts nothing", async () => {
    snapkeep = await startRuntime(options());
    try {
      const { id: snapshotId } = await snapkeep.take();
      change(snapkeep.dataFolder, `UPDATE "Snapshot" SET "stateBytes" = 1000000000000000`);
      await expect(snapkeep.execute("drills.start", { snapshotId })).rejects.toMatchObject({
        code: "storage_full",
        userMessage: expect.stringContaining("writes up to 4,000,000,000 MB"),
      });
      expect((await snapkeep.execute("drills.list", {})).rows).toEqual([]);
    } finally {
      await snapkeep.remove();
    }
  });

  it("with too little time says so, which is no fault of the archive: an earlier proof stands", async () => {
    snapkeep = await startRuntime(options());
    try {
      const { id: snapshotId } = await snapkeep.take();
      const proven = await ended(snapkeep, (await snapkeep.execute("drills.start", { snapshotId })).id);
      expect(proven.state).toBe("passed");
      const { dataFolder } = snapkeep;
      await snapkeep.stop();
      snapkeep = await startRuntime({ ...options({ SNAPKEEP_DRILL_TIMEOUT_MS: "500" }), dataFolder });
      const row = await ended(snapkeep, (await snapkeep.execute("drills.start", { snapshotId })).id);
      expect(row).toMatchObject({
        state: "failed",
        outcomeText: "It took longer than the limit of 1 second and was ended.",
      });
      const { drill } = await snapkeep.execute("snapshots.get", { id: snapshotId });
      expect(drill).toMatchObject({ id: proven.id, state: "passed" });
      expect(tracesIn(drillsFolder(snapkeep.dataFolder))).toEqual(noTraces);
    } finally {
      await snapkeep.remove();
    }
  });
});

it("a consul program that doesn't start a server says nothing about the snapshot", async () => {
  const folder = makeTempFolder("snapkeep-consul-");
  const file = path.join(folder, "consul");
  const words = `if [ "$1" = version ]; then echo "Consul v${program.version}"; exit 0; fi`;
  writeFileSync(file, `#!/bin/sh\n${words}\necho "==> no server today" >&2\nexit 1\n`, { mode: 0o755 });
  snapkeep = await startRuntime(options({ CONSUL_BIN: file }));
  try {
    const { id: snapshotId } = await snapkeep.take();
    const row = await ended(snapkeep, (await snapkeep.execute("drills.start", { snapshotId })).id);
    expect(row).toMatchObject({
      state: "failed",
      outcomeText: `Consul ${program.version} ended: no server today`,
    });
    expect((await snapkeep.execute("snapshots.get", { id: snapshotId })).drill).toBeNull();
  } finally {
    await snapkeep.remove();
    removeTempFolder(folder);
  }
});

it("killed in the middle, the next start ends the Consul that was left and settles the row", async () => {
  const server = await startKillableServer(options());
  const { id: snapshotId } = await server.take();
  const { id } = await server.execute("drills.start", { snapshotId });
  const folder = drillsFolder(server.dataFolder);
  const pid = await waitFor("Consul to run", async () => processesOn(folder)[0] ?? null);
  // Else its next line of log, for which there is no reader any more, could end it before the next start does.
  process.kill(pid, "SIGSTOP");
  await server.kill();
  expect(processesOn(folder)).toEqual([pid]);
  snapkeep = await startRuntime({ ...options(), dataFolder: server.dataFolder });
  try {
    expect(tracesIn(folder)).toEqual(noTraces);
    const row = await snapkeep.execute("drills.get", { id });
    expect(row).toMatchObject({
      state: "failed",
      outcomeText: "Snapkeep was stopped in the middle. Nothing outside this machine was touched.",
    });
    expect(await auditOf(snapkeep, row)).toEqual([
      "snapshot.drill intent ada",
      "snapshot.drill failed restart",
    ]);
    expect((await snapkeep.execute("snapshots.get", { id: snapshotId })).drill).toBeNull();
  } finally {
    await snapkeep.remove();
  }
});

describe("a schedule", () => {
  const hourMs = 3_600_000;
  const dayMs = 24 * hourMs;
  // A Monday, 03:59 UTC, ahead of every clock that runs this test.
  const beginMs = mondayAhead() + 4 * hourMs - 60_000;
  const iso = (atMs: number) => new Date(atMs).toISOString();
  let nowMs: number;
  const clock = { nowMs: () => nowMs, monotonicMs: () => performance.now() };
  const place = { clusterId, datacenter: "dc1" };
  const withClock = (): TestRuntimeOptions => ({ ...options(), clock, drillScheduleEveryMs: 25 });

  const list = async () => (await snapkeep.execute("drills.list", {})).rows.reverse();
  const scheduleOf = async (datacenter: string) =>
    (await snapkeep.execute("drills.schedules", {})).schedules.find((each) => each.datacenter === datacenter);
  const schedule = () => scheduleOf("dc1");
  /** The clock has been looked at, and this slot is over. */
  const waitForSlot = (at: number) =>
    waitFor("the slot", async () =>
      (await schedule())?.lastSlotAt === new Date(at).toISOString() ? true : null,
    );
  /**
   * Two slots of a schedule that is due every minute and has nothing to drill: between them each schedule was looked at
   * with the clock as it is. Takes two minutes of that clock.
   */
  async function twoLooks(): Promise<void> {
    const other = { ...place, datacenter: "dc2", cron: "* * * * *" };
    await snapkeep.execute("drills.saveSchedule", other);
    for (const _ of ["first", "second"]) {
      const beforeMs = nowMs;
      nowMs += 60_000;
      await waitFor("a look of the schedule", async () =>
        Date.parse((await scheduleOf("dc2"))?.lastSlotAt ?? "") > beforeMs ? true : null,
      );
    }
  }
  const waitForDrills = (count: number) =>
    waitFor(`${count} drills to have ended`, async () => {
      const rows = await list();
      return rows.length >= count && rows.every(({ state }) => state !== "running") ? rows : null;
    });

  beforeEach(async () => {
    nowMs = beginMs;
    snapkeep = await startRuntime(withClock());
  });
  afterEach(() => snapkeep.remove());

  it("drills the newest verified snapshot at its time, as Snapkeep itself, with the rows of any drill", async () => {
    await snapkeep.take();
    nowMs += 1_000;
    const newest = await snapkeep.take();
    await snapkeep.execute("drills.saveSchedule", { ...place, cron: "0 4 * * *" });
    expect(await schedule()).toMatchObject({
      nextAt: iso(beginMs + 60_000),
      lastSlotAt: null,
      lastDrill: null,
    });
    nowMs = beginMs + 61_000;
    const [row] = await waitForDrills(1);
    expect(row).toMatchObject({
      state: "passed",
      trigger: "schedule",
      byName: "schedule",
      snapshotId: newest.id,
    });
    expect(await schedule()).toMatchObject({
      nextAt: iso(beginMs + 60_000 + dayMs),
      lastSlotAt: iso(beginMs + 60_000),
      lastDrill: { id: row?.id },
    });
    expect(row === undefined ? [] : await auditOf(snapkeep, row)).toEqual([
      "snapshot.drill intent schedule",
      "snapshot.drill ok schedule",
    ]);
  });

  it("after downtime runs the newest slot alone, and after a clock that was put back none twice", async () => {
    await snapkeep.take();
    await snapkeep.execute("drills.saveSchedule", { ...place, cron: "0 * * * *" });
    const { dataFolder } = snapkeep;
    await snapkeep.stop();
    nowMs = beginMs + 3 * dayMs;
    snapkeep = await startRuntime({ ...withClock(), dataFolder });
    const newestMs = beginMs + 3 * dayMs - 59 * 60_000;
    await waitForDrills(1);
    await waitForSlot(newestMs);
    // Two hours that have been before pass again.
    nowMs = newestMs - 2 * hourMs;
    await twoLooks();
    nowMs = newestMs - hourMs + 1_000;
    await snapkeep.take();
    await twoLooks();
    nowMs = newestMs + hourMs + 1_000;
    await waitForSlot(newestMs + hourMs);
    const rows = await waitForDrills(2);
    expect(rows).toHaveLength(2);
    expect(slotsOf(snapkeep.dataFolder)).toEqual(
      [newestMs, newestMs + hourMs].map((at) => new Date(at).toISOString()),
    );
  });

  it("a slot that comes while another drill runs has its turn when that has ended", async () => {
    const { id: snapshotId } = await snapkeep.take();
    await snapkeep.execute("drills.saveSchedule", { ...place, cron: "0 4 * * *" });
    const byHand = await snapkeep.execute("drills.start", { snapshotId });
    nowMs = beginMs + 61_000;
    const rows = await waitForDrills(2);
    expect(rows.map(({ trigger, state }) => `${trigger} ${state}`)).toEqual([
      "manual passed",
      "schedule passed",
    ]);
    expect(rows[0]?.id).toBe(byHand.id);
    const refused = (await snapkeep.auditRows()).filter((row) => row.outcome === "failed");
    expect(refused).toEqual([]);
  });

  it("a slot that comes while a restore is under way waits for its end; one by hand does not", async () => {
    const { id: snapshotId } = await snapkeep.take();
    await snapkeep.execute("drills.saveSchedule", { ...place, cron: "0 4 * * *" });
    change(
      snapkeep.dataFolder,
      `INSERT INTO "Restore" ("id", "state", "phase", "snapshotId", "clusterId", "clusterName", "datacenter", "reason",
       "byName", "startedAt", "bytesTotal", "correlationId") VALUES ('r-other', 'running', 'sending', '${snapshotId}',
       'c-other', 'c', 'dc9', 'a test', 'ada', '${iso(beginMs)}', 1, 'x-other')`,
    );
    nowMs = beginMs + 61_000;
    // It lasts for many looks of the schedule, which finds the slot due and nothing else under way once it has ended.
    const byHand = await snapkeep.execute("drills.start", { snapshotId });
    expect((await ended(snapkeep, byHand.id)).state).toBe("passed");
    expect((await list()).map(({ trigger }) => trigger)).toEqual(["manual"]);
    expect((await schedule())?.lastSlotAt).toBeNull();
    // So that their order is that of their beginnings.
    nowMs += 1_000;
    change(snapkeep.dataFolder, `UPDATE "Restore" SET "state" = 'failed'`);
    const rows = await waitForDrills(2);
    expect(rows.map(({ trigger, state }) => `${trigger} ${state}`)).toEqual([
      "manual passed",
      "schedule passed",
    ]);
    await waitForSlot(beginMs + 60_000);
  });

  it("a slot that another start has taken is left to it", async () => {
    const { id: snapshotId } = await snapkeep.take();
    const { id } = await snapkeep.execute("drills.saveSchedule", { ...place, cron: "0 4 * * *" });
    change(
      snapkeep.dataFolder,
      `INSERT INTO "Drill" ("id", "state", "phase", "snapshotId", "clusterName", "trigger", "scheduleId", "slot", "byName",
       "startedAt", "correlationId") VALUES ('l-other', 'passed', 'done', '${snapshotId}', 'c', 'schedule', '${id}',
       '${id}@${iso(beginMs + 60_000)}', 'schedule', '${iso(beginMs + 60_000)}', 'x-other')`,
    );
    nowMs = beginMs + 61_000;
    await waitForSlot(beginMs + 60_000);
    expect((await list()).map((row) => row.id)).toEqual(["l-other"]);
  });

  it("that is off, or was removed, runs nothing; one per datacenter; wrong fields are told", async () => {
    await snapkeep.take();
    const first = await snapkeep.execute("drills.saveSchedule", {
      ...place,
      cron: "0 4 * * *",
      enabled: false,
    });
    expect((await schedule())?.nextAt).toBeNull();
    nowMs = beginMs + dayMs;
    const second = await snapkeep.execute("drills.saveSchedule", { ...place, cron: "30 5 * * *" });
    expect(second).toEqual(first);
    for (const [cron, words] of [
      ["0 25 * * *", "0 25 * * * is no schedule: Invalid value for hour: 25."],
      ["0 4 * * * *", "0 4 * * * * has not five fields."],
      ["0 0 31 2 *", "0 0 31 2 * never comes."],
    ] as const)
      await expect(snapkeep.execute("drills.saveSchedule", { ...place, cron })).rejects.toMatchObject({
        code: "invalid_input",
        field: "cron",
        userMessage: expect.stringContaining(words),
      });
    expect(await schedule()).toMatchObject({ cron: "30 5 * * *", enabled: true });
    await snapkeep.execute("drills.removeSchedule", first);
    expect(await schedule()).toBeUndefined();
    expect(await list()).toEqual([]);
    const rows = (await snapkeep.auditRows()).filter((row) => row.action.startsWith("drill."));
    expect(rows.map((row) => `${row.action} ${row.outcome}`)).toEqual([
      "drill.schedule ok",
      "drill.schedule ok",
      "drill.schedule failed",
      "drill.schedule failed",
      "drill.schedule failed",
      "drill.unschedule ok",
    ]);
  });
});

/** Midnight, UTC, of a Monday a month from now. */
function mondayAhead(): number {
  const dayMs = 24 * 3_600_000;
  const day = Math.ceil(Date.now() / dayMs) + 31;
  const weekday = new Date(day * dayMs).getUTCDay();
  return (day + ((8 - weekday) % 7)) * dayMs;
}

function change(dataFolder: string, sql: string): void {
  const records = new Sqlite(path.join(dataFolder, "snapkeep.db"), { timeout: 10_000 });
  records.exec(sql);
  records.close();
}

/** The times that had a drill, in order. */
function slotsOf(dataFolder: string): string[] {
  const records = new Sqlite(path.join(dataFolder, "snapkeep.db"), { timeout: 10_000 });
  const rows = records.prepare<[], { slot: string }>('SELECT "slot" FROM "Drill" ORDER BY "slot"').all();
  records.close();
  return rows.map(({ slot }) => slot.split("@")[1] ?? "");
}
