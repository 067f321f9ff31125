import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { testChainKey } from "#core/testing/audit-log.ts";
import { type AuditRoom, actOf, openAuditRoom } from "#core/testing/audit-room.ts";
import { registerChild } from "#core/testing/leftovers.ts";

let room: AuditRoom;

beforeEach(async () => {
  room = await openAuditRoom();
});
afterEach(() => room.close());

const entries = () =>
  room.raw((db) => db.prepare(`SELECT "entry" FROM "AuditEntry" ORDER BY "entry"`).pluck().all());
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

describe("a row holds", () => {
  it("who, as what, how signed in, from where, on what, and what changed", async () => {
    const changes = { before: { pinned: false }, after: { pinned: true } };
    const entry = await room.audit.write(actOf({ changes, reason: "CHG-1" }), "ok", "pinned");
    expect(await room.audit.get(entry)).toMatchObject({
      entry: 1,
      at: "2026-07-23T03:14:02.005Z",
      actorKind: "person",
      actorId: "u-ada",
      actorName: "ada",
      role: "operator",
      signedInWith: "password and code",
      address: "10.44.2.9",
      userAgent: "Firefox",
      door: "action",
      action: "snapshot.pin",
      target: "dc1, s-7f3k2m9q1abc",
      targetId: "s-7f3k2m9q1abc",
      snapshotId: null,
      clusterId: "c-prod",
      datacenter: "dc1",
      reason: "CHG-1",
      outcome: "ok",
      detail: "pinned",
      changes,
      requestId: "req-7f3k2m9q1abc",
    });
  });

  it("no more text than any input allows for, whatever a refused call was aimed at", async () => {
    const long = "🔑".repeat(100_000);
    const target = { id: long, label: long };
    const entry = await room.audit.write(actOf({ target, reason: long }), "denied", long);
    const { target: label, targetId, reason, detail } = await room.audit.get(entry);
    for (const text of [label, targetId, reason, detail]) {
      expect(text).toHaveLength(2_000);
      expect(text?.endsWith("…")).toBe(true);
    }
    expect((await room.audit.verify()).state).toBe("intact");
  });

  it("a token as a token, Snapkeep as the system, and nobody as unknown", async () => {
    const token = {
      kind: "token" as const,
      tokenId: "k-1",
      name: "ci",
      role: "operator",
      makerId: null,
      grants: [],
    };
    await room.audit.write(actOf({ caller: token }), "ok");
    await room.audit.write(actOf({ caller: { kind: "system", name: "scheduler" } }), "ok");
    await room.audit.write(actOf({ caller: null }), "denied");
    const who = async (entry: number) => {
      const { actorKind, actorId, actorName, role, signedInWith } = await room.audit.get(entry);
      return [actorKind, actorId, actorName, role, signedInWith];
    };
    expect(await who(1)).toEqual(["token", "k-1", "ci", "operator", null]);
    expect(await who(2)).toEqual(["system", null, "scheduler", "system", null]);
    expect(await who(3)).toEqual(["unknown", null, "unknown", "none", null]);
  });
});

describe("entry numbers have no gap", () => {
  it("when the change that a row belongs to is taken back", async () => {
    await room.audit.write(actOf(), "ok");
    const change = room.db.transaction(async (tx) => {
      await room.audit.write(actOf(), "ok", null, tx);
      throw new Error("on purpose");
    });
    await expect(change).rejects.toThrow("on purpose");
    expect(await room.audit.write(actOf(), "ok")).toBe(2);
    expect(entries()).toEqual([1, 2]);
    expect((await room.audit.verify()).state).toBe("intact");
  });

  it("when many write at once", async () => {
    await Promise.all(upTo(60).map(() => room.audit.write(actOf(), "ok")));
    expect(entries()).toEqual(upTo(60));
    expect((await room.audit.verify()).state).toBe("intact");
  });

  it("when two processes write to the same file at once", async () => {
    const at = (name: string) => JSON.stringify(fileURLToPath(new URL(name, import.meta.url)));
    const child = spawn(
      process.execPath,
      [
        ...["--import", "tsx", "--input-type=module", "--eval"],
        `import { openDatabase } from ${at("../db/index.ts")};
        import { createAuditService } from ${at("./index.ts")};
        import { actOf } from ${at("../testing/audit-room.ts")};
        const db = await openDatabase({ file: ${JSON.stringify(room.file)}, migrationsFolder: ${at("../../prisma/migrations")} });
        const clock = { nowMs: () => Date.now(), monotonicMs: () => performance.now() };
        const audit = createAuditService({ db, clock, log: console, chainKey: ${JSON.stringify(testChainKey)}, folder: "unused" });
        process.stdout.write("ready");
        for (let i = 0; i < 60; i += 1) await audit.write(actOf(), "ok", "child");
        await db.close();`,
      ],
      { stdio: ["ignore", "pipe", "inherit"], env: { NODE_ENV: "test" } },
    );
    registerChild(child);
    const ended = once(child, "exit");
    await once(child.stdout, "data");
    for (let i = 0; i < 60; i += 1) await room.audit.write(actOf(), "ok", "parent");
    expect((await ended)[0]).toBe(0);
    expect(entries()).toEqual(upTo(120));
    expect((await room.audit.verify()).state).toBe("intact");
  });

  it("when the clock jumps back: the order is that of writing", async () => {
    await room.audit.write(actOf(), "ok");
    room.now.ms -= 3_600_000;
    await room.audit.write(actOf(), "ok");
    expect((await room.audit.get(2)).at).toBe("2026-07-23T02:14:02.005Z");
    expect((await room.audit.verify()).state).toBe("intact");
  });
});

describe("the first start after the upgrade", () => {
  const unchain = () =>
    room.tamper((db) =>
      db.exec(`UPDATE "AuditEntry" SET "hash" = NULL, "seal" = NULL; DELETE FROM "AuditHead"`),
    );

  it("chains what was there, says so in the log, and does it once", async () => {
    for (let i = 0; i < 5; i += 1) await room.audit.write(actOf(), "ok");
    unchain();
    await room.audit.prepare();
    expect((await room.audit.verify()).state).toBe("intact");
    expect(await room.audit.get(6)).toMatchObject({
      action: "audit.chain",
      actorKind: "system",
      detail: "5 entries from before the chain",
    });
    await room.audit.prepare();
    expect(entries()).toEqual(upTo(6));
  });

  it("is one start: rows that lose their hashes later are never sealed, whatever else was taken out", async () => {
    for (let i = 0; i < 5; i += 1) await room.audit.write(actOf(), "ok");
    unchain();
    room.tamper((db) => db.exec(`UPDATE "AuditEntry" SET "actorName" = 'eve' WHERE "entry" = 3`));
    const later = await room.another();
    await later.audit.prepare();
    expect(room.logged).toMatchObject([{ fault: "the head is missing" }]);
    expect(entries()).toEqual(upTo(5));
    expect((await later.audit.verify()).broken).toMatchObject({ entry: 1, kind: "changed" });
    await later.audit.write(actOf(), "ok");
    expect((await later.audit.verify()).broken).toMatchObject({ entry: 1 });
  });

  it("on an empty log does nothing, and warns of nothing", async () => {
    await room.audit.prepare();
    expect(entries()).toEqual([]);
    expect(room.logged).toEqual([]);
  });

  it("never chains rows beside ones that are chained, and starts all the same", async () => {
    for (let i = 0; i < 5; i += 1) await room.audit.write(actOf(), "ok");
    room.tamper((db) =>
      db.exec(
        `UPDATE "AuditEntry" SET "hash" = NULL, "seal" = NULL WHERE "entry" > 2; DELETE FROM "AuditHead"`,
      ),
    );
    await room.audit.prepare();
    expect(room.logged).toMatchObject([{ fault: "the head is missing" }]);
    expect((await room.audit.verify()).state).toBe("broken");
  });
});

describe("open acts", () => {
  it("are intents without an outcome, oldest first, with what their outcome row needs", async () => {
    await room.audit.write(actOf({ correlationId: "x-a", reason: "why" }), "intent");
    await room.audit.write(actOf({ correlationId: "x-b" }), "intent");
    await room.audit.write(actOf({ correlationId: "x-b" }), "ok");
    await room.audit.write(actOf({ correlationId: "x-c" }), "intent");
    const open = await room.audit.openActs();
    expect(open.map((act) => act.correlationId)).toEqual(["x-a", "x-c"]);
    expect(open[0]).toMatchObject({
      action: "snapshot.pin",
      caller: { kind: "system", name: "restart" },
      target: { id: "s-7f3k2m9q1abc", places: [{ clusterId: "c-prod", datacenter: "dc1" }] },
      reason: "why",
    });
  });

  it("stay open over restarts, and are not looked for again below the oldest", async () => {
    await room.audit.write(actOf({ correlationId: "x-a" }), "intent");
    await room.audit.write(actOf({ correlationId: "x-a" }), "ok");
    expect(await room.audit.openActs()).toEqual([]);
    await room.audit.write(actOf({ correlationId: "x-b" }), "intent");
    await room.audit.write(actOf({ correlationId: "x-c" }), "intent");
    const later = await room.another();
    expect((await later.audit.openActs()).map((act) => act.correlationId)).toEqual(["x-b", "x-c"]);
    await later.audit.write(actOf({ correlationId: "x-b" }), "unknown");
    expect((await later.audit.openActs()).map((act) => act.correlationId)).toEqual(["x-c"]);
    expect(await later.db.prisma.setting.findMany()).toEqual([{ key: "audit.openFrom", value: "4" }]);
  });
});
