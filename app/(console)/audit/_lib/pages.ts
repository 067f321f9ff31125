import type { AuditPage } from "#core/audit/contract.ts";
import { rowsPerPage } from "./filters.ts";

type Cursor = { before: string } | { newer: string } | null;

/** The page of older rows; undefined when there is none. */
export function olderPage(page: AuditPage): Cursor | undefined {
  return page.nextCursor === null ? undefined : { before: page.nextCursor };
}

/**
 * The page of newer rows; undefined when there is none. The newest page is asked for without a cursor, because only
 * then it is full and follows the log.
 */
export function newerPage(page: AuditPage): Cursor | undefined {
  if (page.previousCursor === null) return undefined;
  return page.offset <= rowsPerPage ? null : { newer: page.previousCursor };
}

export type EntryStep = { entry: number } | { cursor: Cursor; take: "first" | "last" } | null;

/**
 * What comes above (-1) or below (1) an entry: in the list as it is filtered, on the page next to it, or, for an
 * entry that isn't in the list, its neighbour in the whole log. null at the end.
 */
export function stepFrom(
  page: AuditPage | undefined,
  entry: number,
  step: -1 | 1,
  neighbours: { previous: number | null; next: number | null } | undefined,
): EntryStep {
  const place = page?.rows.findIndex((row) => row.entry === entry) ?? -1;
  if (page === undefined || place === -1) {
    const beside = step === 1 ? neighbours?.previous : neighbours?.next;
    return beside === null || beside === undefined ? null : { entry: beside };
  }
  const row = page.rows[place + step];
  if (row !== undefined) return { entry: row.entry };
  const cursor = step === 1 ? olderPage(page) : newerPage(page);
  return cursor === undefined ? null : { cursor, take: step === 1 ? "first" : "last" };
}
