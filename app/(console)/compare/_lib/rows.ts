import { formatBytes } from "#app/_ui/format.ts";
import type { DifferenceRow } from "#core/comparisons/contract.ts";

export type Change = DifferenceRow["change"];

/** How a row is chosen and linked to: a key by its bytes, another record by its identity. */
export function rowKey(row: DifferenceRow): string {
  return row.name === null ? row.label : row.name.keyId;
}

/** The first two folders of a key, `checkout/config/`: what the list groups by. Empty at the top. */
export function folderOf(label: string): string {
  const first = label.indexOf("/");
  if (first === -1) return "";
  const second = label.indexOf("/", first + 1);
  return label.slice(0, (second === -1 ? first : second) + 1);
}

export type ListItem =
  | { type: "folder"; key: string; folder: string; rows: number; complete: boolean }
  | { type: "row"; key: string; row: DifferenceRow; name: string; place: number };

/** Rows under the heads of their folders, in their own order. Without folders for records that aren't keys. */
export function toItems(rows: readonly DifferenceRow[], grouped: boolean, complete: boolean): ListItem[] {
  const items: ListItem[] = [];
  const heads: Extract<ListItem, { type: "folder" }>[] = [];
  for (const [place, row] of rows.entries()) {
    const folder = grouped ? folderOf(row.label) : "";
    const last = heads.at(-1);
    if (grouped && last?.folder !== folder) {
      if (last !== undefined) last.complete = true;
      const head = { type: "folder" as const, key: `folder ${place}`, folder, rows: 1, complete };
      heads.push(head);
      items.push(head);
    } else if (last !== undefined) last.rows += 1;
    // The key that is the folder itself keeps its whole name.
    const name = row.label.length > folder.length ? row.label.slice(folder.length) : row.label;
    items.push({ type: "row", key: `row ${place}`, row, name, place });
  }
  return items;
}

const partWords: Record<string, string> = { flags: "flags", lockIndex: "lock", session: "lock" };

/** What stands at the right of a row: the size, or how it changed, or what else of a key did. */
export function sizeWords(row: DifferenceRow): string {
  const { before, after } = row;
  if (row.change === "touched") return "written again";
  if (before === null || after === null) return formatBytes((after ?? before)?.bytes);
  if (row.name !== null && !row.parts.includes("value")) {
    return [...new Set(row.parts.map((part) => partWords[part] ?? part))].join(" and ");
  }
  return bytesWords(before.bytes, after.bytes);
}

/** `812 B to 846 B`; `2.4 KB, same size`; `4.1 KB, +12 B` where rounding would hide it. */
export function bytesWords(before: number, after: number): string {
  if (before === after) return `${formatBytes(after)}, same size`;
  const [from, to] = [formatBytes(before), formatBytes(after)];
  if (from !== to) return `${from} to ${to}`;
  const change = after - before;
  return `${to}, ${change > 0 ? "+" : ""}${formatBytes(change)}`;
}

export const changeSigns = {
  added: { sign: "+", word: "added", tone: "good" },
  changed: { sign: "~", word: "changed", tone: "warn" },
  removed: { sign: "−", word: "removed", tone: "bad" },
  touched: { sign: "=", word: "written again", tone: "idle" },
} as const satisfies Record<Change, { sign: string; word: string; tone: string }>;
