import { randomUUID } from "node:crypto";
import path from "node:path";
import Sqlite from "better-sqlite3";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { isAppError } from "#core/kernel/errors.ts";
import type { Caller } from "#core/kernel/operation.ts";
import { preflightNames } from "#core/restore/contract.ts";
import { callConsul } from "#core/testing/consul-http.ts";
import { deleteTree, openRecoveryRoom, type RecoveryRoom, writeKeys } from "#core/testing/recovery-room.ts";
import { quickRestores } from "#core/testing/restore-room.ts";
import { administrator, clusterId, personWith } from "#core/testing/runtime.ts";
import { waitFor } from "#core/testing/wait-for.ts";
import type { Selection } from "./contract.ts";

const keys = ["held/a", "held/b"].map((key) => ({ key, value: "from the snapshot" }));
const selections: Selection[] = [{ prefix: "held/" }];
const secondPersonText =
  "In this cluster that needs a second person. Restore the whole snapshot with one, or choose less.";

let room: RecoveryRoom;
let policyId: string;
beforeAll(async () => {
  room = await openRecoveryRoom(
    async (target) => {
      await writeKeys(target, keys);
      const body = { Name: "held", Rules: 'key_prefix "held/" { policy = "read" }' };
      policyId = (await callConsul<{ ID: string }>(target, "PUT", "/v1/acl/policy", body)).ID;
    },
    { env: quickRestores },
  );
});
afterAll(() => room?.close());
beforeEach(() => deleteTree(room.target, "held/"));

const wordsOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "done",
    (error: unknown) => (isAppError(error) ? `${error.code}: ${error.userMessage}` : String(error)),
  );

/** Restores the first snapshot for real. `during` runs while its safety snapshot is on the way. */
async function restoreAll(during: () => Promise<void>): Promise<void> {
  const { execute } = room.snapkeep();
  const place = { snapshotId: room.snapshotId, clusterId, datacenter: "dc1" };
  const { id: preflightId } = await execute("restores.startPreflight", place);
  await waitFor("the preflight", async () =>
    (await execute("restores.preflight", { id: preflightId })).state === "ready" ? true : null,
  );
  const hold = { kind: "at-response-byte" as const, atByte: 0, run: during };
  await room.proxy.use(hold, { method: "GET", path: "/v1/snapshot", times: 1 });
  const given = { accepted: [...preflightNames], confirmDatacenter: "dc1", reason: "a test" };
  const { id } = await execute("restores.start", { ...place, preflightId, ...given });
  const row = await waitFor("the restore to end", async () => {
    const found = await execute("restores.get", { id });
    return found.state === "running" || found.state === "interrupted" ? null : found;
  });
  expect(row.state).toBe("succeeded");
}

async function addCluster(name: string, restoreApproval: "none" | "second-person") {
  // Where a test runs once more, the cluster of its first run is still there.
  const own = `${name}-${randomUUID().slice(0, 8)}`;
  const input = {
    name: own,
    addresses: [room.proxy.address],
    token: room.target.token ?? "",
    restoreApproval,
  };
  const { id } = await room.snapkeep().execute("clusters.create", input);
  const plan = async (chosen: Selection[]): Promise<string> => {
    const wanted = { snapshotId: room.snapshotId, clusterId: id, datacenter: "dc1", selections: chosen };
    const made = await room.snapkeep().execute("recoveries.plan", wanted);
    expect(await room.settled(made.id)).toMatchObject({ state: "planned" });
    return made.id;
  };
  return { id, input, plan };
}

describe("a restore of the same place", () => {
  it("keeps a recovery from starting while it runs, and makes plans and ways back of before worthless", async () => {
    const applied = await room.plan(selections);
    await room.apply(applied.id);
    await deleteTree(room.target, "held/");
    const planned = await room.plan(selections);
    const during: string[] = [];
    await restoreAll(async () => {
      during.push(await wordsOf(room.apply(planned.id)), await wordsOf(room.undo(applied.id)));
    });
    const running = "conflict: A restore of dc1 is running. Wait until it has ended.";
    expect(during).toEqual([running, running]);
    expect(await wordsOf(room.apply(planned.id))).toBe(
      "conflict: dc1 was restored since this plan was made. Make a new plan.",
    );
    expect(await wordsOf(room.undo(applied.id))).toBe(
      "conflict: dc1 was restored since it was applied, so there is nothing of it to take back.",
    );
    expect([await room.get(planned.id), await room.get(applied.id)]).toMatchObject([
      { state: "planned" },
      { state: "applied" },
    ]);
    await deleteTree(room.target, "held/");
    const anew = await room.plan(selections);
    expect(await room.apply(anew.id)).toMatchObject({ state: "applied", counts: { applied: 2 } });
    expect(await room.undo(anew.id)).toMatchObject({ state: "undone", counts: { undone: 2 } });
  });
});

describe("a cluster", () => {
  it("that wants a second person refuses what gives rights, and everything, and lets the rest through", async () => {
    const guarded = await addCluster("guarded", "second-person");
    const refused: Selection[] = [
      { prefix: "" },
      { kind: "acl-policy", identity: policyId },
      { kind: "acl-role", identity: "any" },
    ];
    for (const one of refused)
      expect(await wordsOf(guarded.plan([{ prefix: "held/" }, one]))).toBe(`conflict: ${secondPersonText}`);
    const id = await guarded.plan(selections);
    expect(await room.apply(id)).toMatchObject({ state: "applied", counts: { applied: 2 } });
  });

  it("that wants one since the plan was made refuses it, too", async () => {
    const later = await addCluster("later", "none");
    const id = await later.plan([{ kind: "acl-policy", identity: policyId }]);
    const change = { ...later.input, id: later.id, restoreApproval: "second-person" as const };
    await room.snapkeep().execute("clusters.update", change);
    expect(await wordsOf(room.apply(id))).toBe(`conflict: ${secondPersonText}`);
  });

  it("that was changed since the plan was made may be another one: the plan is refused", async () => {
    const moved = await addCluster("moved", "none");
    const id = await moved.plan(selections);
    await room
      .snapkeep()
      .execute("clusters.update", { ...moved.input, id: moved.id, name: `${moved.input.name}-away` });
    expect(await wordsOf(room.apply(id))).toBe(
      "conflict: The cluster was changed since this plan was made. Make a new plan.",
    );
    expect(await room.apply(await moved.plan(selections))).toMatchObject({ state: "applied" });
  });
});

describe("who may see a plan", () => {
  it("may see the place that it is for, and the one that its values are from", async () => {
    const other = await addCluster("other", "none");
    const id = await other.plan(selections);
    const there = { role: "viewer", clusterId: other.id, datacenter: null };
    const one: Caller = { ...personWith("viewer"), grants: [there] };
    const both: Caller = { ...one, grants: [there, { ...there, clusterId }] };
    for (const name of ["recoveries.get", "recoveries.items"] as const) {
      expect(await wordsOf(room.snapkeep().execute(name, { id }, one))).toMatch(/^not_found/);
      expect(await wordsOf(room.snapkeep().execute(name, { id }, both))).toBe("done");
    }
  });
});

it("a plan that a token made is its maker's", async () => {
  const { grants } = administrator;
  const rights = { role: "administrator", grants, within: grants };
  const token: Caller = { kind: "token", tokenId: "t-1", name: "robot", makerId: "u-maker", ...rights };
  const input = { snapshotId: room.snapshotId, clusterId, datacenter: "dc1", selections };
  const { id } = await room.snapkeep().execute("recoveries.plan", input, token);
  await room.settled(id);
  const records = new Sqlite(path.join(room.snapkeep().dataFolder, "snapkeep.db"), { readonly: true });
  const row = records
    .prepare<[string], { byUserId: string }>('SELECT "byUserId" FROM "Recovery" WHERE "id" = ?')
    .get(id);
  records.close();
  expect(row).toEqual({ byUserId: "u-maker" });
});

it("a plan that would write what has no check-and-set says so, and one of config entries and keys doesn't", async () => {
  const wanted: Selection[] = [{ kind: "acl-policy", identity: policyId }];
  expect((await room.plan(wanted)).notes).toEqual([]);
  const body = { ID: policyId, Name: "held", Rules: "" };
  await callConsul(room.target, "PUT", `/v1/acl/policy/${policyId}`, body);
  expect((await room.plan([...wanted, ...selections])).notes).toEqual([
    "Policies, roles, queries and intentions have no check-and-set in Consul: a change in the moment of writing could be lost.",
  ]);
  expect((await room.plan(selections)).notes).toEqual([]);
});
