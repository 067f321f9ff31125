import { randomUUID } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { callConsul, writeKey } from "#core/testing/consul-http.ts";
import { createToken } from "#core/testing/consul-token.ts";
import { reservePorts } from "#core/testing/free-ports.ts";
import { refusal } from "#core/testing/refusal.ts";
import { openRestoreRoom, type RestoreRoom } from "#core/testing/restore-room.ts";
import { clusterId, personWith } from "#core/testing/runtime.ts";
import { waitFor } from "#core/testing/wait-for.ts";

let room: RestoreRoom;
/** The snapshot holds both, so a restore takes neither away. */
let readerToken: string;
let typedToken: string;

beforeAll(async () => {
  room = await openRestoreRoom(async ({ primary }) => {
    readerToken = await createToken(primary.target(), "reader", 'key_prefix "" { policy = "read" }');
    typedToken = await createToken(primary.target(), "typed", 'acl = "write"');
  });
});
afterAll(() => room?.close());
beforeEach(() => room.proxy.clear());

/** A name of its own: where a test runs once more, the cluster of its first run is still there. */
const named = (name: string) => `${name}-${randomUUID().slice(0, 8)}`;

describe("a restore that works", () => {
  it("brings a deleted key back, takes later ones away, and says so only after comparing", async () => {
    await room.mark("later-1");
    await callConsul(room.consul.primary.target(), "DELETE", "/v1/kv/kept");
    expect(await room.markIn("kept")).toBeNull();
    const row = await room.restore({ reason: "  somebody deleted it " });
    expect(row).toMatchObject({
      state: "succeeded",
      verdict: "snapshot",
      consulStatus: 200,
      reason: "somebody deleted it",
      byName: "ada",
      snapshotId: room.snapshotId,
      clusterId,
      datacenter: "dc1",
      cancellable: false,
      againstSnapshot: { matches: true, unexplained: 0 },
    });
    expect(row.outcomeText).toMatch(
      /^Consul answered 200, and a fresh snapshot of dc1 holds what was restored: \d+ of \d+ records equal/,
    );
    expect(await room.markIn("kept")).toBe("from the snapshot");
    expect(await room.markIn("later-1")).toBeNull();

    const { length } = readFileSync(room.snapkeep().archivePath(room.snapshotId));
    expect([row.bytesSent, row.bytesTotal]).toEqual([length, length]);
    expect(room.putRequests()).toMatchObject([
      { url: "/v1/snapshot?dc=dc1", requestBodyBytes: length, status: 200 },
    ]);
    expect(room.putRequests()[0]?.headers["content-length"]).toBe(String(length));
    expect(await room.auditOf(row)).toEqual([
      "restore.run intent",
      "snapshot.take intent",
      "snapshot.take ok",
      "restore.run ok",
    ]);
    const rows = await room.snapkeep().auditRows();
    const intent = rows.find((one) => one.correlationId === row.correlationId);
    expect(intent).toMatchObject({
      reason: "somebody deleted it",
      target: `dc1 in default from ${room.snapshotId}`,
    });
  });

  it("goes through the second address when the first is down", async () => {
    const block = await reservePorts(1);
    const addresses = [`http://127.0.0.1:${block.ports[0]}`, room.proxy.address];
    const input = { name: named("two-addresses"), addresses, token: room.consul.managementToken ?? "" };
    const { id } = await room.snapkeep().execute("clusters.create", input);
    await room.mark("later-2");
    expect(await room.restore({ clusterId: id })).toMatchObject({ state: "succeeded" });
    expect(await room.markIn("later-2")).toBeNull();
    block.release();
  });

  it("uses a typed token instead of the cluster's, and keeps it nowhere", async () => {
    const input = { name: named("without-rights"), addresses: [room.proxy.address], token: readerToken };
    const { id } = await room.snapkeep().execute("clusters.create", input);
    expect(await room.restore({ clusterId: id, token: typedToken })).toMatchObject({ state: "succeeded" });
    expect(room.putRequests()[0]?.headers["x-consul-token"]).toBe(typedToken);
    const { logLines, dataFolder } = room.snapkeep();
    expect(logLines.join("")).not.toContain(typedToken);
    for (const suffix of ["", "-wal"]) {
      const stored = readFileSync(path.join(dataFolder, `snapkeep.db${suffix}`));
      expect(stored.includes(typedToken)).toBe(false);
    }
  });

  it("into dc2 puts dc1's data there, through a server of dc1, and leaves dc1 alone", async () => {
    await room.mark("only-in-dc1");
    await writeKey(room.consul.secondary.target(), "only-in-dc2", "1");
    expect(await room.restore({ datacenter: "dc2" })).toMatchObject({
      state: "succeeded",
      datacenter: "dc2",
    });
    expect(room.putRequests()).toMatchObject([{ url: "/v1/snapshot?dc=dc2" }]);
    await waitFor("dc2 to have the key", () => room.markIn("kept", "dc=dc2"));
    expect(await room.markIn("only-in-dc2", "dc=dc2")).toBeNull();
    expect(await room.markIn("only-in-dc1")).toBe("after the snapshot");
  });
});

describe("refused before anything is sent or written down", () => {
  it("the wrong name, no reason, a missing snapshot or cluster", async () => {
    const stored = async () => (await room.snapkeep().execute("restores.list", {})).rows.length;
    const before = await stored();
    for (const confirmDatacenter of ["dc2", "", "DC1"]) {
      expect(await refusal(room.begin({ confirmDatacenter }))).toBe(
        "invalid_input: This is not the datacenter's name",
      );
    }
    for (const reason of ["", "   ", "no"]) {
      expect(await refusal(room.begin({ reason }))).toBe("invalid_input: A reason is needed");
    }
    expect(await refusal(room.begin({ snapshotId: "s-missing" }))).toMatch(/^not_found: /);
    expect(await refusal(room.begin({ clusterId: "c-missing" }))).toBe(
      "not_found: There is no such cluster.",
    );
    expect(await stored()).toBe(before);
    expect(room.putRequests()).toEqual([]);
  });

  it("a person without the permission, with a denied row", async () => {
    const { snapshotId } = room;
    const input = { snapshotId, clusterId, datacenter: "dc1", confirmDatacenter: "dc1", reason: "a test" };
    const bob = { ...personWith("operator"), name: "bob" };
    const work = room.snapkeep().execute("restores.start", { ...input, preflightId: "p-none" }, bob);
    expect(await refusal(work)).toBe("forbidden: Needs the role restorer or administrator.");
    const [last] = (await room.snapkeep().auditRows()).slice(-1);
    expect(last).toMatchObject({ action: "restore.run", outcome: "denied", actorName: "bob" });
  });
});

describe("nothing is replaced", () => {
  beforeEach(() => room.mark("untouched"));
  afterEach(async () => {
    expect(await room.markIn("untouched")).toBe("after the snapshot");
  });

  it("by a token without rights: refused, in Consul's words", async () => {
    const blocked = await room.preflight({ token: readerToken });
    expect(blocked.lines[0]).toMatchObject({
      name: "token",
      result: "block",
      title: "The token may not restore",
    });
    // Bound to a preflight with another token, it is found out again right before anything is sent.
    const row = await room.restore({ ...(await room.input()), token: readerToken });
    expect(row).toMatchObject({ state: "failed", consulStatus: null, bytesSent: 0 });
    expect(row.outcomeText).toMatch(
      /^The target has changed since the preflight: The token may not restore\. .* Nothing was sent to Consul\.$/,
    );
    expect(await room.auditOf(row)).toEqual(["restore.run intent", "restore.run failed"]);
  });

  it("in a datacenter that nobody knows: a block", async () => {
    expect(await refusal(room.restore({ datacenter: "dc9" }))).toBe(
      "conflict: A block can't be overridden: dc9 can't be reached.",
    );
  });

  it("by a proxy that refuses the size: found out by comparing, since it could have passed it on before", async () => {
    await room.proxy.use(
      { kind: "answer-at-once", status: 413, text: "Request Entity Too Large" },
      { method: "PUT" },
    );
    const row = await room.restore();
    expect(row).toMatchObject({ state: "failed", verdict: "safety", consulStatus: 413 });
    expect(row.outcomeText).toMatch(
      /^Consul answered 413\. dc1 was compared twice and holds what it held before/,
    );
  });

  it("by an archive that changed on the disk: failed, and no byte of it is sent", async () => {
    const file = room.snapkeep().archivePath(room.snapshotId);
    const input = await room.input();
    const good = readFileSync(file);
    const changed = Buffer.from(good);
    changed[changed.length >> 1] = (changed[changed.length >> 1] ?? 0) ^ 1;
    for (const bytes of [changed, good.subarray(0, -1), Buffer.concat([good, Buffer.alloc(1)])]) {
      writeFileSync(file, bytes);
      const outcomeText =
        "The archive in the store no longer matches its checksum. Nothing was sent to Consul.";
      expect(await room.restore(input)).toMatchObject({ state: "failed", bytesSent: 0, outcomeText });
    }
    writeFileSync(file, good);
    expect(room.putRequests()).toEqual([]);
  });

  it("when Consul can't be reached: failed, and nothing was sent", async () => {
    const input = await room.input();
    await room.proxy.use({ kind: "refuse-connections" });
    const row = await room.restore(input);
    expect(row).toMatchObject({ state: "failed", bytesSent: 0, consulStatus: null });
    expect(row.outcomeText).toMatch(
      /dc1 can't be reached\. .*connection refused\. Nothing was sent to Consul\.$/,
    );
  });

  it("when the safety snapshot fails, unless somebody wants to go on without one and says why", async () => {
    const input = await room.input();
    await room.proxy.use(
      { kind: "answer-at-once", status: 500, text: "no space left on device" },
      { method: "GET", path: "/v1/snapshot" },
    );
    const row = await room.restore(input);
    expect(row).toMatchObject({ state: "failed", bytesSent: 0, safetySnapshot: { state: "failed" } });
    expect(row.outcomeText).toMatch(
      /^The safety snapshot failed: no space left on device.* Nothing was sent to Consul\.$/,
    );
    expect(room.putRequests()).toEqual([]);
    expect(await refusal(room.begin({ ...input, withoutSafetyReason: "too short" }))).toBe(
      "invalid_input: Say why there is no safety snapshot, in ten characters or more",
    );
    expect(await room.markIn("untouched")).toBe("after the snapshot");
    await room.proxy.clear();
    expect((await room.preflight()).target.withoutSafety).toEqual({
      allowed: true,
      why: `The safety snapshot of ${row.id} failed.`,
    });
    const without = await room.restore({ ...input, withoutSafetyReason: "The last one failed." });
    expect(without).toMatchObject({ state: "succeeded", safetySnapshot: null });
    await room.mark("untouched");
  });
});

describe("without a safety snapshot", () => {
  it("it goes on where somebody says why, and has no way back", async () => {
    await room.mark("unsafe");
    const row = await room.restore(await room.inputWithoutSafety());
    expect(row).toMatchObject({
      state: "succeeded",
      verdict: "snapshot",
      safetySnapshot: null,
      canReturn: false,
    });
    expect(row.whyNoReturn).toBe("There is no safety snapshot of this restore.");
    expect(row.steps.map(({ step, state }) => `${step} ${state}`)).toContain("safety skipped");
    expect(await room.markIn("unsafe")).toBeNull();
  });
});

describe("where a safety snapshot can be taken", () => {
  it("none goes on without one, whatever reason is given; the way back neither", async () => {
    const withoutSafetyReason = "There is no time for that.";
    // One that was taken ends what an earlier one that failed allows.
    await room.restore();
    const refused =
      "invalid_input: A safety snapshot has to be taken: dc1 can give one. It is left out only after one has failed.";
    const look = await room.preflight();
    expect(look.target.withoutSafety.allowed).toBe(false);
    expect(await refusal(room.begin({ preflightId: look.id, withoutSafetyReason }))).toBe(refused);
    // What the restore before took says what to expect of this one.
    expect(look.target.expectedMs).toBeGreaterThan(0);
    const { id, withoutSafety } = await room.restore();
    expect(withoutSafety.allowed).toBe(false);
    const back = { id, confirmDatacenter: "dc1", reason: "back at once", withoutSafetyReason };
    expect(await refusal(room.snapkeep().execute("restores.returnToSafety", back))).toBe(refused);
  });
});

describe("the way back", () => {
  it("restores the state before, by identity, as one act", async () => {
    await room.mark("before-the-restore");
    const first = await room.restore({ reason: "by mistake" });
    expect(await room.markIn("before-the-restore")).toBeNull();
    expect(first).toMatchObject({ canReturn: true, safetySnapshot: { state: "verified", pinned: true } });
    const back = { id: first.id, confirmDatacenter: "dc1", reason: "that was the wrong one" };
    expect(
      await refusal(
        room.snapkeep().execute("restores.returnToSafety", { ...back, confirmDatacenter: "dc2" }),
      ),
    ).toBe("invalid_input: This is not the datacenter's name");
    const { id } = await room.snapkeep().execute("restores.returnToSafety", back);
    const second = await room.ended(id);
    expect(second).toMatchObject({
      state: "succeeded",
      verdict: "snapshot",
      returnOf: first.id,
      againstSnapshot: { unexplained: 0 },
    });
    expect(second.snapshotId).toBe(first.safetySnapshot?.id);
    expect(await room.markIn("before-the-restore")).toBe("after the snapshot");
    expect((await room.read(first.id)).returnedBy).toEqual([id]);
    // The way back took a safety snapshot of its own, so even that can be taken back.
    expect(second.canReturn).toBe(true);
  });
});

describe("the watch", () => {
  it("goes on after success, finds all as before, and can be ended by hand, once", async () => {
    const id = await room.begin();
    const row = await room.ended(id);
    expect(row).toMatchObject({ state: "succeeded", phase: "watching" });
    expect(row.watchUntil).not.toBeNull();
    // A leader that was just elected knows no server's health until autopilot has looked.
    const seen = await waitFor("the watch to find all as before", async () => {
      const now = await room.read(id);
      return now.watch === "steady" && now.samples.length > 1 ? now : null;
    });
    expect(seen).toMatchObject({ phase: "watching", leaderChanges: 0 });
    expect(seen.log.map(({ text }) => text).join("\n")).toMatch(
      /checks passing \d+ of \d+, (1 of 1 servers healthy|servers not known), leader /,
    );
    await room.snapkeep().execute("restores.finishWatch", { id });
    expect(await room.read(id)).toMatchObject({ state: "succeeded", phase: "done", watchUntil: null });
    expect(await refusal(room.snapkeep().execute("restores.finishWatch", { id }))).toBe(
      "conflict: This restore is not being watched.",
    );
  });

  it("ends by itself when its time is over", async () => {
    await room.startAgain(undefined, { SNAPKEEP_RESTORE_WATCH_MS: "3000" });
    const id = await room.begin();
    const row = await waitFor("the watch to end", async () => {
      const now = await room.read(id);
      return now.phase === "done" ? now : null;
    });
    expect(row).toMatchObject({ state: "succeeded", watchUntil: null });
    expect(row.samples.length).toBeGreaterThan(0);
    await room.startAgain();
  });
});
