import { storedRowSql } from "./canonical.ts";
import { countMax } from "./contract.ts";
import {
  all,
  beyondSql,
  type Condition,
  type Cursor,
  type Direction,
  type Filter,
  notBeyondSql,
  residualSql,
  type Sql,
  sql,
  timeSql,
} from "./filter-sql.ts";

/** The condition whose index is walked, the ones that are checked at each of its rows, and the time. */
export type Plan = { driver: Condition | null; residual: Condition[]; time: Sql[] };

const newestFirst = `ORDER BY "at" DESC, "entry" DESC`;
const orders = { older: newestFirst, newer: `ORDER BY "at", "entry"` };

/** How often each condition holds, as far as it matters. Every count stays inside its index. */
export function sizesSql(conditions: readonly Condition[], filter: Filter): Sql {
  const size = ({ column, values }: Condition) =>
    values.map((value) => {
      const where = all([sql(`"${column}" = ?`, [value]), ...timeSql(filter)]);
      return sql(
        `(SELECT count(*) FROM (SELECT 1 FROM "AuditEntry" WHERE ${where.text} LIMIT ${countMax + 1}))`,
        where.params,
      );
    });
  const sizes = conditions.map(size);
  const sums = sizes.map((parts) => parts.map((part) => part.text).join(" + ") || "0");
  return sql(
    `SELECT json_array(${sums.join(", ")}) AS "json"`,
    sizes.flat().flatMap((part) => part.params),
  );
}

/** @param sizes as `sizesSql` answers; the rarest condition leads. */
export function toPlan(conditions: readonly Condition[], sizes: readonly number[], filter: Filter): Plan {
  const sorted = conditions
    .map((condition, index) => ({ condition, size: sizes[index] ?? 0 }))
    .sort((one, other) => one.size - other.size)
    .map(({ condition }) => condition);
  return { driver: sorted[0] ?? null, residual: sorted.slice(1), time: timeSql(filter) };
}

/** One walk per value of the driver: each of them is in order, together they have to be sorted. */
function walks(plan: Plan, extra: readonly Sql[]): Sql[] {
  const { driver } = plan;
  const beside = [...plan.time, ...extra, ...plan.residual.map(residualSql)];
  if (driver === null) return [all(beside)];
  return driver.values.map((value) => all([sql(`"${driver.column}" = ?`, [value]), ...beside]));
}

/** So many of a driver's rows are checked in one statement, some 10 ms: until it ends, nothing else in the process runs. */
const stretchRows = 4_000;

/** Where the next stretch of the driver's rows behind a cursor ends, as a cursor; no row when the rest is shorter. */
export function stretchSql(plan: Plan, cursor: Cursor | null, direction: Direction): Sql {
  const order = orders[direction];
  const parts = walks({ ...plan, residual: [] }, beyondSql(cursor, direction)).map((where) =>
    sql(
      `SELECT * FROM (SELECT "at", "entry" FROM "AuditEntry" WHERE ${where.text} ${order} LIMIT ${stretchRows})`,
      where.params,
    ),
  );
  if (parts.length === 0) return sql(`SELECT 'null' AS "json"`);
  return sql(
    `SELECT json_object('at', "at", 'entry', "entry") AS "json" FROM (${parts.map((part) => part.text).join(" UNION ALL ")})
      ${order} LIMIT 1 OFFSET ${stretchRows - 1}`,
    parts.flatMap((part) => part.params),
  );
}

/** The rows between two cursors, the first one left out, in the direction's order. */
export function pageSql(
  plan: Plan,
  { from, through }: { from: Cursor | null; through: Cursor | null },
  direction: Direction,
  limit: number,
): Sql {
  const order = orders[direction];
  const extra = [...beyondSql(from, direction), ...notBeyondSql(through, direction)];
  const hits = walks(plan, extra).map((where) =>
    sql(
      `SELECT * FROM (SELECT "at", "entry" FROM "AuditEntry" WHERE ${where.text} ${order} LIMIT ${limit})`,
      where.params,
    ),
  );
  if (hits.length === 0) return sql(`SELECT '' AS "json" WHERE 0`);
  const union = hits.map((hit) => hit.text).join(" UNION ALL ");
  return sql(
    `SELECT ${storedRowSql} AS "json" FROM
      (SELECT "entry" AS "hit" FROM (${union}) ${order} LIMIT ${limit}) CROSS JOIN "AuditEntry" ON "entry" = "hit"
      ${order}`,
    hits.flatMap((hit) => hit.params),
  );
}

/**
 * How many rows the plan finds, newest first, up to `countMax`. Where conditions have to be checked row by row, only
 * so many rows are looked at. Answers [found, looked at].
 */
export function countSql(plan: Plan, newerThan: Cursor | null): Sql {
  const checked = all(plan.residual.map(residualSql));
  const lean = { ...plan, residual: [] };
  const sources = walks(lean, beyondSql(newerThan, "newer")).map((where) =>
    sql(
      `SELECT * FROM (SELECT ${checked.text} AS "good" FROM "AuditEntry" WHERE ${where.text} ${newestFirst} LIMIT ${countMax + 1})`,
      [...checked.params, ...where.params],
    ),
  );
  if (sources.length === 0) return sql(`SELECT '[0,0]' AS "json"`);
  return sql(
    `SELECT json_array(total("good"), count(*)) AS "json" FROM
      (SELECT "good" FROM (${sources.map((source) => source.text).join(" UNION ALL ")}) LIMIT ${countMax + 1})`,
    sources.flatMap((source) => source.params),
  );
}

/** Entry numbers, both ends included. */
export type Range = { low: number; high: number };

/** Entries of a range whose words match the phrase, in the direction's order of entries. */
export function matchesSql(phrase: string, range: Range, direction: Direction, limit: number): Sql {
  return sql(
    `SELECT json_group_array("rowid") AS "json" FROM (SELECT "rowid" FROM "AuditSearch" WHERE "AuditSearch" MATCH ?
      AND "rowid" BETWEEN ? AND ? ORDER BY "rowid" ${direction === "older" ? "DESC" : "ASC"} LIMIT ${limit})`,
    [phrase, range.low, range.high],
  );
}

/** So many entries beside each end of the time are looked at, in case the clock was set back there. */
const unsureEntries = 1_000;

/** The entries among which those of the filter's time lie, in one array; null where the filter leaves it open. */
export function rangeSql({ from, to }: Filter): Sql {
  const end = (want: "min" | "max", where: Sql | undefined, order: string) =>
    where === undefined
      ? sql("NULL")
      : sql(
          `(SELECT ${want}("entry") FROM (SELECT "entry" FROM "AuditEntry" WHERE ${where.text} ${order} LIMIT ${unsureEntries}))`,
          where.params,
        );
  const low = end("min", timeSql({ from })[0], orders.newer);
  const high = end("max", timeSql({ to })[0], orders.older);
  return sql(`SELECT json_array(${low.text}, ${high.text}) AS "json"`, [...low.params, ...high.params]);
}

/** Which of these entries the other conditions leave, in the direction's order of entries. */
export function leftOfSql(plan: Plan, entries: readonly number[], direction: Direction): Sql {
  const checks = plan.driver === null ? plan.residual : [plan.driver, ...plan.residual];
  const where = all([...plan.time, ...checks.map(residualSql)]);
  return sql(
    `SELECT json_group_array("entry") AS "json" FROM (SELECT "entry" FROM "AuditEntry"
      WHERE "entry" IN (SELECT "value" FROM json_each(?)) AND ${where.text.replaceAll('"at"', '+"at"')}
      ORDER BY "entry" ${direction === "older" ? "DESC" : "ASC"})`,
    [JSON.stringify(entries), ...where.params],
  );
}

/** Which entries of a rare driver the phrase finds, newest first: the search goes through its matches once. */
export function rareMatchesSql(phrase: string, plan: Plan): Sql {
  const found = walks(plan, []).map((where) =>
    sql(`SELECT "entry" FROM "AuditEntry" WHERE ${where.text}`, where.params),
  );
  if (found.length === 0) return sql(`SELECT '[]' AS "json"`);
  return sql(
    `WITH "wanted" AS MATERIALIZED (${found.map((one) => one.text).join(" UNION ALL ")})
      SELECT json_group_array("rowid") AS "json" FROM (SELECT "rowid" FROM "AuditSearch" WHERE "AuditSearch" MATCH ?
        AND "rowid" BETWEEN (SELECT min("entry") FROM "wanted") AND (SELECT max("entry") FROM "wanted")
        AND +"rowid" IN (SELECT "entry" FROM "wanted") ORDER BY "rowid" DESC)`,
    [...found.flatMap((one) => one.params), phrase],
  );
}

export const rowsSql = (entries: readonly number[]): Sql =>
  sql(
    `SELECT ${storedRowSql} AS "json" FROM "AuditEntry" WHERE "entry" IN (SELECT "value" FROM json_each(?))
      ORDER BY "entry" DESC`,
    [JSON.stringify(entries)],
  );
