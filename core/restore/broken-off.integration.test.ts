import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "#core/kernel/clock.ts";
import { createToken } from "#core/testing/consul-token.ts";
import { refusal } from "#core/testing/refusal.ts";
import { hideTable, refuseWrites } from "#core/testing/refuse-writes.ts";
import { openRestoreRoom, type RestoreRoom } from "#core/testing/restore-room.ts";
import { waitFor } from "#core/testing/wait-for.ts";
import type { RestoreDetail } from "./contract.ts";

// The records can't be written while a restore goes on. Nobody starts Snapkeep again, and still every row ends.

let room: RestoreRoom;
/** How far the clock that only grows has jumped ahead. */
let skewMs = 0;
let allow: () => Promise<void> = async () => undefined;

beforeAll(async () => {
  const clock = { ...systemClock, monotonicMs: () => systemClock.monotonicMs() + skewMs };
  room = await openRestoreRoom(async () => undefined, { clock });
});
afterAll(() => room?.close());
beforeEach(() => room.proxy.clear());
afterEach(async () => {
  await allow();
  allow = async () => undefined;
  room.hooks.beforeOpen = async () => undefined;
});

const put = { method: "PUT", path: "/v1/snapshot" };
const get = { method: "GET", path: "/v1/snapshot" };
const dc1 = () => room.consul.primary.target();
const cancel = (id: string) => room.snapkeep().execute("restores.cancel", { id });
const finishWatch = (id: string) => room.snapkeep().execute("restores.finishWatch", { id });

async function refuse(act: "INSERT" | "UPDATE", table: string, when?: string): Promise<void> {
  allow = await refuseWrites(room.snapkeep().dataFolder, {
    act,
    table,
    ...(when === undefined ? {} : { when }),
  });
}

/** Waits until the log has this line of one restore so many times. */
const logged = (id: string, message: string, times = 1) =>
  waitFor(`the log to say "${message}"`, async () => {
    const lines = room.snapkeep().logLines.filter((line) => line.includes(message) && line.includes(id));
    return lines.length >= times ? true : null;
  });
const tryingAgain = "could not be written; trying again";
const stepsOf = (row: RestoreDetail) => row.steps.map(({ step, state }) => `${step} ${state}`);

describe("while the row can't be written", () => {
  it("an answer of 200 is not lost, and the restore ends as soon as it can", async () => {
    await room.mark("before-the-200");
    const input = await room.input();
    await refuse("UPDATE", "Restore", "NEW.phase = 'comparing'");
    const id = await room.begin(input);
    await logged(id, tryingAgain, 2);
    expect(await room.read(id)).toMatchObject({ state: "running", consulStatus: null, cancellable: false });
    expect(await refusal(cancel(id))).toMatch(/^conflict: The first byte has been sent/);
    await allow();
    const row = await room.ended(id);
    expect(row).toMatchObject({ state: "succeeded", verdict: "snapshot", consulStatus: 200 });
    expect(row.outcomeText).toMatch(/^Consul answered 200, and a fresh snapshot/);
    expect((await room.auditOf(row)).at(-1)).toBe("restore.run ok");
    expect(await room.markIn("before-the-200")).toBeNull();
    expect(await refusal(room.input())).toBe("ok");
  });

  it("what the comparison found, how it ended and the end of its watch are written as soon as they can", async () => {
    const input = await room.input();
    await refuse("UPDATE", "Restore", "NEW.verdict IS NOT NULL AND OLD.verdict IS NULL");
    const id = await room.begin(input);
    await logged(id, tryingAgain);
    await allow();
    await refuse("UPDATE", "Restore", "NEW.state = 'succeeded' AND OLD.state = 'running'");
    await logged(id, tryingAgain, 3);
    expect(await room.read(id)).toMatchObject({ state: "running", phase: "comparing" });
    await allow();
    expect(await room.ended(id)).toMatchObject({ state: "succeeded", phase: "watching" });
    await refuse("UPDATE", "Restore", "NEW.phase = 'done'");
    const finished = finishWatch(id);
    const before = room.snapkeep().logLines.length;
    await waitFor("the end of the watch to be refused", async () =>
      room
        .snapkeep()
        .logLines.slice(before)
        .some((line) => line.includes(tryingAgain))
        ? true
        : null,
    );
    await allow();
    await finished;
    expect(await room.read(id)).toMatchObject({ state: "succeeded", phase: "done" });
  });

  it("no byte goes to Consul, and nothing is claimed to have gone", async () => {
    await room.mark("kept");
    const input = await room.input();
    await refuse("UPDATE", "Restore", "NEW.firstByteSentAt IS NOT NULL AND OLD.firstByteSentAt IS NULL");
    const row = await room.ended(await room.begin(input));
    expect(row).toMatchObject({ state: "failed", bytesSent: 0, consulStatus: null, verdict: null });
    expect(row.outcomeText).toBe("Snapkeep can't write its own records. Nothing was sent to Consul.");
    expect(stepsOf(row)).toContain("sent failed");
    expect(room.putRequests().reduce((sum, { requestBodyBytes }) => sum + requestBodyBytes, 0)).toBe(0);
    expect(await room.markIn("kept")).toBe("after the snapshot");
  });

  it("a cancelled restore waits with its end, too", async () => {
    const input = await room.input();
    const { held, release } = holdOpening();
    const id = await room.begin(input);
    await held;
    await refuse("UPDATE", "Restore", "NEW.state = 'cancelled'");
    const cancelled = cancel(id);
    release();
    await logged(id, tryingAgain, 2);
    expect(await room.read(id)).toMatchObject({ state: "running" });
    await allow();
    await cancelled;
    expect(await room.read(id)).toMatchObject({
      state: "cancelled",
      outcomeText: "Cancelled by ada. Nothing was sent to Consul.",
    });
  });

  it("a stop does not wait for it, and the next start says how it ended", async () => {
    const input = await room.input();
    const { held, release } = holdOpening();
    const id = await room.begin(input);
    await held;
    await refuse("UPDATE", "Restore", "NEW.state = 'cancelled'");
    const again = room.startAgain(() => allow());
    release();
    await again;
    expect(await room.read(id)).toMatchObject({
      state: "failed",
      outcomeText: "Snapkeep was stopped before anything was sent to Consul. Nothing was replaced.",
    });
  });
});

/** Holds whoever opens the archive first. */
function holdOpening() {
  let release: () => void = () => undefined;
  let arrive: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const held = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  room.hooks.beforeOpen = async () => {
    arrive();
    await released;
  };
  return { held, release };
}

describe("steps and lines that can't be written", () => {
  it.each(["INSERT", "UPDATE"] as const)(
    "change nothing (%s), and are there in their order once they can",
    async (act) => {
      const input = await room.input();
      await refuse(act, "RestoreEvent");
      const row = await room.ended(await room.begin(input));
      expect(row).toMatchObject({ state: "succeeded", verdict: "snapshot", consulStatus: 200 });
      expect(row.outcomeText).toMatch(/^Consul answered 200, and /);
      expect(stepsOf(row).filter((step) => !step.endsWith("running"))).toEqual([]);
      await allow();
      await finishWatch(row.id);
      const after = await room.read(row.id);
      expect(stepsOf(after)).toEqual([
        "preflight done",
        "safety done",
        "sent done",
        "applied done",
        "leader done",
        "compared done",
        "watch done",
      ]);
      expect(after.steps.at(-1)?.text).toMatch(/ Ended by hand\.$/);
      expect(after.log[0]?.text).toBe("Consul answered 200.");
    },
  );
});

describe("a run that broke off on a fault of Snapkeep's own", () => {
  it("is taken up again in this process, with the tokens that were typed for it", async () => {
    await room.mark("before-the-fault");
    const token = room.consul.managementToken ?? "";
    const cluster = { name: `without-a-token-${randomUUID()}`, addresses: [room.proxy.address], token: "" };
    const { id: clusterId } = await room.snapkeep().execute("clusters.create", cluster);
    const input = await room.input({ clusterId, token });
    const held = await room.proxy.hold("answer", put);
    const id = await room.begin({ ...input, tokenAfter: token });
    await held.reached;
    allow = await hideTable(room.snapkeep().dataFolder, "Snapshot");
    held.release();
    await logged(id, "a restore broke off; taking it up again", 2);
    await allow();
    const row = await room.ended(id);
    expect(row).toMatchObject({ state: "succeeded", verdict: "snapshot", consulStatus: 200 });
    expect(row.log.map(({ text }) => text)).toContain(
      "interrupted: Snapkeep met a fault of its own, and takes the restore up again",
    );
    expect(await room.auditOf(row)).toEqual([
      "restore.run intent",
      "snapshot.take intent",
      "snapshot.take ok",
      "restore.run ok",
    ]);
    expect(await room.markIn("before-the-fault")).toBeNull();
  });
});

describe("a Consul that takes the question and never answers", () => {
  it("is not waited for beyond the time of the looks, and others are let in", async () => {
    const input = await room.inputWithoutSafety();
    await room.proxy.use({ kind: "delay-first-byte", delayMs: 3_600_000 }, get);
    const id = await room.begin(input);
    const seen = room.proxy.requests.length;
    await waitFor("the look to hang", async () =>
      room.proxy.requests
        .slice(seen)
        .some(({ method, url }) => method === "GET" && url.startsWith("/v1/snapshot"))
        ? true
        : null,
    );
    skewMs += 11 * 60_000;
    const row = await room.ended(id);
    expect(row).toMatchObject({ state: "unknown", consulStatus: 200, verdict: null, canCheckAgain: true });
    expect(row.outcomeText).toBe(
      "Consul answered 200, but dc1 could not be compared with the snapshot: The look was given up, because no whole answer came in time. Compare again as soon as it answers.",
    );
    expect(stepsOf(row)).toContain("watch skipped");
    await room.proxy.clear();
    expect((await room.preflight()).lines.filter(({ result }) => result === "block")).toEqual([]);
  });
});

describe("the steps token and watch", () => {
  const newToken = (name: string) => createToken(dc1(), name, 'acl = "write"\noperator = "read"');
  const textOf = (row: RestoreDetail, step: string) => row.steps.find((each) => each.step === step)?.text;

  it("say which token is gone and which one looked, and that it is watched once", async () => {
    const input = await room.input({ token: await newToken("of-later") });
    const row = await room.restore({ ...input, tokenAfter: room.consul.managementToken ?? "" });
    expect(row).toMatchObject({ state: "succeeded", phase: "watching" });
    expect(stepsOf(row).slice(-3)).toEqual(["compared done", "token done", "watch running"]);
    expect(textOf(row, "token")).toMatch(
      /^Accessor \w{4}…\w{4} is gone\. Snapkeep looked with the token that was typed for it: accessor \w{4}…\w{4}\.$/,
    );
    await room.startAgain(undefined, { SNAPKEEP_RESTORE_WATCH_MS: "8000" });
    const after = await waitFor("the watch to end", async () => {
      const found = await room.read(row.id);
      return found.phase === "done" ? found : null;
    });
    expect(stepsOf(after).filter((step) => step.startsWith("watch"))).toEqual(["watch done"]);
    expect(textOf(after, "watch")).toMatch(/^\d+ s: checks .*, leader \S+\.$/);
  });

  it("say that no token works any more", async () => {
    const cluster = { name: `has-no-token-${randomUUID()}`, addresses: [room.proxy.address], token: "" };
    const { id: clusterId } = await room.snapkeep().execute("clusters.create", cluster);
    const input = await room.input({ clusterId, token: await newToken("the-only-one") });
    const id = await room.begin(input);
    await waitFor("the look to be denied", async () => {
      const { log } = await room.read(id);
      return log.some(({ text }) => /denied|not found/i.test(text)) ? true : null;
    });
    skewMs += 60_000;
    const row = await room.ended(id);
    expect(row).toMatchObject({ state: "unknown", consulStatus: 200 });
    expect(stepsOf(row).slice(-3)).toEqual(["compared done", "token failed", "watch skipped"]);
    expect(textOf(row, "token")).toMatch(/^Consul denies every token that Snapkeep has: /);
  });
});
