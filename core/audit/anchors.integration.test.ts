import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Database as Sqlite } from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type AuditRoom, actOf, openAuditRoom } from "#core/testing/audit-room.ts";
import type { AnchorSettings } from "./anchors.ts";
import type { AuditService } from "./service.ts";

let room: AuditRoom;
let audit: AuditService;
let posted: number[];

const anchors = (more: Partial<AnchorSettings> = {}): AnchorSettings => ({
  file: null,
  url: null,
  everyMs: 60_000,
  post: async (_url, { entry }) => void posted.push(entry),
  ...more,
});

beforeEach(async () => {
  posted = [];
  room = await openAuditRoom({ anchors: anchors() });
  audit = room.audit;
});
afterEach(() => room.close());

const own = () => path.join(room.archives, "anchors.jsonl");
const lines = () =>
  readFileSync(own(), "utf8")
    .trim()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
const verdict = async (of = audit) => {
  const { state, broken } = await of.verify();
  return broken === null ? state : `${broken.kind} ${broken.entry}: ${broken.words}`;
};
async function write(count: number, to = audit): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    room.now.ms += 1_000;
    await to.write(actOf(), "ok");
  }
}
const wipe = (db: Sqlite) =>
  db.exec(`DELETE FROM "AuditEntry"; DELETE FROM "AuditHead"; DELETE FROM "AuditSegment"`);
/** Another process on the same records, as the next start is one. */
const nextStart = async (more: Partial<AnchorSettings> = {}) => {
  const next = (await room.another({ anchors: anchors(more) })).audit;
  await next.prepare();
  return next;
};

describe("without any setting, the data folder holds a file of anchors", () => {
  it("that gets a line with entry, hash and time each time that the log has grown", async () => {
    expect(await audit.anchors.anchorNow()).toBe(true);
    expect(existsSync(own())).toBe(false);
    await write(2);
    await audit.anchors.anchorNow();
    await audit.anchors.anchorNow();
    await write(1);
    await audit.anchors.anchorNow();
    const { hash } = await audit.get(3);
    expect(lines()).toEqual([
      expect.objectContaining({ entry: 2 }),
      { at: "2026-07-23T03:14:05.005Z", entry: 3, hash },
    ]);
    expect(await audit.verify()).toMatchObject({ state: "intact", anchors: { checked: 1, lastEntry: 3 } });
  });

  it("at the start and at the stop, too", async () => {
    await write(2);
    audit.anchors.start();
    await expect.poll(() => existsSync(own()) && lines().length, { timeout: 30_000 }).toBe(1);
    await write(2);
    await audit.anchors.stop();
    expect(lines()).toMatchObject([{ entry: 2 }, { entry: 4 }]);
  });
});

describe("with it is found", () => {
  beforeEach(async () => {
    await write(5);
    await audit.anchors.anchorNow();
  });

  it("a log that was emptied together with its head and its segments", async () => {
    room.tamper(wipe);
    expect(await verdict()).toBe(
      "anchor 1: The log is empty, but entry 5 was written down outside: everything was removed.",
    );
  });

  it("that, after Snapkeep went on, started again, and grew beyond what was there", async () => {
    room.tamper((db) => {
      wipe(db);
      db.exec(`DELETE FROM "Setting"`);
    });
    const next = await nextStart();
    await write(1, next);
    expect(await verdict(next)).toMatch(/^anchor 5: .*its end is gone/);
    await write(8, next);
    expect(await verdict(next)).toMatch(/^anchor 5: .*it was another one/);
    // No anchor heals it: nothing is written down of a log that no longer holds what was.
    expect(await next.anchors.anchorNow()).toBe(false);
    expect(lines()).toHaveLength(1);
    expect(room.logged.at(-1)).toMatchObject({ where: "file" });
  });

  it("a tail cut off with a head that was once genuine, and grown again", async () => {
    const head = room.raw((db) => db.prepare(`SELECT * FROM "AuditHead"`).get()) as object;
    await write(4);
    await audit.anchors.anchorNow();
    room.tamper((db) => {
      db.exec(`DELETE FROM "AuditEntry" WHERE "entry" > 5`);
      db.prepare(`UPDATE "AuditHead" SET "entry" = @entry, "hash" = @hash, "seal" = @seal`).run(head);
    });
    const next = await nextStart();
    await write(10, next);
    expect(await next.anchors.anchorNow()).toBe(false);
    expect(await verdict(next)).toMatch(/^anchor 9: /);
  });

  it("that the file itself is gone, empty, or another one; and it is not begun anew", async () => {
    const text = readFileSync(own(), "utf8");
    rmSync(own());
    expect(await verdict()).toMatch(/^anchor 1: The file of anchors anchors.jsonl is gone or empty/);
    expect(await verdict(await nextStart())).toMatch(/^anchor 1: /);
    await write(1);
    expect(await audit.anchors.anchorNow()).toBe(false);
    expect(existsSync(own())).toBe(false);
    writeFileSync(own(), "");
    expect(await verdict()).toMatch(/^anchor 1: .*is gone or empty/);
    const { hash } = await audit.get(6);
    writeFileSync(own(), `${JSON.stringify({ at: "2026-07-23T03:14:08.005Z", entry: 6, hash })}\n`);
    expect(await verdict()).toMatch(/^anchor 1: .*isn't the one that was written/);
    writeFileSync(own(), text);
    expect(await verdict()).toBe("intact");
  });

  it("nothing, once what was anchored lies in an archive file", async () => {
    const small = (await room.another({ anchors: anchors(), entriesPerSegment: 5 })).audit;
    await write(3, small);
    room.now.ms += 40 * 24 * 3_600_000;
    expect(await small.archive(30)).toMatchObject({ archivedThrough: 5 });
    expect(await small.anchors.anchorNow()).toBe(true);
    expect(lines()).toMatchObject([{ entry: 5 }, { entry: 8 }]);
    expect(await verdict(small)).toBe("intact");
  });
});

it("a file that a setting names and that vanished does not count for one without anchors", async () => {
  const file = path.join(room.folder, "elsewhere", "anchors.txt");
  const next = await nextStart({ own: false, file });
  await write(3, next);
  await next.anchors.anchorNow();
  expect(await verdict(next)).toBe("intact");
  rmSync(file);
  expect(await verdict(next)).toMatch(/^anchor 1: The file of anchors anchors.txt is gone or empty/);
});

describe("an address gets no entry lower than", () => {
  const url = "https://anchors.example/";

  it("the one that it got", async () => {
    const next = await nextStart({ own: false, url });
    await write(4, next);
    await next.anchors.anchorNow();
    room.tamper(wipe);
    await write(2, next);
    expect(await next.anchors.anchorNow()).toBe(false);
    expect(posted).toEqual([4]);
    expect(room.logged.at(-1)).toMatchObject({ where: "url" });
  });

  it("the file in the data folder holds, after a start as well", async () => {
    await write(4);
    await audit.anchors.anchorNow();
    room.tamper(wipe);
    const next = await nextStart({ url });
    await write(2, next);
    expect(await next.anchors.anchorNow()).toBe(false);
    expect(posted).toEqual([]);
  });
});

it("a log of many anchors is compared with the newest, which the chain leads to all the others from", async () => {
  await write(1);
  await audit.anchors.anchorNow();
  await write(30);
  for (let i = 0; i < 20; i += 1) {
    await write(1);
    await audit.anchors.anchorNow();
  }
  expect(lines()).toHaveLength(21);
  expect(await audit.verify()).toMatchObject({ state: "intact", anchors: { checked: 1, lastEntry: 51 } });
});
