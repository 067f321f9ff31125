import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { testChainKey } from "#core/testing/audit-log.ts";
import { type AuditRoom, actOf, dayMs, openAuditRoom } from "#core/testing/audit-room.ts";
import { verifyArchive } from "./archive-file.ts";

let room: AuditRoom;
const size = 10;

beforeEach(async () => {
  room = await openAuditRoom({ entriesPerSegment: size });
  // 35 entries, one a day.
  for (let i = 1; i <= 35; i += 1) {
    await room.audit.write(actOf({ reason: `day ${i}`, correlationId: `x-${i}` }), "ok");
    room.now.ms += dayMs;
  }
});
afterEach(() => room.close());

const files = () => (existsSync(room.archives) ? readdirSync(room.archives).sort() : []);
const fileOf = (first: number) => path.join(room.archives, `audit-${first}-${first + size - 1}.jsonl.gz`);
const entries = () =>
  room.raw((db) =>
    db.prepare(`SELECT min("entry") AS "first", max("entry") AS "last" FROM "AuditEntry"`).get(),
  );
const verdict = async () => {
  const { state, broken } = await room.audit.verify();
  return broken === null ? state : `${broken.kind} ${broken.entry}`;
};
/** Changes the text of an archive file, as whoever may write the folder can. */
function rewrite(first: number, change: (text: string) => string): void {
  writeFileSync(fileOf(first), gzipSync(change(gunzipSync(readFileSync(fileOf(first))).toString("utf8"))));
}

describe("archiving", () => {
  it("moves whole segments of which every row is old enough, and the rest verifies from there on", async () => {
    const report = await room.audit.archive(20);
    expect(report).toMatchObject({ removedEntries: 10, archivedThrough: 10 });
    expect(report.archived).toMatchObject([{ firstEntry: 1, lastEntry: 10, file: "audit-1-10.jsonl.gz" }]);
    expect(entries()).toEqual({ first: 11, last: 35 });
    expect(await room.audit.verify()).toMatchObject({
      state: "intact",
      entries: 25,
      firstEntry: 11,
      archivedThrough: 10,
    });
    expect(await room.audit.archive(1)).toMatchObject({ removedEntries: 20, archivedThrough: 30 });
    expect(files()).toEqual(["audit-1-10.jsonl.gz", "audit-11-20.jsonl.gz", "audit-21-30.jsonl.gz"]);
    expect(await room.audit.archive(1)).toMatchObject({
      archived: [],
      removedEntries: 0,
      archivedThrough: 30,
    });
    expect((await room.audit.segments()).map((segment) => segment.lastEntry)).toEqual([10, 20, 30]);
    expect(await verdict()).toBe("intact");
  });

  it("keeps a segment in which one row is younger, because the clock was set back after it", async () => {
    room.now.ms -= 60 * dayMs;
    for (let i = 36; i <= 40; i += 1) await room.audit.write(actOf(), "ok");
    room.now.ms += 61 * dayMs;
    const { archivedThrough } = await room.audit.archive(10);
    expect(archivedThrough).toBe(20);
  });

  it("takes archived rows out of the search, the pages and the numbers", async () => {
    const page = (q?: string) => room.audit.list({ limit: 100, ...(q === undefined ? {} : { q }) });
    expect((await page("day 3")).rows).toHaveLength(1);
    await room.audit.archive(1);
    expect((await page("day 3")).rows).toEqual([]);
    expect(await page()).toMatchObject({ total: 5, all: 5 });
    expect(await room.audit.get(31)).toMatchObject({ neighbours: { previous: null } });
    expect((await room.audit.get(31)).previousHash).toBe((await room.audit.segments())[2]?.lastHash);
  });

  it("goes on writing where every row was archived", async () => {
    for (let i = 36; i <= 40; i += 1) await room.audit.write(actOf(), "ok");
    room.now.ms += 10 * dayMs;
    await room.audit.archive(1);
    expect(entries()).toEqual({ first: null, last: null });
    expect(await verdict()).toBe("intact");
    expect(await room.audit.write(actOf(), "ok")).toBe(41);
    expect(await room.audit.verify()).toMatchObject({ state: "intact", entries: 1, firstEntry: 41 });
    await room.audit.prepare();
    expect(room.logged).toEqual([]);
  });

  it("refuses to archive what isn't as it was written", async () => {
    room.tamper((db) => db.exec(`UPDATE "AuditEntry" SET "reason" = 'x' WHERE "entry" = 14`));
    await expect(room.audit.archive(1)).rejects.toMatchObject({ code: "conflict" });
    expect(entries()).toEqual({ first: 11, last: 35 });
    expect(await verdict()).toBe("changed 14");
  });
});

describe("a file alone", () => {
  beforeEach(() => room.audit.archive(1));

  it("verifies with the key, and with no other", async () => {
    expect(await verifyArchive(fileOf(11), testChainKey)).toMatchObject({
      ok: true,
      header: { firstEntry: 11, lastEntry: 20 },
      broken: null,
    });
    expect(await verifyArchive(fileOf(11), "another key")).toMatchObject({ ok: false });
  });

  it("that was changed is found out, with the entry", async () => {
    rewrite(11, (text) => text.replace("day 14", "day 41"));
    expect(await verifyArchive(fileOf(11), testChainKey)).toMatchObject({ ok: false, broken: { entry: 14 } });
    rewrite(21, (text) => text.split("\n").slice(0, -2).join("\n"));
    expect(await verifyArchive(fileOf(21), testChainKey)).toMatchObject({ ok: false, broken: { entry: 30 } });
    writeFileSync(fileOf(1), "no archive");
    expect(await verifyArchive(fileOf(1), testChainKey)).toMatchObject({
      ok: false,
      broken: { entry: null },
    });
  });
});

describe("is found by the check of the whole log:", () => {
  beforeEach(() => room.audit.archive(1));

  it("a file that is missing", async () => {
    rmSync(fileOf(11));
    expect(await verdict()).toBe("archive 11");
  });

  it("a file that differs, even in nothing that it says", async () => {
    rewrite(11, (text) => `${text}\n`);
    expect(await verdict()).toBe("archive 11");
  });

  it("a file in the place of another", async () => {
    renameSync(fileOf(1), fileOf(11));
    expect(await verdict()).toBe("archive 1");
  });

  it("a record that names a file elsewhere, though it holds the same", async () => {
    copyFileSync(fileOf(11), path.join(room.folder, "elsewhere"));
    room.tamper((db) => db.exec(`UPDATE "AuditSegment" SET "file" = '../elsewhere' WHERE "firstEntry" = 11`));
    expect(await verdict()).toBe("archive 11");
  });

  it("a record of a file that was changed with it", async () => {
    room.tamper((db) =>
      db.exec(`UPDATE "AuditSegment" SET "fileSha256" = '${"0".repeat(64)}' WHERE "firstEntry" = 11`),
    );
    expect(await verdict()).toBe("archive 11");
  });

  it("a record that was taken away", async () => {
    room.tamper((db) => db.exec(`DELETE FROM "AuditSegment" WHERE "firstEntry" = 11`));
    expect(await verdict()).toBe("archive 11");
    room.tamper((db) => db.exec(`DELETE FROM "AuditSegment"`));
    expect(await verdict()).toBe("missing 1");
  });

  it("rows that were removed behind a made-up record", async () => {
    room.raw((db) =>
      db.exec(`INSERT INTO "AuditSegment" SELECT 31, 35, "firstAt", "lastAt", "previousHash", "lastHash", "seal", "file",
        "fileSha256", "fileBytes", "archivedAt" FROM "AuditSegment" WHERE "firstEntry" = 21;
        DELETE FROM "AuditEntry" WHERE "entry" > 30`),
    );
    expect(await verdict()).toBe("archive 31");
  });

  it("a row that was put in among archived ones", async () => {
    room.raw((db) =>
      db.exec(`CREATE TEMP TABLE "one" AS SELECT * FROM "AuditEntry" WHERE "entry" = 33;
        UPDATE "one" SET "entry" = 15; INSERT INTO "AuditEntry" SELECT * FROM "one"`),
    );
    expect(await verdict()).toBe("inserted 15");
  });

  it("an anchor of an archived entry that says otherwise", async () => {
    const file = path.join(room.folder, "anchors.jsonl");
    const { audit } = await room.another({
      anchors: { file, url: null, everyMs: 60_000, post: () => Promise.resolve() },
    });
    const lastHash = (await room.audit.segments())[1]?.lastHash;
    writeFileSync(file, `${JSON.stringify({ at: "2026-01-01T00:00:00.000Z", entry: 20, hash: lastHash })}\n`);
    expect(await audit.verify()).toMatchObject({ state: "intact", anchors: { checked: 1 } });
    writeFileSync(file, `${JSON.stringify({ at: "2026-01-01T00:00:00.000Z", entry: 19, hash: lastHash })}\n`);
    expect((await audit.verify()).broken).toMatchObject({ kind: "anchor", entry: 19 });
  });
});

describe("a crash", () => {
  it("before the record leaves a file that the next run writes again", async () => {
    await room.audit.archive(20);
    writeFileSync(`${fileOf(11)}.partial`, "half");
    writeFileSync(fileOf(11), "whole, but without its record");
    expect(await verdict()).toBe("intact");
    expect(await room.audit.archive(10)).toMatchObject({ archivedThrough: 20 });
    expect(await verdict()).toBe("intact");
    expect(files()).toEqual(["audit-1-10.jsonl.gz", "audit-11-20.jsonl.gz"]);
  });

  it("in the middle of removing leaves rows that verify, and that the next run removes", async () => {
    room.raw((db) =>
      db.exec(
        `CREATE TRIGGER "stop" BEFORE DELETE ON "AuditEntry" WHEN OLD."entry" = 6 BEGIN SELECT RAISE(ABORT, 'crash'); END`,
      ),
    );
    await expect(room.audit.archive(20)).rejects.toThrow();
    room.raw((db) => db.exec(`DROP TRIGGER "stop"; DELETE FROM "AuditEntry" WHERE "entry" < 6`));
    expect(entries()).toEqual({ first: 6, last: 35 });
    expect(await verdict()).toBe("intact");
    expect(await room.audit.archive(20)).toMatchObject({
      archived: [],
      removedEntries: 5,
      archivedThrough: 10,
    });
    expect(entries()).toEqual({ first: 11, last: 35 });
    expect(await verdict()).toBe("intact");
  });
});
