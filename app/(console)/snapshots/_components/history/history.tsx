"use client";

import { keepPreviousData, type UseQueryResult, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useQueryStates } from "nuqs";
import { lazy, Suspense, useCallback, useMemo, useState } from "react";
import { ErrorPanel } from "#app/_ui/error-panel.tsx";
import { useNow } from "#app/_ui/time.tsx";
import { useReturnFocus } from "#app/_ui/use-return-focus.ts";
import type { SnapshotPage, SnapshotRow } from "#core/snapshots/contract.ts";
import { summaryQuery } from "../../../_shell/queries.ts";
import {
  filterParsers,
  type HistoryFilters,
  isFiltered,
  noFilters,
  toListInput,
} from "../../_lib/filters.ts";
import { useDownload, usePin } from "../../_lib/use-snapshot-acts.tsx";
import { useStored } from "../../_lib/use-stored.ts";
import { useWide } from "../../_lib/use-wide.ts";
import { snapshotListQuery } from "../../queries.ts";
import { LateCharts } from "../charts/late-charts.tsx";
import { TakeHost } from "../take/take-host.tsx";
import { DropArea } from "../upload/drop-area.tsx";
import { type ColumnChoices, readChoices } from "./columns.ts";
import { FilterBar } from "./filter-bar.tsx";
import { HistoryHead, TakeBar } from "./history-head.tsx";
import type { RowActs } from "./row-menu.tsx";
import { RowsWaiting } from "./rows-waiting.tsx";
import { StaleBanner } from "./stale-banner.tsx";
import { TroubleBar } from "./trouble-bar.tsx";
import { useSelection } from "./use-selection.ts";

// The table loads beside its rows: both are asked for in the same moment.
const HistoryPanel = lazy(() =>
  import("./history-panel.tsx").then((module) => ({ default: module.HistoryPanel })),
);
const EmptyHistory = lazy(() =>
  import("./empty-history.tsx").then((module) => ({ default: module.EmptyHistory })),
);
const DeleteDialog = lazy(() =>
  import("../delete-dialog.tsx").then((module) => ({ default: module.DeleteDialog })),
);

const dayMs = 86_400_000;
const noRows: SnapshotRow[] = [];
const noChoices: ColumnChoices = {};

/** Every snapshot there is, newest first. What is shown stands in the URL; what is selected does not. */
export function History() {
  const [filters, setFilters] = useQueryStates(filterParsers);
  const wide = useWide();
  // The day is enough: ranges begin at midnight, and a key that changes each second would never be cached.
  const today = useNow(dayMs);
  const input = useMemo(() => toListInput(filters, today), [filters, today]);
  const list = useQuery(snapshotListQuery(input));
  const empty = list.data?.total === 0 && !isFiltered(filters);

  function change(next: Partial<HistoryFilters>) {
    // A cursor belongs to the filter that it was made with. Letters of the search are no steps to go back to.
    const typing = Object.keys(next).length === 1 && "q" in next;
    void setFilters({ cursor: null, ...next }, { history: typing ? "replace" : "push" });
  }

  return (
    <>
      <HistoryHead page={list.data} wide={wide} quietTake={empty} />
      {!wide && <TroubleBar />}
      {list.isError && list.data !== undefined && <StaleBanner error={list.error} at={list.dataUpdatedAt} />}
      {list.isError && list.data === undefined && (
        <ErrorPanel
          title="The history could not be read"
          error={list.error}
          onRetry={() => void list.refetch()}
        >
          The archives and running jobs are not affected.
        </ErrorPanel>
      )}
      {empty ? (
        <Suspense fallback={<RowsWaiting />}>
          <EmptyHistory />
        </Suspense>
      ) : (
        <Rows list={list} filters={filters} wide={wide} today={today} onChange={change} />
      )}
      {!wide && <TakeBar />}
      <TakeHost />
      <DropArea />
    </>
  );
}

type RowsProps = {
  list: UseQueryResult<SnapshotPage>;
  filters: HistoryFilters;
  wide: boolean;
  today: number;
  onChange: (next: Partial<HistoryFilters>) => void;
};

function Rows({ list, filters, wide, today, onChange }: RowsProps) {
  const router = useRouter();
  const [choices, setChoices] = useStored("snapkeep.history.columns", noChoices, readChoices);
  const [doomed, setDoomed] = useState<readonly SnapshotRow[]>([]);
  const summary = useQuery({ ...summaryQuery, placeholderData: keepPreviousData });
  const selection = useSelection(list.data?.rows ?? noRows);
  const acts = useRowActs(setDoomed);
  const open = useCallback((row: SnapshotRow) => router.push(`/snapshots/${row.id}`), [router]);
  useReturnFocus(doomed.length > 0);
  return (
    <>
      <FilterBar
        filters={filters}
        onChange={onChange}
        datacenters={summary.data?.datacenters ?? []}
        total={list.data?.total ?? null}
        nowMs={today}
        choices={choices}
        onChoices={setChoices}
      />
      {wide && <LateCharts datacenters={summary.data?.datacenters} filters={filters} />}
      <Suspense fallback={<RowsWaiting />}>
        <HistoryPanel
          list={list}
          wide={wide}
          choices={choices}
          selection={selection}
          acts={acts}
          onOpen={open}
          onPage={(cursor) => onChange({ cursor })}
          onClear={() => onChange(noFilters)}
        />
      </Suspense>
      {doomed.length > 0 && (
        <Suspense>
          <DeleteDialog
            rows={doomed}
            onClose={() => setDoomed([])}
            onDeleted={() => {
              setDoomed([]);
              selection.clear();
            }}
          />
        </Suspense>
      )}
    </>
  );
}

function useRowActs(remove: (rows: readonly SnapshotRow[]) => void): RowActs {
  const { mutate: download } = useDownload();
  const { mutate: pin } = usePin();
  return useMemo(
    () => ({ download, pin: (row, pinned) => pin({ row, pinned }), remove }),
    [download, pin, remove],
  );
}
