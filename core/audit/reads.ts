import { setImmediate as nextTurn } from "node:timers/promises";
import type { z } from "zod";
import { AppError } from "#core/kernel/errors.ts";
import type { StoredRow } from "./canonical.ts";
import {
  type AuditEntryDetail,
  type AuditFacets,
  type AuditPage,
  type auditListInput,
  type Custody,
  countMax,
  firstPreviousHash,
} from "./contract.ts";
import { type Cursor, type Filter, parseCursor, toConditions, toCursorText } from "./filter-sql.ts";
import { correlatedSql, custodySql, oneSql, sizeOfLogSql, valuesSql } from "./lookups-sql.ts";
import { countSql, type Plan, pageSql, rowsSql, sizesSql, stretchSql, toPlan } from "./page-sql.ts";
import { toEntry } from "./rows.ts";
import { search } from "./search.ts";
import type { AuditStore } from "./store.ts";

const facetValuesMax = 200;
const custodyMax = 100;
const correlatedMax = 100;

type Where = { cursor: Cursor | null; direction: "older" | "newer"; limit: number };
type Found = Pick<AuditPage, "total" | "totalIsExact" | "offset"> & { rows: StoredRow[]; more: boolean };

export type AuditReads = ReturnType<typeof createReads>;

/** Everything that looks into the log. */
export function createReads(store: AuditStore) {
  const { ask } = store;

  async function planOf(filter: Filter): Promise<{ plan: Plan; rare: boolean }> {
    const actions =
      filter.action?.endsWith(".") === true ? await ask<string[]>(valuesSql("action", 1_000)) : [];
    const conditions = toConditions(filter, actions);
    const searched = (filter.q ?? "") !== "";
    const compare = conditions.length > 1 || (conditions.length === 1 && searched);
    const sizes = compare ? await ask<number[]>(sizesSql(conditions, filter)) : [];
    return {
      plan: toPlan(conditions, sizes, filter),
      rare: compare && Math.min(...sizes) <= countMax,
    };
  }

  /**
   * The rows next to a cursor. Two conditions that many rows hold may meet in none: then all of these are looked at,
   * stretch by stretch, with the rest of the process in between.
   */
  async function rowsNextTo(plan: Plan, { cursor, direction, limit }: Where): Promise<StoredRow[]> {
    const found: StoredRow[] = [];
    for (let from = cursor; ; ) {
      const through =
        plan.residual.length === 0 ? null : await ask<Cursor | null>(stretchSql(plan, from, direction));
      found.push(...(await store.rows(pageSql(plan, { from, through }, direction, limit - found.length))));
      if (through === null || found.length >= limit) return found;
      from = through;
      await nextTurn();
    }
  }

  async function walk(plan: Plan, { cursor, direction, limit }: Where): Promise<Found> {
    const found = await rowsNextTo(plan, { cursor, direction, limit: limit + 1 });
    const rows = found.slice(0, limit);
    if (direction === "newer") rows.reverse();
    const [matching, looked] = await ask<[number, number]>(countSql(plan, null));
    const first = rows[0];
    const [before] =
      cursor === null || first === undefined
        ? [0]
        : await ask<[number, number]>(countSql(plan, toCursor(first)));
    return {
      rows,
      more: found.length > limit,
      total: Math.min(matching, countMax),
      totalIsExact: looked <= countMax,
      offset: Math.min(before, countMax),
    };
  }

  async function find(filter: Filter, where: Where): Promise<Found> {
    const { plan, rare } = await planOf(filter);
    if ((filter.q ?? "") === "") return walk(plan, where);
    const bound = where.cursor?.entry ?? null;
    const { entries, ...found } = await search(ask, filter, { plan, rare, bound, ...where });
    return { ...found, rows: await store.rows(rowsSql(entries)) };
  }

  return {
    async list(input: z.output<typeof auditListInput>): Promise<AuditPage> {
      const { before, newer, limit, ...filter } = input;
      const cursor = cursorOf(before ?? newer);
      const backwards = before === undefined && newer !== undefined;
      const found = await find(filter, { cursor, direction: backwards ? "newer" : "older", limit });
      const [first, last] = [found.rows[0], found.rows.at(-1)];
      const older = backwards || found.more;
      const newerOnes = backwards ? found.more : cursor !== null;
      return {
        rows: found.rows.map(toEntry),
        total: found.total,
        totalIsExact: found.totalIsExact,
        offset: found.offset,
        all: await ask<number>(sizeOfLogSql),
        nextCursor: last !== undefined && older ? toCursorText(toCursor(last)) : null,
        previousCursor: first !== undefined && newerOnes ? toCursorText(toCursor(first)) : null,
      };
    },

    /** The filter's rows next to a cursor, for whoever goes through all of them. */
    async step(filter: Filter, cursor: Cursor | null, limit: number): Promise<StoredRow[]> {
      const { plan, rare } = await planOf(filter);
      if ((filter.q ?? "") === "") return rowsNextTo(plan, { cursor, direction: "older", limit });
      const bound = cursor?.entry ?? null;
      const { entries } = await search(ask, filter, { plan, rare, bound, direction: "older", limit });
      return store.rows(rowsSql(entries));
    },

    /** @throws AppError `not_found` */
    async get(entry: number): Promise<AuditEntryDetail> {
      const [row] = await store.rows(oneSql(entry));
      if (row === undefined)
        throw new AppError({ code: "not_found", userMessage: "There is no such audit entry." });
      const [[before], [after], segments] = await Promise.all([
        store.rows(oneSql(entry - 1)),
        store.rows(oneSql(entry + 1)),
        store.segments(),
      ]);
      const shown = toEntry(row);
      const archived = segments.find((segment) => segment.lastEntry === entry - 1)?.lastHash ?? null;
      return {
        ...shown,
        previousHash: entry === 1 ? firstPreviousHash : (before?.[1] ?? archived),
        nextHash: after?.[1] ?? null,
        neighbours: {
          previous: before === undefined ? null : entry - 1,
          next: after === undefined ? null : entry + 1,
        },
        correlated: (await store.rows(correlatedSql(shown.correlationId, correlatedMax))).map(toEntry),
      };
    },

    async facets(): Promise<AuditFacets> {
      const actors = await ask<string[]>(valuesSql("actorName", facetValuesMax));
      return { actors, actions: await ask<string[]>(valuesSql("action", facetValuesMax)) };
    },

    async custody(snapshotId: string): Promise<Custody> {
      const rows = await store.rows(custodySql(snapshotId, custodyMax + 1));
      return { events: rows.slice(0, custodyMax).map(toEntry), more: rows.length > custodyMax };
    },
  };
}

export const toCursor = ([fields]: StoredRow): Cursor => ({
  at: String(fields[2]),
  entry: Number(fields[1]),
});

function cursorOf(text: string | undefined): Cursor | null {
  if (text === undefined) return null;
  const cursor = parseCursor(text);
  if (cursor !== null) return cursor;
  throw new AppError({
    code: "invalid_input",
    userMessage: "This page isn't there. Begin at the first.",
    field: "before",
  });
}
