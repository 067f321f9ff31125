"use client";

import { IconPinned } from "@tabler/icons-react";
import { type MouseEvent, memo, type ReactNode } from "react";
import table from "#app/_ui/data-table.module.css";
import { formatRate } from "#app/_ui/format.ts";
import { ProgressBar } from "#app/_ui/phases.tsx";
import type { SnapshotRow } from "#core/snapshots/contract.ts";
import { isInProgress, progressShare } from "../../_lib/row-facts.ts";
import { phaseWords } from "../../_lib/snapshot-words.ts";
import { RowCheckbox } from "../row-checkbox.tsx";
import { cellContent } from "./cells.tsx";
import type { Column, ColumnKey } from "./columns.ts";
import classes from "./history-table.module.css";
import { type RowActs, RowMenu } from "./row-menu.tsx";

const progressKeys: readonly ColumnKey[] = ["raftIndex", "mode", "leader", "lastContact", "size", "change"];
const failureKeys: readonly ColumnKey[] = ["mode", "leader", "lastContact", "size", "change"];

type Props = {
  row: SnapshotRow;
  shown: readonly Column[];
  selected: boolean;
  onToggle: (row: SnapshotRow, range: boolean) => void;
  onOpen: (row: SnapshotRow) => void;
  acts: RowActs;
};

/** One snapshot. The whole row opens it for the mouse; the time is the link for everyone else. */
export const HistoryRow = memo(function HistoryRow({ row, shown, selected, onToggle, onOpen, acts }: Props) {
  function onClick(event: MouseEvent<HTMLTableRowElement>) {
    const target = event.target as HTMLElement;
    // Inner controls act on their own, and selecting text to copy it must not leave the page.
    if (target.closest("a, button, input, label, [role=menu]")) return;
    if (window.getSelection()?.toString() !== "") return;
    onOpen(row);
  }
  return (
    <tr
      className={table.row}
      data-opens
      data-row-id={row.id}
      data-selected={selected}
      tabIndex={-1}
      onClick={onClick}
    >
      <td className={classes.check}>
        <RowCheckbox
          label={`Select snapshot of ${row.datacenter ?? "unknown datacenter"} taken ${row.takenAt.slice(11, 19)}`}
          checked={selected}
          onToggle={(event) => onToggle(row, event.shiftKey)}
        />
      </td>
      <Cells row={row} shown={shown} />
      <td className={classes.pin}>{row.pinned && <IconPinned size={14} role="img" aria-label="Pinned" />}</td>
      <td className={classes.menu}>
        <RowMenu row={row} acts={acts} />
      </td>
    </tr>
  );
});

function Cells({ row, shown }: { row: SnapshotRow; shown: readonly Column[] }) {
  const wide = wideCell(row);
  const cells: ReactNode[] = [];
  let placed = false;
  for (const column of shown) {
    if (wide?.keys.includes(column.key)) {
      if (placed) continue;
      placed = true;
      const span = shown.filter((other) => wide.keys.includes(other.key)).length;
      cells.push(
        <td key={column.key} colSpan={span} className={classes.wide}>
          {wide.content}
        </td>,
      );
      continue;
    }
    cells.push(
      <td key={column.key} data-col={column.key} className={column.numeric ? table.num : undefined}>
        {cellContent(column.key, row)}
      </td>,
    );
  }
  return cells;
}

/** A row without values uses their space for what is known: how far it is, or why it failed. */
function wideCell(row: SnapshotRow): { keys: readonly ColumnKey[]; content: ReactNode } | null {
  if (isInProgress(row) && row.progress) return { keys: progressKeys, content: <ProgressCell row={row} /> };
  if (row.state === "failed" && row.failureText !== null) {
    return { keys: failureKeys, content: <FailureCell text={row.failureText} tone="c-bad" /> };
  }
  if (row.state === "cancelled") {
    return {
      keys: failureKeys,
      content: <FailureCell text={row.failureText ?? "Nothing was stored"} tone="t3" />,
    };
  }
  return null;
}

function FailureCell({ text, tone }: { text: string; tone: string }) {
  return (
    <span className={`${tone} ${classes.reason}`} title={text}>
      {text}
    </span>
  );
}

function ProgressCell({ row }: { row: SnapshotRow }) {
  const progress = row.progress;
  if (progress === null) return null;
  const share = progressShare(progress);
  const words = phaseWords(progress, row.source === "upload");
  return (
    <span className={classes.progress}>
      <span className={classes.bar}>
        <ProgressBar percent={share === null ? null : share * 100} label={words} />
      </span>
      <span className="t2 tn trunc">{words}</span>
      {progress.bytesPerSecond !== null && progress.phase === "streaming" && (
        <span className={`t3 tn fs12 trunc ${classes.rate}`}>{formatRate(progress.bytesPerSecond)}</span>
      )}
    </span>
  );
}
