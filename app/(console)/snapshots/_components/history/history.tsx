"use client";

import { useLocalStorage } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { useQueryStates } from "nuqs";
import { useCallback, useMemo, useState } from "react";
import { ErrorPanel } from "#app/_ui/error-panel.tsx";
import { useNow } from "#app/_ui/time.tsx";
import type { SnapshotRow } from "#core/snapshots/contract.ts";
import { summaryQuery } from "../../../_shell/queries.ts";
import { filterParsers, type HistoryFilters, isFiltered, toListInput } from "../../_lib/filters.ts";
import { useDownload, usePin } from "../../_lib/use-snapshot-acts.tsx";
import { useWide } from "../../_lib/use-wide.ts";
import { snapshotListQuery } from "../../queries.ts";
import { TakeHost } from "../take/take-host.tsx";
import { DropArea } from "../upload/drop-area.tsx";
import type { ColumnChoices } from "./columns.ts";
import { EmptyHistory } from "./empty-history.tsx";
import { FilterBar } from "./filter-bar.tsx";
import { HistoryHead, TakeBar } from "./history-head.tsx";
import { HistoryPanel } from "./history-panel.tsx";
import type { RowActs } from "./row-menu.tsx";
import { StaleBanner } from "./stale-banner.tsx";
import { TroubleBar } from "./trouble-bar.tsx";
import { useSelection } from "./use-selection.ts";

const ChartsPanel = dynamic(() => import("../charts/charts-panel.tsx").then((module) => module.ChartsPanel), {
  ssr: false,
});
const DeleteDialog = dynamic(() => import("../delete-dialog.tsx").then((module) => module.DeleteDialog), {
  ssr: false,
});

const dayMs = 86_400_000;
const noRows: SnapshotRow[] = [];

/** Every snapshot there is, newest first. What is shown stands in the URL; what is selected does not. */
export function History() {
  const router = useRouter();
  const [filters, setFilters] = useQueryStates(filterParsers, { history: "push" });
  const [choices, setChoices] = useLocalStorage<ColumnChoices>({
    key: "snapkeep.history.columns",
    defaultValue: {},
  });
  const [doomed, setDoomed] = useState<readonly SnapshotRow[]>([]);
  const wide = useWide();
  // The day is enough: ranges begin at midnight, and a key that changes each second would never be cached.
  const today = useNow(dayMs);
  const input = useMemo(() => toListInput(filters, today), [filters, today]);
  const list = useQuery(snapshotListQuery(input));
  const summary = useQuery({ ...summaryQuery, placeholderData: keepPreviousData });
  const selection = useSelection(list.data?.rows ?? noRows);
  const acts = useRowActs(setDoomed);
  const open = useCallback((row: SnapshotRow) => router.push(`/snapshots/${row.id}`), [router]);

  function change(next: Partial<HistoryFilters>) {
    // A cursor belongs to the filter that it was made with.
    const page = "cursor" in next ? {} : { cursor: null };
    void setFilters({ ...page, ...next }, { history: "q" in next ? "replace" : "push" });
  }

  const empty = list.data?.total === 0 && !isFiltered(filters);
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
      {empty && <EmptyHistory />}
      {!empty && (
        <>
          <FilterBar
            filters={filters}
            onChange={change}
            datacenters={summary.data?.datacenters ?? []}
            total={list.data?.total ?? null}
            nowMs={today}
            choices={choices}
            onChoices={setChoices}
          />
          {wide && <ChartsPanel datacenters={summary.data?.datacenters} filters={filters} />}
          <HistoryPanel
            list={list}
            wide={wide}
            choices={choices}
            selection={selection}
            acts={acts}
            onOpen={open}
            onPage={(cursor) => change({ cursor })}
            onClear={() =>
              change({
                q: "",
                clusterId: null,
                datacenter: null,
                state: null,
                source: null,
                pinned: null,
                taken: null,
              })
            }
          />
        </>
      )}
      {!wide && <TakeBar />}
      {doomed.length > 0 && (
        <DeleteDialog
          rows={doomed}
          onClose={() => setDoomed([])}
          onDeleted={() => {
            setDoomed([]);
            selection.clear();
          }}
        />
      )}
      <TakeHost />
      <DropArea />
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
