"use client";

import { Button } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import { useRef } from "react";
import { pageFill } from "#app/_ui/page-fill.ts";
import { Panel } from "#app/_ui/panel.tsx";
import type { SnapshotPage, SnapshotRow } from "#core/snapshots/contract.ts";
import { BulkBar } from "./bulk-bar.tsx";
import type { ColumnChoices } from "./columns.ts";
import { HistoryList } from "./history-list.tsx";
import classes from "./history-panel.module.css";
import { HistoryTable } from "./history-table.tsx";
import { Pager } from "./pager.tsx";
import type { RowActs } from "./row-menu.tsx";
import { RowsWaiting } from "./rows-waiting.tsx";
import { useRowKeys } from "./use-row-keys.ts";
import type { Selection } from "./use-selection.ts";

type Props = {
  list: UseQueryResult<SnapshotPage>;
  wide: boolean;
  choices: ColumnChoices;
  selection: Selection;
  acts: RowActs;
  onOpen: (row: SnapshotRow) => void;
  onPage: (cursor: string | null) => void;
  onClear: () => void;
};

/** The rows with what belongs to them: selection bar above, pages below. */
export function HistoryPanel({ list, wide, choices, selection, acts, onOpen, onPage, onClear }: Props) {
  const area = useRef<HTMLElement>(null);
  const page = list.data;
  const rows = page?.rows ?? [];
  useRowKeys({ area, rows, onSelect: (row) => selection.toggle(row, false), onOpen });
  if (page === undefined) return list.isError ? null : <RowsWaiting />;
  if (page.total === 0) return <NoMatch onClear={onClear} />;
  const edges = { newer: page.previousCursor !== null, older: page.nextCursor !== null };
  return (
    <Panel ref={area} className={`${pageFill} ${classes.panel}`} aria-label="Snapshots">
      <BulkBar selection={selection} acts={acts} />
      {wide ? (
        <HistoryTable
          rows={rows}
          edges={edges}
          choices={choices}
          selection={selection}
          acts={acts}
          onOpen={onOpen}
          stale={list.isPlaceholderData}
        />
      ) : (
        <HistoryList rows={rows} edges={edges} stale={list.isPlaceholderData} />
      )}
      <Pager page={page} onPage={onPage} />
    </Panel>
  );
}

function NoMatch({ onClear }: { onClear: () => void }) {
  return (
    <Panel>
      <div className="stack" style={{ alignItems: "center", gap: 12, padding: "40px 24px" }}>
        <span className="t2" role="status">
          No snapshot matches these filters.
        </span>
        <Button size="xs" onClick={onClear}>
          Clear filters
        </Button>
      </div>
    </Panel>
  );
}
