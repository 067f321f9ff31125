import type { SnapshotRow } from "#core/snapshots/contract.ts";

export type DayGroup = {
  /** The UTC day, `2026-07-23`. */
  day: string;
  rows: SnapshotRow[];
  taken: number;
  stale: number;
  failed: number;
  running: number;
  /** Rows of this day stand on another page too, so the numbers count this page only. */
  cut: boolean;
};

/** Splits rows, newest first, into their UTC days. */
export function groupByDay(
  rows: readonly SnapshotRow[],
  edges: { newer: boolean; older: boolean },
): DayGroup[] {
  const groups: DayGroup[] = [];
  for (const row of rows) {
    const day = row.takenAt.slice(0, 10);
    let group = groups.at(-1);
    if (group?.day !== day) {
      group = { day, rows: [], taken: 0, stale: 0, failed: 0, running: 0, cut: false };
      groups.push(group);
    }
    group.rows.push(row);
    count(group, row);
  }
  const first = groups[0];
  const last = groups.at(-1);
  if (first && edges.newer) first.cut = true;
  if (last && edges.older) last.cut = true;
  return groups;
}

function count(group: DayGroup, row: SnapshotRow): void {
  switch (row.state) {
    case "verified":
      group.taken += 1;
      return;
    case "stale":
      group.taken += 1;
      group.stale += 1;
      return;
    case "failed":
    case "corrupt":
      group.failed += 1;
      return;
    case "taking":
    case "uploading":
      group.running += 1;
      return;
    case "cancelled":
    case "deleting":
      return;
    default:
      row.state satisfies never;
  }
}

/** "6 taken, 1 failed" or "50 taken, all good". */
export function dayWords(group: DayGroup): string {
  const parts: string[] = [];
  if (group.taken > 0) parts.push(`${group.taken} taken`);
  if (group.running > 0) parts.push(`${group.running} in progress`);
  if (group.stale > 0) parts.push(`${group.stale} stale`);
  if (group.failed > 0) parts.push(`${group.failed} failed`);
  const quiet = group.taken > 1 && group.stale + group.failed + group.running === 0;
  if (quiet) parts.push("all good");
  const words = parts.length === 0 ? "none stored" : parts.join(", ");
  return group.cut ? `${words}, on this page` : words;
}
