"use client";

import { IconArrowDown } from "@tabler/icons-react";
import { type MouseEvent, memo, useMemo } from "react";
import table from "#app/_ui/data-table.module.css";
import { formatNumber } from "#app/_ui/format.ts";
import { utcDayHeading, utcTime } from "#app/_ui/format-time.ts";
import { StateText } from "#app/_ui/state-text.tsx";
import { TableScroll } from "#app/_ui/table-scroll.tsx";
import { Utc, useNow } from "#app/_ui/time.tsx";
import type { AuditEntry } from "#core/audit/contract.ts";
import { groupByDay } from "../_lib/days.ts";
import css from "./entries.module.css";
import { EntryLink } from "./entry-link.tsx";

export type EntriesProps = {
  rows: readonly AuditEntry[];
  stale: boolean;
  /** The entry that is open beside the list. */
  chosen: number | null;
  onOpen: (entry: number) => void;
};

const columns = 9;

/** From 768 px on. Grouped by day, so that the cells carry the time alone. */
export function EntriesTable({ rows, stale, chosen, onOpen }: EntriesProps) {
  const now = useNow(60_000);
  const groups = useMemo(() => groupByDay(rows), [rows]);
  return (
    <TableScroll label="List of entries">
      <table className={`${table.table} ${table.compact} ${css.table} ${stale ? table.fetching : ""}`}>
        <Head />
        {groups.map((group) => (
          <tbody key={group.day}>
            <tr className={table.group}>
              <th colSpan={columns} scope="rowgroup">
                <b>{utcDayHeading(group.day, now)}</b>
              </th>
            </tr>
            {group.rows.map((row) => (
              <EntryRow key={row.entry} row={row} chosen={row.entry === chosen} onOpen={onOpen} />
            ))}
          </tbody>
        ))}
      </table>
    </TableScroll>
  );
}

function Head() {
  return (
    <thead>
      <tr>
        <th>Entry</th>
        <th className={table.sorted} aria-sort="descending">
          Time, UTC
          <IconArrowDown aria-hidden />
        </th>
        <th>Actor</th>
        <th>Role</th>
        <th>Action</th>
        <th>Target</th>
        <th>Result</th>
        <th>IP</th>
        <th>Request</th>
      </tr>
    </thead>
  );
}

type RowProps = { row: AuditEntry; chosen: boolean; onOpen: (entry: number) => void };

/** The whole row opens it for the mouse; the number is the link for everyone else. */
const EntryRow = memo(function EntryRow({ row, chosen, onOpen }: RowProps) {
  function onClick(event: MouseEvent<HTMLTableRowElement>) {
    if (event.target instanceof Element && event.target.closest("a") !== null) return;
    // Selecting text to copy it must not open the entry.
    if (window.getSelection()?.toString() !== "") return;
    onOpen(row.entry);
  }
  return (
    <tr
      className={table.row}
      data-opens
      data-row-id={row.entry}
      data-selected={chosen}
      tabIndex={-1}
      onClick={onClick}
    >
      <td className="tn t3">
        <EntryLink
          entry={row.entry}
          onOpen={onOpen}
          className={css.open}
          label={`Entry ${formatNumber(row.entry)}, ${row.action} at ${utcTime(row.at)}`}
        >
          {formatNumber(row.entry)}
        </EntryLink>
      </td>
      <td>
        <Utc at={row.at} />
      </td>
      <td className={`${css.actor} trunc`}>{row.actorName}</td>
      <td className="t2">{row.role}</td>
      <td className="mono">{row.action}</td>
      <td
        className={`${css.target} trunc`}
        title={row.reason === null ? row.target : `${row.target}: ${row.reason}`}
      >
        <span className="mono t2">{row.target}</span>
        {row.reason !== null && <span className="t3"> · {row.reason}</span>}
      </td>
      <td title={row.detail ?? undefined}>
        <div className={css.result}>
          <StateText state={row.outcome} detail={row.detail} className={css.state ?? ""} />
        </div>
      </td>
      <td className="mono t2">{row.address}</td>
      <td className="mono t3">{row.requestId}</td>
    </tr>
  );
});
