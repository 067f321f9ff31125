import type { z } from "zod";
import type { auditFilter } from "./contract.ts";
import { toStoredTime } from "./rows.ts";

export type Filter = z.output<typeof auditFilter>;
export type Sql = { text: string; params: (string | number)[] };
/** A column that must hold one of these values; each of these columns has an index that goes on with `at`. */
export type Condition = {
  column: "actorName" | "action" | "outcome" | "correlationId" | "targetId" | "snapshotId";
  values: readonly string[];
};
/** A place between rows, in the order (at, entry). */
export type Cursor = { at: string; entry: number };
export type Direction = "older" | "newer";

/** @param actions every action in the log: the ones that begin with `snapshot.` are what that filter asks for. */
export function toConditions(filter: Filter, actions: readonly string[]): Condition[] {
  const action = filter.action ?? "";
  const named = action.endsWith(".") ? actions.filter((one) => one.startsWith(action)) : [action];
  const all: Condition[] = [
    { column: "correlationId", values: given(filter.correlationId) },
    { column: "targetId", values: given(filter.targetId) },
    { column: "snapshotId", values: given(filter.snapshotId) },
    { column: "actorName", values: given(filter.actor) },
    { column: "outcome", values: given(filter.outcome) },
  ];
  const asked = all.filter((condition) => condition.values.length > 0);
  // A beginning that no action has matches nothing; without values it must still count as a condition.
  return action === "" ? asked : [{ column: "action", values: named }, ...asked];
}

const given = (value: string | undefined) => (value === undefined || value === "" ? [] : [value]);

/** A piece of SQL with its values. */
export const sql = (text: string, params: Sql["params"] = []): Sql => ({ text, params });

export const all = (parts: readonly Sql[]): Sql =>
  parts.length === 0
    ? sql("1")
    : sql(
        parts.map((part) => `(${part.text})`).join(" AND "),
        parts.flatMap((part) => part.params),
      );

/** The time of the filter; `at` closes the index of every condition, so this is a range of it. */
export function timeSql(filter: Filter): Sql[] {
  return [
    ...(filter.from === undefined ? [] : [sql(`"at" >= ?`, [toStoredTime(filter.from)])]),
    ...(filter.to === undefined ? [] : [sql(`"at" < ?`, [toStoredTime(filter.to)])]),
  ];
}

/** One range over the index first, then the tie; SQLite makes no range of the plain OR. */
export function beyondSql(cursor: Cursor | null, direction: Direction): Sql[] {
  if (cursor === null) return [];
  const sign = direction === "older" ? "<" : ">";
  const text = `"at" ${sign}= ? AND ("at" ${sign} ? OR "entry" ${sign} ?)`;
  return [sql(text, [cursor.at, cursor.at, cursor.entry])];
}

/** The other side, the cursor's own row included. */
export function notBeyondSql(cursor: Cursor | null, direction: Direction): Sql[] {
  if (cursor === null) return [];
  const sign = direction === "older" ? ">" : "<";
  const text = `"at" ${sign}= ? AND ("at" ${sign} ? OR "entry" ${sign}= ?)`;
  return [sql(text, [cursor.at, cursor.at, cursor.entry])];
}

/** A condition that SQLite checks row by row: the plus keeps it from choosing its index instead of the driver's. */
export const residualSql = ({ column, values }: Condition): Sql =>
  values.length === 1
    ? sql(`+"${column}" = ?`, [...values])
    : sql(`+"${column}" IN (SELECT "value" FROM json_each(?))`, [JSON.stringify(values)]);

export const toCursorText = (row: Cursor): string =>
  Buffer.from(`${row.at} ${row.entry}`).toString("base64url");

/** @returns null for what is no cursor of ours. */
export function parseCursor(text: string): Cursor | null {
  const [, at, entry] =
    /^(\S{10,40}) (\d{1,16})$/.exec(Buffer.from(text, "base64url").toString("utf8")) ?? [];
  return at === undefined || entry === undefined ? null : { at, entry: Number(entry) };
}

/** A last word of fewer characters is a whole one: too many words begin with it to look at each. */
const beginningCharsMin = 3;

/**
 * What somebody typed, as one phrase: the parts of an address, an id or a path stand beside each other in the search
 * table as they do in the text. In `open` the last word may go on, so that `req-8f2` finds `req-8f20c4`.
 */
export function toPhrases(q: string): { whole: string; open: string | null } {
  const words = q.match(/[\p{L}\p{N}\p{Co}]+/gu) ?? [];
  const last = words.at(-1) ?? "";
  const whole = `"${words.join(" ")}"`;
  return { whole, open: last.length >= beginningCharsMin && q.endsWith(last) ? `${whole}*` : null };
}
