import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type KillableServer, startKillableServer } from "#core/testing/killable-server.ts";
import { removeTempFolder } from "#core/testing/leftovers.ts";
import {
  openRecoveryRoom,
  type RecoveryRoom,
  readTree,
  recoveryWords,
  writeKeys,
} from "#core/testing/recovery-room.ts";
import { startRuntime, type TestRuntime } from "#core/testing/runtime.ts";
import { waitFor } from "#core/testing/wait-for.ts";

const names = Array.from({ length: 200 }, (_, at) => `cut/${String(at).padStart(3, "0")}`);
const asSnapshot = names.map((key) => ({ key, value: `snapshot ${key}` }));
/** Half of the keys stand there changed, half are gone. */
const changed = names.filter((_, at) => at % 2 === 0).map((key) => ({ key, value: `before ${key}` }));
/** Transactions that write; those that read say how consistently. */
const writes = { path: /^\/v1\/txn\?dc=dc1$/ };

let room: RecoveryRoom;
beforeAll(async () => {
  room = await openRecoveryRoom((target) => writeKeys(target, asSnapshot));
});
afterAll(() => room?.close());
beforeEach(() => room.proxy.clear());

async function damage(): Promise<void> {
  for (let from = 0; from < names.length; from += 64) {
    const ops = names.slice(from, from + 64).map((key) => ({ KV: { Verb: "delete", Key: key } }));
    const response = await fetch(`${room.target.httpAddress}/v1/txn`, {
      method: "PUT",
      headers: { "X-Consul-Token": room.target.token ?? "" },
      body: JSON.stringify(ops),
    });
    expect(response.status).toBe(200);
  }
  await writeKeys(room.target, changed);
}

async function valuesNow(): Promise<Map<string, string>> {
  const found = await readTree(room.target, "cut/");
  return new Map([...found].map(([key, { value }]) => [key, value.toString()]));
}
const toMap = (keys: readonly { key: string; value: string }[]) =>
  new Map(keys.map(({ key, value }) => [key, value]));
const writesSeen = () => room.proxy.requests.filter(({ url }) => writes.path.test(url));

describe("a connection that is cut", () => {
  it("after Consul acted: the keys themselves tell, and nothing is written twice", async () => {
    await damage();
    const plan = await room.plan([{ prefix: "cut/" }]);
    await room.proxy.use({ kind: "cut-request", when: "after-body" }, { ...writes, times: 2 });
    expect(await room.apply(plan.id)).toMatchObject({
      state: "applied",
      counts: { applied: 200, unknown: 0 },
    });
    expect(await valuesNow()).toEqual(toMap(asSnapshot));
    // 200 keys are four transactions, each sent once.
    expect(writesSeen()).toHaveLength(4);
    await room.proxy.use(
      { kind: "cut-response", at: { afterBytes: 20 }, ending: "close" },
      { ...writes, times: 3 },
    );
    expect(await room.undo(plan.id)).toMatchObject({ state: "undone", counts: { undone: 200 } });
    expect(await valuesNow()).toEqual(toMap(changed));
  });

  it("before Consul heard anything: it is sent again", async () => {
    await damage();
    const plan = await room.plan([{ prefix: "cut/" }]);
    await room.proxy.use({ kind: "cut-request", when: "before-body" }, { ...writes, times: 1 });
    expect(await room.apply(plan.id)).toMatchObject({ state: "applied", counts: { applied: 200 } });
    expect(writesSeen()).toHaveLength(5);
    await room.proxy.use({ kind: "cut-request", when: "after-body" }, { ...writes, times: 1 });
    await room.proxy.use({ kind: "cut-request", when: "before-body" }, { ...writes, times: 1 });
    expect(await room.undo(plan.id)).toMatchObject({ state: "undone", counts: { undone: 200 } });
    expect(await valuesNow()).toEqual(toMap(changed));
  });

  it("so that the keys can not be asked either: unknown is called unknown, and settled before the way back", async () => {
    await damage();
    const plan = await room.plan([{ prefix: "cut/" }]);
    // The first transaction is answered; of the second only Consul hears, and from then on no key can be read.
    await room.proxy.use(
      {
        kind: "at-response-byte",
        atByte: 0,
        run: async () => {
          await room.proxy.use({ kind: "cut-request", when: "after-body" }, { ...writes, times: 1 });
          await room.proxy.use({ kind: "cut-request", when: "before-body" }, { path: /consistent/ });
        },
      },
      { ...writes, times: 1 },
    );
    const applied = await room.apply(plan.id);
    expect(applied).toMatchObject({
      state: "interrupted",
      counts: { applied: 136, unknown: 64, conflict: 0 },
      canUndo: true,
    });
    expect((await room.items(plan.id, "unknown"))[0]?.resultText).toBe(
      "No answer came, and the key could not be read afterwards.",
    );
    expect(await valuesNow()).toEqual(toMap(asSnapshot));
    await room.proxy.clear();
    expect(await room.undo(plan.id)).toMatchObject({ state: "undone", counts: { undone: 200, unknown: 0 } });
    expect(await valuesNow()).toEqual(toMap(changed));
  });

  it("to an address that nobody listens at any more: what was written before stays told", async () => {
    await damage();
    const plan = await room.plan([{ prefix: "cut/" }]);
    await room.proxy.use(
      {
        kind: "at-response-byte",
        atByte: 0,
        run: () => void room.proxy.use({ kind: "refuse-connections" }),
      },
      { ...writes, times: 1 },
    );
    const applied = await room.apply(plan.id);
    await room.proxy.clear();
    const now = await valuesNow();
    const items = await room.items(plan.id);
    for (const { label, result } of items) {
      const isThere = now.get(label) === `snapshot ${label}`;
      // Unknown may be either; applied and not written may not.
      if (result === "applied") expect(isThere, label).toBe(true);
      if (result === null) expect(isThere, label).toBe(false);
    }
    expect(applied.counts.applied + applied.counts.unknown).toBe(64);
    const undone = await room.undo(plan.id);
    expect(undone.counts).toMatchObject({ applied: 0, unknown: 0, undoConflict: 0 });
    expect(await valuesNow()).toEqual(toMap(changed));
  });
});

describe("an answer that got lost, while somebody else writes the very same", () => {
  const lost = { kind: "answer-at-once", status: 500, text: "No cluster leader" } as const;
  const unknownText =
    "Whether the write in place is Snapkeep's is not known, so there is no safe way back for it.";

  it.each([["one key", 1] as const, ["keys, each by itself", 3] as const])(
    "%s: it is in place, and no way back takes it from them",
    async (_name, count) => {
      await damage();
      const chosen = asSnapshot.slice(0, count);
      const selections = chosen.map(({ key }) => ({ keyId: Buffer.from(key).toString("base64url") }));
      const plan = await room.plan(selections);
      // Consul hears nothing of ours, which Snapkeep can't know.
      await room.proxy.use(lost, { ...writes, times: 1 });
      for (const one of chosen) await writeKeys(room.target, [one]);
      const theirs = await valuesNow();
      expect(await room.apply(plan.id)).toMatchObject({ state: "applied", counts: { applied: count } });
      const items = await room.items(plan.id);
      expect(items.map(({ resultText }) => resultText)).toEqual(chosen.map(() => unknownText));
      expect(await room.undo(plan.id)).toMatchObject({
        state: "undone-partial",
        counts: { undone: 0, undoConflict: count },
      });
      expect(await valuesNow()).toEqual(theirs);
    },
  );
});

describe("Snapkeep killed with SIGKILL", () => {
  let victim: KillableServer | null = null;
  let after: TestRuntime | null = null;

  async function begin() {
    victim = await startKillableServer({ consulAddress: room.proxy.address, token: room.target.token });
    await writeKeys(room.target, asSnapshot);
    const { id: snapshotId } = await victim.take();
    await damage();
    const server = victim;
    return { server, words: recoveryWords(() => after ?? server, snapshotId) };
  }

  async function restart(server: KillableServer): Promise<TestRuntime> {
    await server.kill();
    await room.proxy.clear();
    after = await startRuntime({
      consulAddress: room.proxy.address,
      token: room.target.token,
      dataFolder: server.dataFolder,
    });
    return after;
  }

  afterEach(async () => {
    await victim?.kill();
    await after?.stop();
    if (victim !== null) removeTempFolder(victim.dataFolder);
    [victim, after] = [null, null];
  });

  /** Each item says what the datacenter holds. */
  async function expectTrue(words: ReturnType<typeof recoveryWords>, id: string): Promise<void> {
    const now = await valuesNow();
    for (const { label, result } of await words.items(id))
      expect([label, now.get(label) === `snapshot ${label}`]).toEqual([label, result === "applied"]);
  }

  const seen = (count: number) =>
    waitFor("the transactions to arrive", async () => (writesSeen().length >= count ? true : null));

  it("before its first transaction reached Consul: failed, and nothing was written", async () => {
    const { server, words } = await begin();
    const plan = await words.plan([{ prefix: "cut/" }]);
    await room.proxy.use({ kind: "cut-request", when: "before-body" }, { path: "/v1/txn" });
    await server.execute("recoveries.apply", { id: plan.id, reason: "a test" });
    await seen(1);
    const snapkeep = await restart(server);
    const row = await words.get(plan.id);
    expect(row).toMatchObject({
      state: "failed",
      counts: { applied: 0, unknown: 0 },
      outcomeText: "Nothing was written. 0 of 200 recovered. Snapkeep was stopped in the middle.",
    });
    expect(await valuesNow()).toEqual(toMap(changed));
    const own = (await snapkeep.auditRows()).filter((one) => one.correlationId === row.correlationId);
    expect(own.map((one) => `${one.action} ${one.outcome} ${one.actorName}`)).toEqual([
      "recovery.apply intent ada",
      "recovery.apply failed restart",
    ]);
  });

  it("between transactions: interrupted, every item true, and what was written can be taken back", async () => {
    const { server, words } = await begin();
    const plan = await words.plan([{ prefix: "cut/" }]);
    const run = () => room.proxy.use({ kind: "cut-request", when: "before-body" }, { path: "/v1/txn" });
    await room.proxy.use({ kind: "at-response-byte", atByte: 0, run }, { ...writes, times: 1 });
    await server.execute("recoveries.apply", { id: plan.id, reason: "a test" });
    await seen(2);
    await restart(server);
    expect(await words.get(plan.id)).toMatchObject({
      state: "interrupted",
      counts: { applied: 64, unknown: 0, conflict: 0 },
      canUndo: true,
      canApply: false,
    });
    await expectTrue(words, plan.id);
    // A new plan finds in place what came back.
    expect((await words.plan([{ prefix: "cut/" }])).counts).toMatchObject({ unchanged: 64 });
    expect(await words.undo(plan.id)).toMatchObject({ state: "undone", counts: { undone: 64 } });
    expect(await valuesNow()).toEqual(toMap(changed));
  });

  it("after a transaction was sent and before its answer came: the keys tell that it was written", async () => {
    const { server, words } = await begin();
    const plan = await words.plan([{ prefix: "cut/" }]);
    const run = async () => void (await room.proxy.hold("answer", writes));
    await room.proxy.use({ kind: "at-response-byte", atByte: 0, run }, { ...writes, times: 1 });
    await server.execute("recoveries.apply", { id: plan.id, reason: "a test" });
    const last = names[127] ?? "";
    await waitFor("the second transaction to be applied", async () =>
      (await valuesNow()).get(last) === `snapshot ${last}` ? true : null,
    );
    await restart(server);
    expect(await words.get(plan.id)).toMatchObject({
      state: "interrupted",
      counts: { applied: 128, unknown: 0, conflict: 0 },
    });
    await expectTrue(words, plan.id);
    expect(await words.undo(plan.id)).toMatchObject({ state: "undone", counts: { undone: 128 } });
    expect(await valuesNow()).toEqual(toMap(changed));
  });

  it("on the way back, after a transaction was sent: told as taken back, and the rest still can be", async () => {
    const { server, words } = await begin();
    const plan = await words.plan([{ prefix: "cut/" }]);
    await words.apply(plan.id);
    await room.proxy.hold("answer", writes);
    await server.execute("recoveries.undo", { id: plan.id, reason: "a test" });
    const last = names[62] ?? "";
    await waitFor("the transaction to be applied", async () =>
      (await valuesNow()).get(last) === `before ${last}` ? true : null,
    );
    await restart(server);
    expect(await words.get(plan.id)).toMatchObject({
      state: "undone-partial",
      counts: { undone: 64, applied: 136 },
      canUndo: true,
    });
    await expectTrue(words, plan.id);
    expect(await words.undo(plan.id)).toMatchObject({ state: "undone", counts: { undone: 200 } });
    expect(await valuesNow()).toEqual(toMap(changed));
  });

  it("while it plans: failed, and no file of it is left", async () => {
    const { server, words } = await begin();
    const held = await room.proxy.hold("answer", { path: "/v1/kv/" });
    const id = await words.beginPlan([{ prefix: "cut/" }]);
    await held.reached;
    await restart(server);
    expect(await words.get(id)).toMatchObject({
      state: "failed",
      outcomeText: "Snapkeep was stopped before the plan was made. Nothing was written.",
    });
    expect((await words.items(id)).length).toBe(0);
  });
});
