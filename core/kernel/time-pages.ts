/** A place in a list that stands newest first: behind the row of that time and id. Opaque to whoever asks. */
export type TimeCursor = { at: Date; id: string };

/** @returns null for none, and for one that says nothing. */
export function readTimeCursor(text: string | undefined): TimeCursor | null {
  const [time = "", id = ""] = Buffer.from(text ?? "", "base64url")
    .toString("utf8")
    .split(" ");
  const at = new Date(time);
  return Number.isNaN(at.getTime()) ? null : { at, id };
}

/**
 * The page out of what a query for one row more than `limit` gave.
 * @param atOf the time that the list stands by.
 */
export function toTimePage<Row extends { id: string }>(
  found: readonly Row[],
  limit: number,
  atOf: (row: Row) => Date,
): { rows: Row[]; nextCursor: string | null } {
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  const hasMore = found.length > limit && last !== undefined;
  const place = hasMore ? `${atOf(last).toISOString()} ${last.id}` : null;
  return { rows, nextCursor: place === null ? null : Buffer.from(place).toString("base64url") };
}
