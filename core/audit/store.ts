import type { Database, Tx } from "#core/db/index.ts";
import {
  type Columns,
  canonicalOf,
  chainHash,
  chainLineSql,
  hashedColumns,
  type Link,
  type Seals,
  type StoredRow,
  storable,
  storedRowSql,
  toFields,
} from "./canonical.ts";
import { firstPreviousHash } from "./contract.ts";
import { type Sql, sql } from "./filter-sql.ts";
import { parseStoredRow, parseStoredRows } from "./rows.ts";

/** What a writer hands over; the store adds the entry number, the hash and the seal. */
export type NewAuditEntry = Omit<Columns, "entry">;
export type Head = Link & { seal: string };
/** How a segment's row stands in the database; times as they are stored. */
export type SegmentRow = {
  firstEntry: number;
  lastEntry: number;
  firstAt: string;
  lastAt: string;
  previousHash: string;
  lastHash: string;
  seal: string;
  file: string;
  fileSha256: string;
  fileBytes: number;
  archivedAt: string | null;
};
export type Bounds = { head: Head | null; first: number | null; last: number | null; segments: SegmentRow[] };
export type AuditStore = ReturnType<typeof createAuditStore>;

const columns = [...hashedColumns, "hash", "seal"];
const insertSql = `INSERT INTO "AuditEntry" (${columns.map((name) => `"${name}"`).join(", ")})
  VALUES (${columns.map(() => "?").join(", ")})`;
/** A view whose trigger adds the row and moves the head; it stands in the migration. */
const appendSql = `INSERT INTO "AuditAppend" (${[...columns, "previousHash", "headSeal"].map((name) => `"${name}"`).join(", ")})
  VALUES (${[...columns, "", ""].map(() => "?").join(", ")})`;
/** The head moved, or somebody put a row where the next one belongs: that must not stop whoever writes. */
const placeIsGone = ["the head of the audit log has moved", "UNIQUE constraint failed: AuditEntry.entry"];
// A write that changes nothing: it takes SQLite's write lock before the head is read, so that no other process can
// chain a row to the same head.
const lockHeadSql = `UPDATE "AuditHead" SET "id" = "id" WHERE "id" = 1
  RETURNING json_array(json_object('entry', "entry", 'hash', "hash", 'seal', "seal"), (SELECT max("entry") FROM "AuditEntry")) AS "json"`;
const putHeadSql = `INSERT INTO "AuditHead" ("id", "entry", "hash", "seal") VALUES (1, ?, ?, ?)
  ON CONFLICT ("id") DO UPDATE SET "entry" = excluded."entry", "hash" = excluded."hash", "seal" = excluded."seal"`;
const segmentSql = `json_object(${[
  "firstEntry",
  "lastEntry",
  "firstAt",
  "lastAt",
  "previousHash",
  "lastHash",
  "seal",
  "file",
  "fileSha256",
  "fileBytes",
  "archivedAt",
]
  .map((name) => `'${name}', "${name}"`)
  .join(", ")})`;
// What a sub-select answers is a plain text to SQLite until json() says what it is.
const allSegmentsSql = `json((SELECT json_group_array(${segmentSql}) FROM (SELECT * FROM "AuditSegment" ORDER BY "firstEntry")))`;

/**
 * The log's rows. All reading answers JSON texts that SQLite makes: Prisma's own rows cost ten times as much, and the
 * hash needs the columns exactly as they are stored.
 */
export function createAuditStore(db: Database, seals: Seals) {
  const texts = async (query: Sql, tx: Tx = db.prisma) => {
    const rows = await tx.$queryRawUnsafe<{ json: string }[]>(query.text, ...query.params);
    return rows.map((row) => row.json);
  };
  const ask = async <T>(query: Sql, tx?: Tx): Promise<T> => {
    const [text = "null"] = await texts(query, tx);
    return JSON.parse(text) as T;
  };

  /** Where this process left the head. A rollback or another process may have moved it since; then the row is refused. */
  let knownHead: Link | null = null;

  async function appendIn(tx: Tx, given: NewAuditEntry): Promise<number> {
    if (knownHead !== null) {
      const { hash: previousHash, entry: last } = knownHead;
      try {
        return await appendAt(tx, given, { entry: last + 1, previousHash });
      } catch (error) {
        if (!(error instanceof Error) || !placeIsGone.some((words) => error.message.includes(words)))
          throw error;
      }
    }
    const place = await nextPlace(tx);
    if (place.isHead) return appendAt(tx, given, place);
    const { values, entry, hash } = linked(given, place);
    await tx.$executeRawUnsafe(insertSql, ...values);
    await tx.$executeRawUnsafe(putHeadSql, entry, hash, seals.head(entry, hash));
    knownHead = { entry, hash };
    return entry;
  }

  type Place = { entry: number; previousHash: string };

  /** One statement, since every act waits for it: the row, and the head behind it. */
  async function appendAt(tx: Tx, given: NewAuditEntry, place: Place): Promise<number> {
    const { values, entry, hash } = linked(given, place);
    await tx.$executeRawUnsafe(appendSql, ...values, place.previousHash, seals.head(entry, hash));
    knownHead = { entry, hash };
    return entry;
  }

  function linked(given: NewAuditEntry, { entry, previousHash }: Place) {
    const fields = toFields({ entry, ...storableRow(given) });
    const hash = chainHash(previousHash, canonicalOf(fields));
    return { entry, hash, values: [...fields.slice(1), hash, seals.row(entry, hash)] };
  }

  /**
   * Where the next row goes. A head that is missing or forged is not healed by going on from the last row: that would
   * hide a tail that was cut off. The row then begins a chain of its own, and verifying finds the place for ever.
   */
  async function nextPlace(tx: Tx): Promise<Place & { isHead: boolean }> {
    const [locked] = await texts(sql(lockHeadSql), tx);
    if (locked !== undefined) {
      const [head, last] = JSON.parse(locked) as [Head, number | null];
      if (head.seal === seals.head(head.entry, head.hash)) {
        const entry = Math.max(head.entry, last ?? 0) + 1;
        return { entry, previousHash: head.hash, isHead: entry === head.entry + 1 };
      }
    }
    const last = await ask<number>(
      sql(`SELECT json_quote(max((SELECT coalesce(max("entry"), 0) FROM "AuditEntry"),
        (SELECT coalesce(max("lastEntry"), 0) FROM "AuditSegment"))) AS "json"`),
      tx,
    );
    return { entry: last + 1, previousHash: firstPreviousHash, isHead: false };
  }

  return {
    ask,

    /** Adds one row. With `tx` it commits or vanishes together with the change that it tells of. */
    async append(entry: NewAuditEntry, tx?: Tx): Promise<number> {
      if (tx !== undefined && tx !== db.prisma) return appendIn(tx, entry);
      return db.transaction((own) => appendIn(own, entry));
    },

    rows: async (query: Sql): Promise<StoredRow[]> => (await texts(query)).map(parseStoredRow),
    /** Entries from `first` to `through` in order; at most `limit`. */
    async chainRows(first: number, through: number, limit: number, tx?: Tx): Promise<StoredRow[]> {
      const query = sql(
        `SELECT json_group_array(${storedRowSql}) AS "json" FROM
          (SELECT * FROM "AuditEntry" WHERE "entry" BETWEEN ? AND ? ORDER BY "entry" LIMIT ${limit})`,
        [first, through],
      );
      const [text = "[]"] = await texts(query, tx);
      return parseStoredRows(text);
    },
    /** The same rows as lines, for the check that nearly always finds nothing; a row without a hash has no line. */
    async chainLines(first: number, through: number, limit: number): Promise<string> {
      const query = sql(
        `SELECT coalesce(group_concat(${chainLineSql}, char(10)), '') AS "json" FROM
          (SELECT * FROM "AuditEntry" WHERE "entry" BETWEEN ? AND ? ORDER BY "entry" LIMIT ${limit})`,
        [first, through],
      );
      return (await texts(query))[0] ?? "";
    },
    /** The hash of one entry; null where there is no such row. */
    async hashOf(entry: number): Promise<string | null> {
      const query = sql(`SELECT coalesce("hash", '') AS "json" FROM "AuditEntry" WHERE "entry" = ?`, [entry]);
      return (await texts(query))[0] ?? null;
    },
    /** The ends of the log at one moment. */
    bounds: (tx?: Tx): Promise<Bounds> =>
      ask(
        sql(`SELECT json_object(
          'head', json((SELECT json_object('entry', "entry", 'hash', "hash", 'seal', "seal") FROM "AuditHead" WHERE "id" = 1)),
          'first', (SELECT min("entry") FROM "AuditEntry"), 'last', (SELECT max("entry") FROM "AuditEntry"),
          'segments', ${allSegmentsSql}) AS "json"`),
        tx,
      ),
    /** Whether there are rows and none of them is chained, as before the first start after the upgrade. */
    isUnchained: (): Promise<boolean> =>
      ask(
        sql(`SELECT CASE WHEN EXISTS (SELECT 1 FROM "AuditEntry")
        AND NOT EXISTS (SELECT 1 FROM "AuditEntry" WHERE "hash" IS NOT NULL)
        AND NOT EXISTS (SELECT 1 FROM "AuditSegment") AND NOT EXISTS (SELECT 1 FROM "AuditHead")
        THEN 'true' ELSE 'false' END AS "json"`),
      ),

    /** Runs `work` in a transaction that may take as long as a whole log needs. */
    inLongTransaction: <T>(work: (tx: Tx) => Promise<T>): Promise<T> =>
      db.prisma.$transaction(work, { maxWait: 60_000, timeout: 3_600_000 }),
    async putHashes(links: readonly Head[], tx: Tx): Promise<void> {
      await tx.$executeRawUnsafe(
        `UPDATE "AuditEntry" SET "hash" = "link"."value" ->> 'hash', "seal" = "link"."value" ->> 'seal'
          FROM json_each(?) AS "link" WHERE "AuditEntry"."entry" = "link"."value" ->> 'entry'`,
        JSON.stringify(links),
      );
    },
    async putHead({ entry, hash }: Link, tx: Tx): Promise<void> {
      await tx.$executeRawUnsafe(putHeadSql, entry, hash, seals.head(entry, hash));
    },

    segments: (): Promise<SegmentRow[]> => ask(sql(`SELECT ${allSegmentsSql} AS "json"`)),
    async putSegment(row: SegmentRow): Promise<void> {
      const values = [
        row.firstEntry,
        row.lastEntry,
        row.firstAt,
        row.lastAt,
        row.previousHash,
        row.lastHash,
        row.seal,
      ];
      await db.prisma.$executeRawUnsafe(
        `INSERT OR REPLACE INTO "AuditSegment" ("firstEntry", "lastEntry", "firstAt", "lastAt", "previousHash",
          "lastHash", "seal", "file", "fileSha256", "fileBytes", "archivedAt") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        ...[...values, row.file, row.fileSha256, row.fileBytes, row.archivedAt],
      );
    },
    /** @returns how many rows went. */
    removeEntries: (first: number, last: number): Promise<number> =>
      db.prisma.$executeRawUnsafe(`DELETE FROM "AuditEntry" WHERE "entry" BETWEEN ? AND ?`, first, last),

    setting: async (key: string) => (await db.prisma.setting.findUnique({ where: { key } }))?.value ?? null,
    async putSetting(key: string, value: string): Promise<void> {
      await db.prisma.setting.upsert({ where: { key }, create: { key, value }, update: { value } });
    },
  };
}

function storableRow(row: NewAuditEntry): NewAuditEntry {
  const entries = Object.entries(row).map(([name, value]) => [name, value === null ? null : storable(value)]);
  return Object.fromEntries(entries) as NewAuditEntry;
}
