import { utcDayKey } from "#app/_ui/format-time.ts";
import type { AuditEntry } from "#core/audit/contract.ts";

export type AuditDay = { day: string; rows: AuditEntry[] };

/** Rows of one UTC day together, in the order they came. */
export function groupByDay(rows: readonly AuditEntry[]): AuditDay[] {
  const days: AuditDay[] = [];
  for (const row of rows) {
    const day = utcDayKey(row.at);
    const last = days.at(-1);
    if (last !== undefined && last.day === day) last.rows.push(row);
    else days.push({ day, rows: [row] });
  }
  return days;
}
