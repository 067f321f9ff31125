"use client";

import { IconArrowDown } from "@tabler/icons-react";
import { useMemo } from "react";
import table from "#app/_ui/data-table.module.css";
import { utcDayHeading } from "#app/_ui/format-time.ts";
import { useNow } from "#app/_ui/time.tsx";
import type { SnapshotRow } from "#core/snapshots/contract.ts";
import { type DayGroup, dayWords, groupByDay } from "../../_lib/day-groups.ts";
import { useWidth } from "../../_lib/use-width.ts";
import { RowCheckbox } from "../row-checkbox.tsx";
import { type Column, type ColumnChoices, visibleColumns } from "./columns.ts";
import { HistoryRow } from "./history-row.tsx";
import classes from "./history-table.module.css";
import type { RowActs } from "./row-menu.tsx";
import type { Selection } from "./use-selection.ts";

type Props = {
  rows: SnapshotRow[];
  edges: { newer: boolean; older: boolean };
  choices: ColumnChoices;
  selection: Selection;
  acts: RowActs;
  onOpen: (row: SnapshotRow) => void;
  /** The rows are of another filter or page, while the right ones are on their way. */
  stale: boolean;
};

/** Until the table has been measured it is drawn for the reference width. */
const assumedWidth = 1_198;

export function HistoryTable({ rows, edges, choices, selection, acts, onOpen, stale }: Props) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const shown = useMemo(() => visibleColumns(choices, width || assumedWidth), [choices, width]);
  const groups = useMemo(() => groupByDay(rows, edges), [rows, edges]);
  return (
    <div ref={ref} className={table.scroll}>
      <table
        className={`${table.table} ${classes.table} ${stale ? table.fetching : ""}`}
        aria-label="Snapshots"
        aria-busy={stale}
      >
        <Head rows={rows} shown={shown} selection={selection} />
        {groups.map((group) => (
          <tbody key={group.day}>
            <GroupRow group={group} span={shown.length + 3} />
            {group.rows.map((row) => (
              <HistoryRow
                key={row.id}
                row={row}
                shown={shown}
                selected={selection.has(row.id)}
                onToggle={selection.toggle}
                onOpen={onOpen}
                acts={acts}
              />
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}

type HeadProps = { rows: readonly SnapshotRow[]; shown: readonly Column[]; selection: Selection };

function Head({ rows, shown, selection }: HeadProps) {
  const all = rows.length > 0 && rows.every((row) => selection.has(row.id));
  const some = rows.some((row) => selection.has(row.id));
  return (
    <thead>
      <tr>
        <th className={classes.check}>
          <RowCheckbox
            label="Select all on this page"
            checked={all}
            some={some && !all}
            onToggle={() => selection.setAll(rows, !all)}
          />
        </th>
        {shown.map((column) => (
          <HeadCell key={column.key} column={column} />
        ))}
        <th className={classes.pin}>
          <span className="sr-only">Pinned</span>
        </th>
        <th className={classes.menu}>
          <span className="sr-only">Actions</span>
        </th>
      </tr>
    </thead>
  );
}

function HeadCell({ column }: { column: Column }) {
  const sorted = column.key === "taken";
  return (
    <th
      scope="col"
      data-col={column.key}
      className={[column.numeric ? table.num : "", sorted ? table.sorted : ""].join(" ")}
      {...(sorted ? { "aria-sort": "descending" as const } : {})}
    >
      {column.label}
      {sorted && <IconArrowDown aria-hidden />}
    </th>
  );
}

function GroupRow({ group, span }: { group: DayGroup; span: number }) {
  const now = useNow(60_000);
  return (
    <tr className={`${table.group} ${classes.group}`}>
      <td colSpan={span}>
        <b>{utcDayHeading(`${group.day}T00:00:00Z`, now)}</b>
        {dayWords(group)}
      </td>
    </tr>
  );
}
