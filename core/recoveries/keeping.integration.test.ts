import { appendFileSync, mkdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "#core/kernel/clock.ts";
import { isAppError } from "#core/kernel/errors.ts";
import { createLocalStore } from "#core/storage/local/index.ts";
import { encodeMsgpack, writeArchive } from "#core/testing/archive-writer.ts";
import { callConsul } from "#core/testing/consul-http.ts";
import { createToken } from "#core/testing/consul-token.ts";
import { makeTempFolder, removeTempFolder } from "#core/testing/leftovers.ts";
import {
  deleteTree,
  openRecoveryRoom,
  type RecoveryRoom,
  readTree,
  writeKeys,
} from "#core/testing/recovery-room.ts";
import { personWith } from "#core/testing/runtime.ts";
import { planKeptDays, plannedKeysMax, valuesKeptDays } from "./contract.ts";
import { createRecoveryFiles } from "./files.ts";
import { readWanted } from "./plan-archive.ts";
import { toChoice } from "./selection.ts";

const secret = "a-value-that-nobody-may-read";
const names = Array.from({ length: 150 }, (_, at) => `keep/${String(at).padStart(3, "0")}`);
const writes = { path: /^\/v1\/txn\?dc=dc1$/ };

let room: RecoveryRoom;
beforeAll(async () => {
  room = await openRecoveryRoom((target) =>
    writeKeys(
      target,
      names.map((key) => ({ key, value: secret })),
    ),
  );
});
afterAll(() => room?.close());
beforeEach(async () => {
  await room.proxy.clear();
  await deleteTree(room.target, "keep/");
});

const fileOf = (id: string, which: string) =>
  path.join(room.snapkeep().dataFolder, "recoveries", `${id}.${which}`);
const countNow = async () => (await readTree(room.target, "keep/")).size;

describe("one at a time", () => {
  it("refuses a second recovery while one writes to the datacenter", async () => {
    const [first, second] = [await room.plan([{ prefix: "keep/" }]), await room.plan([{ prefix: "keep/" }])];
    let said = "";
    const run = async () => {
      said = await room.apply(second.id).then(
        () => "ok",
        (error: unknown) => (isAppError(error) ? error.userMessage : String(error)),
      );
    };
    await room.proxy.use({ kind: "at-response-byte", atByte: 0, run }, { ...writes, times: 1 });
    expect(await room.apply(first.id)).toMatchObject({ state: "applied" });
    expect(said).toBe("Another recovery is writing to dc1. Wait until it has ended.");
    expect(await room.get(second.id)).toMatchObject({ state: "planned" });
    // Its plan is old by now, and nothing of it is written over what is there.
    expect(await room.apply(second.id)).toMatchObject({
      state: "failed",
      counts: { conflict: 150, applied: 0 },
    });
  });

  it("stops after the transaction under way when Snapkeep stops, and says how far it came", async () => {
    const plan = await room.plan([{ prefix: "keep/" }]);
    let again: Promise<void> = Promise.resolve();
    const run = () => {
      again = room.startAgain();
    };
    await room.proxy.use({ kind: "at-response-byte", atByte: 0, run }, { ...writes, times: 1 });
    await room.snapkeep().execute("recoveries.apply", { id: plan.id, reason: "a test" });
    await expect.poll(() => room.proxy.requests.some(({ url }) => writes.path.test(url))).toBe(true);
    await expect.poll(() => countNow()).toBe(64);
    await again;
    const row = await room.settled(plan.id);
    expect(row).toMatchObject({
      state: "interrupted",
      outcomeText: "64 of 150 recovered. Snapkeep was stopped in the middle.",
    });
    expect(await room.undo(plan.id)).toMatchObject({ state: "undone", counts: { undone: 64 } });
    expect(await countNow()).toBe(0);
  });
});

describe("what Consul answers", () => {
  it("a refusal of some keys leaves these, in its words, and writes the others", async () => {
    const token = await createToken(
      room.target,
      "half",
      'key_prefix "keep/" { policy = "write" } key_prefix "keep/00" { policy = "read" }',
    );
    const plan = await room.plan([{ prefix: "keep/" }], token);
    expect(await room.apply(plan.id, token)).toMatchObject({
      state: "partial",
      counts: { applied: 140, refused: 10 },
    });
    const refused = await room.items(plan.id, "refused");
    expect(new Set(refused.map(({ resultText }) => resultText))).toEqual(new Set(["Permission denied"]));
    expect(await countNow()).toBe(140);
  });

  it("413 is answered with smaller transactions, 429 and 500 by looking at the keys", async () => {
    const plan = await room.plan([{ prefix: "keep/" }]);
    await room.proxy.use({ kind: "answer-at-once", status: 413, text: "too large" }, { ...writes, times: 1 });
    await room.proxy.use(
      {
        kind: "at-response-byte",
        atByte: 0,
        run: async () => {
          await room.proxy.use(
            { kind: "answer-at-once", status: 429, text: "slow down" },
            { ...writes, times: 1 },
          );
        },
      },
      { ...writes, times: 2 },
    );
    expect(await room.apply(plan.id)).toMatchObject({
      state: "applied",
      counts: { applied: 150, conflict: 0 },
    });
    await room.proxy.clear();
    await room.proxy.use(
      { kind: "answer-after-upload", status: 500, text: "leadership lost while committing log" },
      { ...writes, times: 2 },
    );
    expect(await room.undo(plan.id)).toMatchObject({
      state: "undone",
      counts: { undone: 150, undoConflict: 0 },
    });
    expect(await countNow()).toBe(0);
  });
});

describe("files", () => {
  it("hold values in one alone, for nobody else, and the log and the records hold none", async () => {
    const plan = await room.plan([{ prefix: "keep/" }]);
    await room.apply(plan.id);
    expect(readFileSync(fileOf(plan.id, "plan"), "utf8")).toContain(secret);
    for (const which of ["items", "plan", "results"])
      expect(statSync(fileOf(plan.id, which)).mode & 0o777).toBe(0o600);
    expect(statSync(path.dirname(fileOf(plan.id, "plan"))).mode & 0o777).toBe(0o700);
    const told = [
      readFileSync(fileOf(plan.id, "items"), "utf8"),
      readFileSync(fileOf(plan.id, "results"), "utf8"),
      room.told(),
    ];
    for (const text of [secret, Buffer.from(secret).toString("base64")])
      for (const where of told) expect(where.includes(text)).toBe(false);
  });

  it("of a plan that failed are removed", async () => {
    await room.proxy.use(
      { kind: "answer-at-once", status: 500, text: "No cluster leader" },
      { path: "/v1/kv/" },
    );
    const failed = await room.plan([{ prefix: "keep/" }]);
    expect(failed).toMatchObject({ state: "failed", outcomeText: "No cluster leader. Nothing was written." });
    expect(room.files().filter((name) => name.startsWith(failed.id))).toEqual([]);
  });

  it("may end in half a line after a crash, which is left out", async () => {
    const plan = await room.plan([{ prefix: "keep/" }]);
    await room.apply(plan.id);
    appendFileSync(fileOf(plan.id, "results"), '{"n":1,"result":"conf');
    expect(await room.items(plan.id, "applied")).toHaveLength(150);
    expect(await room.undo(plan.id)).toMatchObject({ state: "undone", counts: { undone: 150 } });
  });

  it(`lose their values after ${valuesKeptDays} days, and with them the way back; the items stay`, async () => {
    const plan = await room.plan([{ prefix: "keep/" }]);
    const applied = await room.apply(plan.id);
    expect(applied).toMatchObject({ canUndo: true, withoutUndoText: null });
    const dayMs = 24 * 3_600_000;
    const at = (days: number) => ({ ...systemClock, nowMs: () => Date.now() + days * dayMs });
    await room.startAgain({ clock: at(valuesKeptDays - 1) });
    await room.snapkeep().stop();
    expect(room.files()).toContain(`${plan.id}.plan`);
    await room.startAgain({ clock: at(valuesKeptDays + 1) });
    await expect.poll(() => room.files().includes(`${plan.id}.plan`)).toBe(false);
    expect(await room.get(plan.id)).toMatchObject({
      state: "applied",
      canUndo: false,
      withoutUndoText: "The values before were kept for 30 days and are removed.",
    });
    await expect(room.undo(plan.id)).rejects.toThrow(
      "The values before were kept for 30 days and are removed.",
    );
    expect(await room.items(plan.id)).toHaveLength(150);
    expect(await countNow()).toBe(150);
  });

  it("of a plan that was never applied lose their values after a day, and it can't be applied any more", async () => {
    const plan = await room.plan([{ prefix: "keep/" }]);
    const keptMs = Date.parse(plan.valuesKeptUntil) - Date.parse(plan.plannedAt);
    expect(keptMs).toBe(planKeptDays * 24 * 3_600_000);
    // The test before has left the clock ahead.
    const aheadMs = Date.parse(plan.plannedAt) - Date.now();
    const at = (ms: number) => ({ ...systemClock, nowMs: () => Date.now() + aheadMs + ms });
    await room.startAgain({ clock: at(keptMs - 3_600_000) });
    await room.snapkeep().stop();
    expect(room.files()).toContain(`${plan.id}.plan`);
    await room.startAgain({ clock: at(keptMs + 3_600_000) });
    await expect.poll(() => room.files().includes(`${plan.id}.plan`)).toBe(false);
    expect(await room.get(plan.id)).toMatchObject({ state: "planned", canApply: false });
    await expect(room.apply(plan.id)).rejects.toThrow(
      "The values of this plan are no longer kept. Make a new plan.",
    );
  });
});

it("refuses a plan of more keys than it may have", async () => {
  const folder = makeTempFolder("snapkeep-recoveries-");
  mkdirSync(folder, { recursive: true });
  const record = (at: number) =>
    Buffer.concat([
      Buffer.from([2]),
      encodeMsgpack({ Key: `many/${at}`, Value: null, Flags: 0, CreateIndex: 1, ModifyIndex: 1 }),
    ]);
  const records = Array.from({ length: plannedKeysMax + 1 }, (_, at) => record(at));
  const store = createLocalStore(folder);
  const writer = await store.create("s-many");
  await writer.write(writeArchive({ state: Buffer.concat([encodeMsgpack({ LastIndex: 9 }), ...records]) }));
  await writer.commit();
  const plan = await createRecoveryFiles(folder).append("v-many", "plan");
  const archive = { id: "s-many", store, stateSha256: "" };
  const signal = new AbortController().signal;
  await expect(readWanted(archive, toChoice([{ prefix: "many/" }]), plan, signal)).rejects.toMatchObject({
    code: "too_large",
    userMessage: "This is more than 200,000 keys or 512 MB. Choose less, or restore the whole snapshot.",
  });
  // One of them is no reason, but the digest is that of another archive.
  await expect(readWanted(archive, toChoice([{ prefix: "many/77" }]), plan, signal)).rejects.toMatchObject({
    code: "archive_invalid",
  });
  await plan.abandon();
  removeTempFolder(folder);
});

it("lists recoveries newest first, in pages, and lets nobody write without the permission", async () => {
  await callConsul(room.target, "PUT", "/v1/kv/keep/000", "x");
  const plan = await room.plan([{ prefix: "keep/000" }]);
  const { rows, nextCursor } = await room
    .snapkeep()
    .execute("recoveries.list", { snapshotId: room.snapshotId, limit: 2 });
  expect(rows[0]).toMatchObject({
    id: plan.id,
    selections: [{ prefix: "keep/000" }],
    clusterName: "default",
  });
  const next = await room
    .snapkeep()
    .execute("recoveries.list", { snapshotId: room.snapshotId, limit: 2, cursor: nextCursor ?? "" });
  expect(new Set([...rows, ...next.rows].map(({ id }) => id)).size).toBe(4);
  const operator = { ...personWith("operator"), name: "bob" };
  const work = room.snapkeep().execute("recoveries.apply", { id: plan.id, reason: "a test" }, operator);
  await expect(work).rejects.toThrow("Needs the role restorer or administrator.");
  expect(await room.get(plan.id)).toMatchObject({ state: "planned", canApply: true });
});
