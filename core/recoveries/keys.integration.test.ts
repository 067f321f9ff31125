import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { isAppError } from "#core/kernel/errors.ts";
import { askConsul, callConsul, writeKey } from "#core/testing/consul-http.ts";
import {
  deleteTree,
  openRecoveryRoom,
  type RecoveryRoom,
  readTree,
  writeKeys,
} from "#core/testing/recovery-room.ts";
import { clusterId } from "#core/testing/runtime.ts";

const allFlags = "18446744073709551615";
const allBytes = Buffer.from(Array.from({ length: 256 }, (_, at) => at));
const odd = [
  { key: "odd/binary", value: allBytes, flags: allFlags },
  { key: "odd/empty", value: "", flags: "9007199254740993" },
  { key: "odd/with space & ?#=+", value: "a" },
  { key: "odd/100%/%2F", value: "b" },
  { key: "odd/ünïcode/😀/\u2028", value: "c" },
  { key: "odd/a//b/../c/./d", value: "d" },
  { key: "odd//", value: "e" },
  { key: 'odd/"quoted\\"Flags": 5,', value: "f", flags: "3" },
  { key: "odd/replaced\ufffd", value: "g" },
  { key: "//odd", value: "h" },
];
const large = Buffer.alloc(512 * 1024, 7);

let room: RecoveryRoom;
beforeAll(async () => {
  room = await openRecoveryRoom(async (target) => {
    await writeKeys(target, odd);
    await writeKey(target, "large/one", large);
    await callConsul(target, "PUT", `/v1/kv/large/flags?flags=${allFlags}`, large.subarray(1));
    for (const last of ["%FF%FE", "%C3%28"]) await callConsul(target, "PUT", `/v1/kv/raw/${last}`, allBytes);
    await writeKeys(target, [
      { key: "app/a", value: "1" },
      { key: "app/b", value: "2", flags: "7" },
      { key: "app/c", value: "3" },
      { key: "app/db_password", value: "never-to-be-told" },
      { key: "apple", value: "4" },
    ]);
  });
});
afterAll(() => room?.close());
beforeEach(() => room.proxy.clear());

const refusal = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "ok",
    (error: unknown) => (isAppError(error) ? `${error.code}: ${error.userMessage}` : String(error)),
  );
const contents = async (prefix: string) =>
  new Map(
    [...(await readTree(room.target, prefix))].map(([key, { value, flags }]) => [key, { value, flags }]),
  );

describe("exact bytes", () => {
  it("brings every name, value and flag back as it was", async () => {
    const before = await contents("");
    for (const prefix of ["odd", "//odd", "large/", "raw/"]) await deleteTree(room.target, prefix);
    const plan = await room.plan([
      { prefix: "odd" },
      { prefix: "//" },
      { prefix: "large/" },
      { prefix: "raw/" },
    ]);
    expect(plan).toMatchObject({ state: "planned", notes: [], canApply: true, canUndo: false });
    expect(plan.counts).toMatchObject({ create: 14, update: 0, unchanged: 0 });
    expect(await room.apply(plan.id)).toMatchObject({
      state: "applied",
      outcomeText: "14 of 14 recovered.",
      counts: { applied: 14 },
    });
    expect(await contents("")).toEqual(before);
    for (const last of ["%FF%FE", "%C3%28"]) {
      const [found] = await callConsul<{ Value: string }[]>(room.target, "GET", `/v1/kv/raw/${last}`);
      expect(found?.Value).toBe(allBytes.toString("base64"));
    }
    const again = await room.plan([{ prefix: "" }]);
    expect(again.counts).toMatchObject({ create: 0, update: 0, unchanged: 19 });
  });

  it("takes keys one by one, by their bytes", async () => {
    const keys = ["odd/a//b/../c/./d", "odd/replaced\ufffd", "app/a"];
    await writeKeys(room.target, [{ key: "odd/a//b/../c/./d", value: "other" }]);
    await deleteTree(room.target, "odd/replaced\ufffd");
    const selections = [...keys, "no/such"].map((key) => ({ keyId: Buffer.from(key).toString("base64url") }));
    const plan = await room.plan(selections);
    expect(plan.notes).toEqual(["1 key that was chosen isn't in the snapshot."]);
    const items = await room.items(plan.id);
    expect(items.map(({ label, action, parts }) => [label, action, parts])).toEqual([
      ["app/a", "unchanged", []],
      ["odd/a//b/../c/./d", "update", ["value"]],
      ["odd/replaced\ufffd", "create", []],
    ]);
    await room.apply(plan.id);
    const now = await contents("odd");
    expect(now.get("odd/a//b/../c/./d")?.value.toString()).toBe("d");
    expect(now.get("odd/replaced\ufffd")?.value.toString()).toBe("g");
  });
});

describe("plan, apply, undo", () => {
  it("says what it would do, does only that, and takes it back", async () => {
    await writeKeys(room.target, [
      { key: "app/a", value: "changed" },
      { key: "app/b", value: "2", flags: "8" },
      { key: "app/new", value: "stays" },
    ]);
    await deleteTree(room.target, "app/db_password");
    const before = await contents("");
    const plan = await room.plan([{ prefix: "app/" }, { prefix: "app/a" }, { prefix: "nothing/" }]);
    expect(plan.counts).toMatchObject({ create: 1, update: 2, unchanged: 1 });
    expect(plan.notes).toEqual([
      "1 key isn't in the snapshot under what was chosen. Nothing is deleted: they stay as they are.",
      "The snapshot has no key under 1 of the prefixes.",
    ]);
    expect(await contents("")).toEqual(before);
    const items = await room.items(plan.id, "create,update");
    expect(
      items.map(({ label, action, parts, closed, liveBytes, snapshotBytes, result }) => ({
        label,
        action,
        parts,
        closed,
        liveBytes,
        snapshotBytes,
        result,
      })),
    ).toEqual([
      {
        label: "app/a",
        action: "update",
        parts: ["value"],
        closed: null,
        liveBytes: 7,
        snapshotBytes: 1,
        result: null,
      },
      {
        label: "app/b",
        action: "update",
        parts: ["flags"],
        closed: null,
        liveBytes: 1,
        snapshotBytes: 1,
        result: null,
      },
      {
        label: "app/db_password",
        action: "create",
        parts: [],
        closed: "*password*",
        liveBytes: null,
        snapshotBytes: 16,
        result: null,
      },
    ]);

    const applied = await room.apply(plan.id);
    expect(applied).toMatchObject({ state: "applied", reason: "a test", canUndo: true, canApply: false });
    expect(
      Object.fromEntries(
        [...(await contents("app/"))].map(([key, { value, flags }]) => [key, `${value} ${flags}`]),
      ),
    ).toEqual({
      "app/a": "1 0",
      "app/b": "2 7",
      "app/c": "3 0",
      "app/db_password": "never-to-be-told 0",
      "app/new": "stays 0",
    });
    expect(await refusal(room.apply(plan.id))).toMatch(/^conflict: This plan has been used/);

    expect(await room.undo(plan.id)).toMatchObject({
      state: "undone",
      outcomeText: "3 taken back.",
      canUndo: false,
    });
    expect(await contents("")).toEqual(before);
    expect(await refusal(room.undo(plan.id))).toBe("conflict: There is nothing to take back.");
    const rows = await room.snapkeep().auditRows();
    expect(
      rows
        .filter((row) => row.action.startsWith("recovery.") && row.outcome !== "failed")
        .slice(-6)
        .map((row) => `${row.action} ${row.outcome} ${row.reason}`),
    ).toEqual([
      "recovery.plan intent null",
      "recovery.plan ok null",
      "recovery.apply intent a test",
      "recovery.apply ok a test",
      "recovery.undo intent a test",
      "recovery.undo ok a test",
    ]);
    for (const text of ["never-to-be-told", Buffer.from("never-to-be-told").toString("base64")])
      expect(room.told().includes(text)).toBe(false);
  });

  it("leaves alone what changed after the plan, in applying and in taking back", async () => {
    await writeKeys(room.target, [
      { key: "app/a", value: "x" },
      { key: "app/b", value: "y" },
      { key: "app/c", value: "z" },
    ]);
    await deleteTree(room.target, "apple");
    const plan = await room.plan([{ prefix: "app" }]);
    await writeKeys(room.target, [
      { key: "app/a", value: "somebody's" },
      { key: "apple", value: "somebody's" },
    ]);
    const applied = await room.apply(plan.id);
    expect(applied).toMatchObject({ state: "partial", counts: { applied: 3, conflict: 2 } });
    expect(
      (await room.items(plan.id, "conflict")).map(({ label, resultText }) => [label, resultText]),
    ).toEqual([
      ["app/a", "Changed by somebody else since the plan was made. Left alone."],
      ["apple", "Changed by somebody else since the plan was made. Left alone."],
    ]);
    await writeKeys(room.target, [{ key: "app/b", value: "later" }]);
    expect(await room.undo(plan.id)).toMatchObject({
      state: "undone-partial",
      counts: { undone: 2, undoConflict: 1 },
    });
    const now = await contents("app");
    expect(
      [now.get("app/a"), now.get("apple"), now.get("app/b"), now.get("app/c")].map((one) =>
        one?.value.toString(),
      ),
    ).toEqual(["somebody's", "somebody's", "later", "z"]);
  });

  it("holds by path, too: for values too large for a transaction, and names that are no UTF-8", async () => {
    const small = Buffer.from("small");
    const putRaw = (value: Uint8Array) => callConsul(room.target, "PUT", "/v1/kv/raw/%FF%FE", value);
    const raw = async () => {
      const [found] = await callConsul<{ Value: string }[]>(room.target, "GET", "/v1/kv/raw/%FF%FE");
      return Buffer.from(found?.Value ?? "", "base64");
    };
    await writeKey(room.target, "large/one", large.subarray(2));
    await writeKey(room.target, "large/flags", small);
    await putRaw(small);
    const before = await contents("large/");
    const plan = await room.plan([{ prefix: "large/" }, { prefix: "raw/" }]);
    expect(plan.counts).toMatchObject({ update: 3, unchanged: 1 });
    await writeKey(room.target, "large/flags", "somebody's");
    expect(await room.apply(plan.id)).toMatchObject({
      state: "partial",
      counts: { applied: 2, conflict: 1 },
    });
    const now = await contents("large/");
    expect(now.get("large/one")?.value.equals(large)).toBe(true);
    expect(now.get("large/flags")?.value.toString()).toBe("somebody's");
    expect((await raw()).equals(allBytes)).toBe(true);
    await putRaw(Buffer.from("later"));
    expect(await room.undo(plan.id)).toMatchObject({
      state: "undone-partial",
      counts: { undone: 1, undoConflict: 1 },
    });
    expect((await contents("large/")).get("large/one")).toEqual(before.get("large/one"));
    expect((await raw()).toString()).toBe("later");
  });

  it("recovers a locked key and leaves its lock", async () => {
    const { ID } = await callConsul<{ ID: string }>(room.target, "PUT", "/v1/session/create", {});
    await callConsul(room.target, "PUT", `/v1/kv/app/c?acquire=${ID}`, "held");
    const plan = await room.plan([{ prefix: "app/c" }]);
    expect(plan.notes).toEqual([
      "1 key is locked by a session now. The value is recovered all the same, and the lock stays.",
    ]);
    await room.apply(plan.id);
    const [found] = await callConsul<{ Session: string; Value: string }[]>(
      room.target,
      "GET",
      "/v1/kv/app/c",
    );
    expect([found?.Session, Buffer.from(found?.Value ?? "", "base64").toString()]).toEqual([ID, "3"]);
  });
});

it("loses no write of another writer, who changes keys while they are recovered", async () => {
  const name = (at: number) => `many/${String(at).padStart(4, "0")}`;
  const all = Array.from({ length: 1_000 }, (_, at) => ({ key: name(at), value: `snapshot ${at}` }));
  await writeKeys(room.target, all);
  const taken = await room.snapkeep().take();
  await writeKeys(
    room.target,
    all.filter((_, at) => at % 2 === 0).map(({ key }) => ({ key, value: "before" })),
  );
  for (const { key } of all.filter((_, at) => at % 4 === 1))
    await callConsul(room.target, "DELETE", `/v1/kv/${key}`);
  const selections = [{ prefix: "many/" }];
  const input = { snapshotId: taken.id, clusterId, datacenter: "dc1", selections };
  const { id } = await room.snapkeep().execute("recoveries.plan", input);
  expect((await room.settled(id)).counts).toMatchObject({ create: 250, update: 500, unchanged: 250 });

  const written = new Map<string, string>();
  let stop = false;
  const writer = (async () => {
    for (let round = 0; !stop; round += 1) {
      const key = name((round * 37) % 1_000);
      const value = `writer ${round}`;
      await writeKey(room.target, key, value);
      written.set(key, value);
    }
  })();
  const applied = await room.apply(id);
  stop = true;
  await writer;

  const now = await readTree(room.target, "many/");
  for (const [key, value] of written) expect(now.get(key)?.value.toString(), key).toBe(value);
  const items = await room.items(id);
  expect(applied.counts.applied + applied.counts.conflict).toBe(750);
  // Both happened, or the test would show nothing.
  expect(applied.counts.conflict).toBeGreaterThan(0);
  expect(applied.counts.applied).toBeGreaterThan(0);
  for (const { label, result, action } of items) {
    if (written.has(label)) continue;
    expect(result, label).toBe(action === "unchanged" ? null : "applied");
    expect(now.get(label)?.value.toString()).toBe(`snapshot ${Number(label.slice(-4))}`);
  }
  const undone = await room.undo(id);
  expect(undone.counts.applied + undone.counts.unknown).toBe(0);
  const after = await readTree(room.target, "many/");
  for (const [key, value] of written) expect(after.get(key)?.value.toString(), key).toBe(value);
});

describe("refused", () => {
  it("a plan with an unknown token, and one that may not write", async () => {
    const wrong = await room.plan([{ prefix: "app" }], "11111111-2222-3333-4444-555555555555");
    expect(wrong).toMatchObject({ state: "failed", canApply: false });
    expect(wrong.outcomeText).toMatch(/^ACL not found\..*Nothing was written\.$/);
    await writeKeys(room.target, [{ key: "app/a", value: "again" }]);
    const plan = await room.plan([{ prefix: "app/a" }]);
    const failed = await room.apply(plan.id, "11111111-2222-3333-4444-555555555555");
    expect(failed).toMatchObject({
      state: "failed",
      counts: { applied: 0, refused: 1 },
      outcomeText: "Nothing was written. 0 of 1 recovered. 1 refused by Consul. ACL not found.",
    });
    expect(room.told()).not.toContain("11111111-2222-3333-4444-555555555555");
    expect((await askConsul(room.target, "GET", "/v1/kv/app/a?raw")).text).toBe("again");
  });

  it("the way back with a wrong token leaves everything in place, and works with a good one", async () => {
    const plan = await room.plan([{ prefix: "app/a" }]);
    expect(await room.apply(plan.id)).toMatchObject({ state: "applied" });
    const refused = await room.undo(plan.id, "11111111-2222-3333-4444-555555555555");
    expect(refused).toMatchObject({ state: "undone-partial", counts: { applied: 1 }, canUndo: true });
    expect(await room.undo(plan.id)).toMatchObject({ state: "undone", counts: { undone: 1 } });
  });
});
