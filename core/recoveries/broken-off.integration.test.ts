import { mkdirSync, renameSync, rmdirSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openRecoveryRoom, type RecoveryRoom, readTree, writeKeys } from "#core/testing/recovery-room.ts";
import { refuseWrites } from "#core/testing/refuse-writes.ts";
import { waitFor } from "#core/testing/wait-for.ts";

// What can't be written or read breaks a recovery off. Nobody starts Snapkeep again, and still every row ends.

const names = Array.from({ length: 100 }, (_, at) => `part/${String(at).padStart(3, "0")}`);
const asSnapshot = names.map((key) => ({ key, value: `snapshot ${key}` }));
const writes = { path: /^\/v1\/txn\?dc=dc1$/ };

let room: RecoveryRoom;
let allow: () => Promise<void> = async () => undefined;

beforeAll(async () => {
  room = await openRecoveryRoom((target) => writeKeys(target, asSnapshot));
});
afterAll(() => room?.close());
beforeEach(async () => {
  await room.proxy.clear();
  await writeKeys(
    room.target,
    names.map((key) => ({ key, value: "changed" })),
  );
});
afterEach(async () => {
  await allow();
  allow = async () => undefined;
});

const refuse = async (when: string) => {
  allow = await refuseWrites(room.snapkeep().dataFolder, { act: "UPDATE", table: "Recovery", when });
};
const logged = (id: string, message: string, times = 1) =>
  waitFor(`the log to say "${message}"`, async () => {
    const lines = room.snapkeep().logLines.filter((line) => line.includes(message) && line.includes(id));
    return lines.length >= times ? true : null;
  });
const tryingAgain = "could not be written; trying again";
const apply = (id: string) => room.snapkeep().execute("recoveries.apply", { id, reason: "a test" });
const valuesNow = async () =>
  [...(await readTree(room.target, "part/"))].map(([key, { value }]) => ({ key, value: value.toString() }));

describe("a recovery whose end can't be written down", () => {
  it("says it as soon as it can: planned, applied, taken back", async () => {
    await refuse("NEW.state = 'planned'");
    const id = await room.beginPlan([{ prefix: "part/" }]);
    await logged(id, tryingAgain, 2);
    expect((await room.get(id)).state).toBe("planning");
    await allow();
    expect(await room.settled(id)).toMatchObject({ state: "planned", counts: { update: 100 } });

    await refuse("OLD.state = 'applying' AND NEW.state <> 'applying'");
    await apply(id);
    await logged(id, tryingAgain, 4);
    expect((await room.get(id)).state).toBe("applying");
    await allow();
    expect(await room.settled(id)).toMatchObject({ state: "applied", counts: { applied: 100 } });
    expect(await valuesNow()).toEqual(asSnapshot);

    await refuse("OLD.state = 'undoing' AND NEW.state <> 'undoing'");
    await room.snapkeep().execute("recoveries.undo", { id, reason: "a test" });
    await logged(id, tryingAgain, 6);
    expect((await room.get(id)).state).toBe("undoing");
    await allow();
    expect(await room.settled(id)).toMatchObject({ state: "undone", counts: { undone: 100 } });
    const rows = (await room.snapkeep().auditRows()).filter((row) => row.action.startsWith("recovery."));
    expect(rows.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
      "recovery.plan intent",
      "recovery.plan ok",
      "recovery.apply intent",
      "recovery.apply ok",
      "recovery.undo intent",
      "recovery.undo ok",
    ]);
  });
});

describe("a recovery that broke off on a fault of Snapkeep's own", () => {
  it("is told by its results as soon as they can be read, in this process", async () => {
    const { id } = await room.plan([{ prefix: "part/" }]);
    const results = path.join(room.snapkeep().dataFolder, "recoveries", `${id}.results`);
    await room.proxy.use(
      {
        kind: "at-response-byte",
        atByte: 0,
        run: () => {
          // The open file is still written to; whoever opens it by its name finds a folder.
          renameSync(results, `${results}-away`);
          mkdirSync(results);
        },
      },
      { ...writes, times: 1 },
    );
    await apply(id);
    await logged(id, "a recovery broke off; taking it up again", 2);
    expect((await room.get(id)).state).toBe("applying");
    rmdirSync(results);
    renameSync(`${results}-away`, results);
    const row = await room.settled(id);
    expect(row).toMatchObject({ state: "applied", counts: { applied: 100, unknown: 0 }, canUndo: true });
    expect(row.outcomeText).toBe("100 of 100 recovered. Snapkeep met a fault of its own in the middle.");
    expect(await valuesNow()).toEqual(asSnapshot);
    expect((await room.plan([{ prefix: "part/" }])).counts.unchanged).toBe(100);
  });
});
