"use client";

import { lazy, Suspense } from "react";
import { Panel } from "#app/_ui/panel.tsx";
import type { DatacenterSummary } from "#core/snapshots/contract.ts";
import type { HistoryFilters } from "../../_lib/filters.ts";
import { useHydrated } from "../../_lib/use-hydrated.ts";
import classes from "./charts.module.css";

const ChartsPanel = lazy(() =>
  import("./charts-panel.tsx").then((module) => ({ default: module.ChartsPanel })),
);

type Props = { datacenters: readonly DatacenterSummary[] | undefined; filters: HistoryFilters };

/** The charts come after the rows: they are wide, and the rows are what one came for. */
export function LateCharts(props: Props) {
  const hydrated = useHydrated();
  const space = <Panel className={classes.waiting} aria-busy="true" />;
  if (!hydrated || props.datacenters === undefined) return space;
  return (
    <Suspense fallback={space}>
      <ChartsPanel {...props} />
    </Suspense>
  );
}
