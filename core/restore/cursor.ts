/** A place in the list of restores: after the row that began then. */
export type RestoreCursor = { startedAt: Date; id: string };

/** @returns null for none, and for one that says nothing. */
export function readCursor(text: string | undefined): RestoreCursor | null {
  const [time = "", id = ""] = Buffer.from(text ?? "", "base64url")
    .toString("utf8")
    .split(" ");
  const startedAt = new Date(time);
  return Number.isNaN(startedAt.getTime()) ? null : { startedAt, id };
}

export function writeCursor({ startedAt, id }: RestoreCursor): string {
  return Buffer.from(`${startedAt.toISOString()} ${id}`).toString("base64url");
}
