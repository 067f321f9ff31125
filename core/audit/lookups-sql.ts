import { storedRowSql } from "./canonical.ts";
import { type Sql, sql } from "./filter-sql.ts";

/** The different values of an indexed column, each found by a jump in the index instead of reading all of it. */
export const valuesSql = (column: "actorName" | "action", limit: number): Sql =>
  sql(`WITH RECURSIVE "jump"("value") AS (
      SELECT min("${column}") FROM "AuditEntry"
      UNION ALL
      SELECT (SELECT min("${column}") FROM "AuditEntry" WHERE "${column}" > "jump"."value") FROM "jump"
        WHERE "jump"."value" IS NOT NULL
    ) SELECT json_group_array("value") AS "json"
      FROM (SELECT "value" FROM "jump" WHERE "value" IS NOT NULL LIMIT ${limit})`);

/** How many entries there are, told by the two ends. */
export const sizeOfLogSql: Sql = sql(`SELECT json_quote(
  coalesce((SELECT "entry" FROM "AuditHead" WHERE "id" = 1), 0)
  - coalesce((SELECT max("lastEntry") FROM "AuditSegment" WHERE "archivedAt" IS NOT NULL), 0)) AS "json"`);

export const oneSql = (entry: number): Sql =>
  sql(`SELECT ${storedRowSql} AS "json" FROM "AuditEntry" WHERE "entry" = ?`, [entry]);

export const correlatedSql = (correlationId: string, limit: number): Sql =>
  sql(
    `SELECT ${storedRowSql} AS "json" FROM "AuditEntry" WHERE "correlationId" = ? ORDER BY "entry" LIMIT ${limit}`,
    [correlationId],
  );

const ended = (row: string) => `EXISTS (SELECT 1 FROM "AuditEntry" AS "end"
  WHERE "end"."correlationId" = ${row}."correlationId" AND "end"."outcome" <> 'intent')`;

/** What touched a snapshot, newest first; an intent only while its outcome is not there. */
export function custodySql(snapshotId: string, limit: number): Sql {
  const order = `ORDER BY "at" DESC, "entry" DESC LIMIT ${limit}`;
  const by = (column: "targetId" | "snapshotId") =>
    `SELECT * FROM (SELECT "at", "entry" FROM "AuditEntry" WHERE "${column}" = ?
      AND NOT (+"outcome" = 'intent' AND ${ended(`"AuditEntry"`)}) ${order})`;
  return sql(
    `SELECT ${storedRowSql} AS "json" FROM
      (SELECT "entry" AS "hit" FROM (${by("targetId")} UNION ${by("snapshotId")}) ${order})
      CROSS JOIN "AuditEntry" ON "entry" = "hit" ORDER BY "at" DESC, "entry" DESC`,
    [snapshotId, snapshotId],
  );
}

/** Intents from an entry on that no outcome followed, oldest first. */
export const openIntentsSql = (fromEntry: number): Sql =>
  sql(
    `SELECT ${storedRowSql} AS "json" FROM "AuditEntry" WHERE "outcome" = 'intent' AND "entry" >= ?
      AND NOT ${ended(`"AuditEntry"`)} ORDER BY "entry"`,
    [fromEntry],
  );
