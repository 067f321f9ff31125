import { appendFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Database as Sqlite } from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { testChainKey } from "#core/testing/audit-log.ts";
import { type AuditRoom, actOf, openAuditRoom } from "#core/testing/audit-room.ts";
import { canonicalOf, chainHash, createSeals, storedRowSql } from "./canonical.ts";
import { firstPreviousHash } from "./contract.ts";
import { parseStoredRow } from "./rows.ts";

let room: AuditRoom;
let anchorFile: string;

beforeEach(async () => {
  room = await openAuditRoom();
  anchorFile = path.join(room.folder, "anchors.jsonl");
});
afterEach(() => room.close());

async function write(count: number, from = 1): Promise<void> {
  for (let i = from; i < from + count; i += 1) {
    room.now.ms += 1_000;
    await room.audit.write(actOf({ correlationId: `x-${i}`, reason: `reason ${i}` }), "ok", `detail ${i}`);
  }
}

async function found() {
  const { state, broken } = await room.audit.verify();
  return { state, entry: broken?.entry ?? null, kind: broken?.kind ?? null };
}
const broken = (entry: number, kind: string) => ({ state: "broken", entry, kind });
const update = (set: string, entry: number) =>
  room.tamper((db) => db.exec(`UPDATE "AuditEntry" SET ${set} WHERE "entry" = ${entry}`));
const remove = (db: Sqlite, where: string) => db.exec(`DELETE FROM "AuditEntry" WHERE ${where}`);
const renumber = (db: Sqlite, where: string, by: number) => {
  db.exec(`UPDATE "AuditEntry" SET "entry" = -("entry" + ${by}) WHERE ${where}`);
  db.exec(`UPDATE "AuditEntry" SET "entry" = -"entry" WHERE "entry" < 0`);
};
const copyOf = (db: Sqlite, entry: number, to: number, set = "") =>
  db.exec(`CREATE TEMP TABLE "one" AS SELECT * FROM "AuditEntry" WHERE "entry" = ${entry};
    UPDATE "one" SET "entry" = ${to} ${set}; INSERT INTO "AuditEntry" SELECT * FROM "one"; DROP TABLE "one"`);
const headRow = (db: Sqlite) =>
  db.prepare(`SELECT "entry", "hash", "seal" FROM "AuditHead"`).get() as Record<string, unknown>;
const putHead = (db: Sqlite, row: Record<string, unknown>) =>
  db.prepare(`UPDATE "AuditHead" SET "entry" = @entry, "hash" = @hash, "seal" = @seal`).run(row);

/** What whoever has the file but not the key can do: every hash from an entry on made anew, so that each fits. */
function rehash(db: Sqlite, from: number): string {
  let hash = firstPreviousHash;
  for (const { json } of db
    .prepare(`SELECT ${storedRowSql} AS "json" FROM "AuditEntry" ORDER BY "entry"`)
    .all() as {
    json: string;
  }[]) {
    const [fields, own] = parseStoredRow(json);
    hash = Number(fields[1]) < from ? (own ?? "") : chainHash(hash, canonicalOf(fields));
    db.prepare(`UPDATE "AuditEntry" SET "hash" = ? WHERE "entry" = ?`).run(hash, fields[1]);
  }
  return hash;
}

it("an empty log is neither intact nor broken", async () => {
  expect(await room.audit.verify()).toMatchObject({ state: "empty", entries: 0, head: null, broken: null });
});

it("a log that nobody touched is intact, and says how far", async () => {
  await write(12);
  const head = room.raw((db) => headRow(db).hash);
  expect(await room.audit.verify()).toMatchObject({
    state: "intact",
    entries: 12,
    firstEntry: 1,
    lastEntry: 12,
    head,
    archivedThrough: null,
    anchors: { checked: 0, lastEntry: null },
    broken: null,
  });
});

it("a text of any characters stays intact: NUL, half a pair, quotes, lines, other scripts", async () => {
  await room.audit.write(
    actOf({ reason: "a\u0000b\u001f\u2028\"'\\ \ud800 x \udc00 \u{1f511} ключ\r\n" }),
    "ok",
  );
  await room.audit.write(actOf(), "ok");
  expect((await found()).state).toBe("intact");
});

describe("the database itself refuses", () => {
  it("to change or remove a row", async () => {
    await write(2);
    const run = (text: string) => () => room.raw((db) => db.exec(text));
    expect(run(`UPDATE "AuditEntry" SET "reason" = 'x'`)).toThrow("never changed");
    expect(run(`DELETE FROM "AuditEntry"`)).toThrow("only removed with its archived segment");
    expect((await found()).state).toBe("intact");
  });
});

describe("is found, with the first entry that it hit:", () => {
  beforeEach(() => write(12));

  it.each([
    `"at" = '2020-01-01T00:00:00.000+00:00'`,
    `"actorKind" = 'system'`,
    `"actorId" = NULL`,
    `"actorName" = 'eve'`,
    `"role" = 'viewer'`,
    `"signedInWith" = NULL`,
    `"address" = 'local'`,
    `"userAgent" = NULL`,
    `"door" = 'cli'`,
    `"action" = 'snapshot.list'`,
    `"target" = 'dc2'`,
    `"targetId" = NULL`,
    `"snapshotId" = 's-1'`,
    `"clusterId" = NULL`,
    `"datacenter" = 'dc2'`,
    `"reason" = ''`,
    `"outcome" = 'denied'`,
    `"detail" = NULL`,
    `"changesJson" = '{}'`,
    `"requestId" = 'req-1'`,
    `"correlationId" = 'x-2'`,
    `"hash" = '${"0".repeat(64)}'`,
    `"hash" = NULL, "seal" = NULL`,
    `"reason" = x'00ff'`,
  ])("a row changed: %s", async (set) => {
    update(set, 5);
    expect(await found()).toEqual(broken(5, "changed"));
  });

  it("a row whose seal alone was changed", async () => {
    update(`"seal" = NULL`, 5);
    expect(await found()).toEqual(broken(5, "forged"));
  });

  it("a row removed", async () => {
    room.tamper((db) => remove(db, `"entry" = 5`));
    expect(await found()).toEqual(broken(5, "missing"));
  });

  it("rows removed at the beginning", async () => {
    room.tamper((db) => remove(db, `"entry" <= 3`));
    const report = await room.audit.verify();
    expect(report.broken).toEqual({ entry: 1, kind: "missing", words: "Entries 1 to 3 were removed." });
  });

  it("a row removed and the rest moved up, the head with them", async () => {
    room.tamper((db) => {
      remove(db, `"entry" = 5`);
      renumber(db, `"entry" > 5`, -1);
      db.exec(`UPDATE "AuditHead" SET "entry" = 11`);
    });
    expect(await found()).toEqual(broken(5, "missing"));
  });

  it("a row put in between, the rest moved down", async () => {
    room.tamper((db) => {
      renumber(db, `"entry" >= 5`, 1);
      copyOf(db, 6, 5, `, "reason" = 'never happened', "hash" = '${"a".repeat(64)}'`);
    });
    expect(await found()).toEqual(broken(5, "inserted"));
  });

  it("a row put in behind the head", async () => {
    room.tamper((db) => copyOf(db, 12, 13));
    expect(await found()).toEqual(broken(13, "inserted"));
  });

  it("a row put in before the first", async () => {
    room.tamper((db) => copyOf(db, 12, 0));
    expect(await found()).toEqual(broken(0, "inserted"));
  });

  it.each([
    [5, 6],
    [3, 11],
    [1, 12],
  ])("rows %d and %d swapped, with their hashes", async (one, other) => {
    room.tamper((db) => {
      db.exec(`UPDATE "AuditEntry" SET "entry" = -1 WHERE "entry" = ${one};
        UPDATE "AuditEntry" SET "entry" = ${one} WHERE "entry" = ${other};
        UPDATE "AuditEntry" SET "entry" = ${other} WHERE "entry" = -1`);
    });
    expect(await found()).toEqual(broken(one, "reordered"));
  });

  it("the texts of two rows swapped, their hashes left where they are", async () => {
    room.tamper((db) =>
      db.exec(`CREATE TEMP TABLE "both" AS SELECT * FROM "AuditEntry" WHERE "entry" IN (4, 9);
        UPDATE "AuditEntry" SET ("at", "reason", "detail", "correlationId") =
          (SELECT "at", "reason", "detail", "correlationId" FROM "both" WHERE "both"."entry" = 13 - "AuditEntry"."entry")
          WHERE "entry" IN (4, 9)`),
    );
    expect(await found()).toEqual(broken(4, "reordered"));
  });

  it("the tail cut off", async () => {
    room.tamper((db) => remove(db, `"entry" > 9`));
    expect(await found()).toEqual(broken(10, "tail-cut"));
  });

  it("everything cut off", async () => {
    room.tamper((db) => remove(db, "1"));
    expect(await found()).toEqual(broken(1, "tail-cut"));
  });

  it("hashes made anew after a change, without the key", async () => {
    room.tamper((db) => {
      db.exec(`UPDATE "AuditEntry" SET "actorName" = 'eve' WHERE "entry" = 5`);
      const hash = rehash(db, 5);
      db.prepare(`UPDATE "AuditHead" SET "hash" = ?`).run(hash);
    });
    expect(await found()).toEqual(broken(5, "forged"));
  });

  it("the head set back to what it was, rows left", async () => {
    const old = room.raw(headRow);
    await write(3, 13);
    room.tamper((db) => putHead(db, old));
    expect(await found()).toEqual(broken(15, "head"));
  });

  it("the head taken away, or made up", async () => {
    room.tamper((db) => db.exec(`UPDATE "AuditHead" SET "seal" = '${"0".repeat(64)}'`));
    expect(await found()).toEqual(broken(12, "head"));
    room.tamper((db) => db.exec(`DELETE FROM "AuditHead"`));
    expect(await found()).toEqual(broken(12, "head"));
  });
});

describe("going on after it was tampered with, Snapkeep writes, and the fault stays to be found:", () => {
  beforeEach(() => write(12));

  it("a cut tail with a made-up head", async () => {
    room.tamper((db) => {
      remove(db, `"entry" > 9`);
      const last = db.prepare(`SELECT "hash" FROM "AuditEntry" WHERE "entry" = 9`).get() as { hash: string };
      putHead(db, { entry: 9, hash: last.hash, seal: "0".repeat(64) });
    });
    await write(3, 20);
    expect(await found()).toEqual(broken(10, "head"));
  });

  it("a cut tail without a head", async () => {
    room.tamper((db) => {
      remove(db, `"entry" > 9`);
      db.exec(`DELETE FROM "AuditHead"`);
    });
    await room.audit.prepare();
    await write(3, 20);
    expect(await found()).toEqual(broken(10, "head"));
  });

  it("a cut tail", async () => {
    room.tamper((db) => remove(db, `"entry" > 9`));
    await write(1, 20);
    expect(await found()).toEqual(broken(10, "missing"));
  });

  it("a head set back", async () => {
    const old = room.raw(headRow);
    await write(3, 13);
    room.tamper((db) => putHead(db, old));
    await write(1, 16);
    expect(await found()).toMatchObject({ state: "broken", entry: 16 });
  });

  it("a row put in just behind the head", async () => {
    room.tamper((db) => copyOf(db, 12, 13));
    await write(2, 20);
    expect(await found()).toMatchObject({ state: "broken", entry: 13 });
  });

  it("a row without a hash put in is not taken into the chain at the next start", async () => {
    room.tamper((db) => copyOf(db, 12, 13, `, "hash" = NULL, "seal" = NULL`));
    await room.audit.prepare();
    expect(room.logged.at(-1)).toMatchObject({ fault: "the head is entry 12, the last entry is 13" });
    expect(await found()).toEqual(broken(13, "inserted"));
  });
});

describe("anchors outside", () => {
  const anchored = () =>
    room.another({
      anchors: {
        file: anchorFile,
        url: null,
        everyMs: 60_000,
        post: () => Promise.reject(new Error("no url")),
        own: false,
      },
    });

  it("agree with a log that nobody touched, each head once", async () => {
    const { audit } = await anchored();
    await write(4);
    expect(await audit.anchors.anchorNow()).toBe(true);
    expect(await audit.anchors.anchorNow()).toBe(true);
    await write(2, 5);
    await audit.anchors.anchorNow();
    expect(await audit.verify()).toMatchObject({ state: "intact", anchors: { checked: 2, lastEntry: 6 } });
  });

  it("find a tail that was cut off together with a head that was once genuine", async () => {
    const { audit } = await anchored();
    await write(4);
    const old = room.raw(headRow);
    await write(4, 5);
    await audit.anchors.anchorNow();
    room.tamper((db) => {
      remove(db, `"entry" > 4`);
      putHead(db, old);
    });
    expect((await room.audit.verify()).state).toBe("intact");
    expect((await audit.verify()).broken).toMatchObject({ entry: 8, kind: "anchor" });
  });

  it("find a log that was written anew with the stolen key", async () => {
    const { audit } = await anchored();
    await write(4);
    await audit.anchors.anchorNow();
    const seals = createSeals(testChainKey);
    room.tamper((db) => {
      db.exec(`UPDATE "AuditEntry" SET "actorName" = 'eve' WHERE "entry" = 3`);
      const hash = rehash(db, 3);
      for (const row of db.prepare(`SELECT "entry", "hash" FROM "AuditEntry"`).all() as {
        entry: number;
        hash: string;
      }[])
        db.prepare(`UPDATE "AuditEntry" SET "seal" = ? WHERE "entry" = ?`).run(
          seals.row(row.entry, row.hash),
          row.entry,
        );
      putHead(db, { entry: 4, hash, seal: seals.head(4, hash) });
    });
    expect((await room.audit.verify()).state).toBe("intact");
    expect((await audit.verify()).broken).toMatchObject({ entry: 4, kind: "anchor" });
  });

  it("say so when a line was changed, and pass over one that a crash cut off", async () => {
    const { audit } = await anchored();
    await write(4);
    await audit.anchors.anchorNow();
    appendFileSync(anchorFile, `{"at":"2026-07-23T0`);
    await write(1, 5);
    await audit.anchors.anchorNow();
    expect(await audit.verify()).toMatchObject({ state: "intact", anchors: { checked: 2, lastEntry: 5 } });
    writeFileSync(anchorFile, `{"at":"2026-07-23T03:14:02.005Z","entry":2,"hash":"${"b".repeat(64)}"}\n`);
    expect((await audit.verify()).broken).toMatchObject({ entry: 2, kind: "anchor" });
  });

  it("never take over a forged head", async () => {
    const { audit } = await anchored();
    await write(4);
    room.tamper((db) => db.exec(`UPDATE "AuditHead" SET "hash" = '${"c".repeat(64)}'`));
    expect(await audit.anchors.anchorNow()).toBe(false);
    expect(room.logged.at(-1)).toMatchObject({ where: "head" });
  });

  it("that a place doesn't take are offered to it again", async () => {
    const taken: number[] = [];
    let down = true;
    const { audit } = await room.another({
      anchors: {
        file: null,
        url: "https://anchors.example/",
        everyMs: 60_000,
        post: async (_url, { entry }) => {
          if (down) throw new Error("down");
          taken.push(entry);
        },
      },
    });
    await write(2);
    expect(await audit.anchors.anchorNow()).toBe(false);
    down = false;
    expect(await audit.anchors.anchorNow()).toBe(true);
    expect(await audit.anchors.anchorNow()).toBe(true);
    expect(taken).toEqual([2]);
  });
});
