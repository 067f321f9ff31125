"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { lazy, Suspense, useCallback } from "react";
import { Crumbs } from "#app/_ui/crumbs.tsx";
import { ErrorPanel } from "#app/_ui/error-panel.tsx";
import { Panel } from "#app/_ui/panel.tsx";
import { SkeletonList } from "#app/_ui/skeleton-rows.tsx";
import type { Comparison } from "#core/comparisons/contract.ts";
import { type CompareParams, compareParsers, live, pairOf } from "../_lib/params.ts";
import { startKey } from "../queries.ts";
import { CompareHead } from "./compare-head.tsx";
import { FailedPanel } from "./failed-panel.tsx";
import { RunningPanel } from "./running-panel.tsx";
import { SideCards } from "./side-cards.tsx";
import { SideNotes } from "./side-notes.tsx";
import { Suggestions } from "./suggestions.tsx";
import { type ComparisonState, useComparison } from "./use-comparison.ts";

const Workspace = lazy(() => import("./workspace.tsx").then((module) => ({ default: module.Workspace })));

/** Null takes a parameter out of the URL. */
export type ChangeParams = (
  next: { [Name in keyof CompareParams]?: CompareParams[Name] | null },
  how?: "push" | "replace",
) => void;

/** Two snapshots side by side, or one and the cluster as it is now. All of it stands in the URL. */
export function Compare() {
  const client = useQueryClient();
  const [params, setParams] = useQueryStates(compareParsers);
  const change = useCallback<ChangeParams>(
    (next, how = "replace") => void setParams(next, { history: how }),
    [setParams],
  );
  const setId = useCallback((id: string) => change({ id }), [change]);
  const state = useComparison(params, setId);
  const pick = (a: string | null, b: string | null) => {
    // Now is now, and not when the same cluster was compared before.
    if (b === live) client.removeQueries({ queryKey: startKey(a ?? "", b) });
    change(pairOf(a, b), "push");
  };
  const datacenter = state.a.side?.datacenter ?? state.b.side?.datacenter ?? null;
  return (
    <>
      {datacenter !== null && (
        <Crumbs items={[{ label: "Compare", href: "/compare" }, { label: datacenter }]} />
      )}
      <CompareHead state={state} />
      <SideCards params={params} state={state} onPick={pick} />
      {params.a === null || params.b === null ? (
        <Suggestions a={params.a} b={params.b} known={state.a.side ?? state.b.side} onPick={pick} />
      ) : (
        <Body params={params} state={state} onChange={change} />
      )}
    </>
  );
}

type BodyProps = { params: CompareParams; state: ComparisonState; onChange: ChangeParams };

function Body({ params, state, onChange }: BodyProps) {
  const { comparison } = state;
  const again = () => {
    state.retry();
    // Another moment of the cluster is another comparison.
    if (params.b === live) onChange({ id: null, key: null });
  };
  if (comparison === undefined) return <NotYet params={params} state={state} onAgain={again} />;
  switch (comparison.state) {
    case "running":
      return <RunningPanel comparison={comparison} />;
    case "failed":
      return <FailedPanel comparison={comparison} isLive={params.b === live} onAgain={again} />;
    case "ready":
      return <Ready comparison={comparison} params={params} state={state} onChange={onChange} />;
    default:
      return comparison.state satisfies never;
  }
}

function Ready({ comparison, params, state, onChange }: BodyProps & { comparison: Comparison }) {
  return (
    <>
      <SideNotes state={state} />
      <Suspense fallback={<Waiting />}>
        <Workspace key={comparison.id} comparison={comparison} params={params} onChange={onChange} />
      </Suspense>
    </>
  );
}

type NotYetProps = { params: CompareParams; state: ComparisonState; onAgain: () => void };

function NotYet({ params, state, onAgain }: NotYetProps) {
  const gone = state.a.error ?? state.b.error;
  if (gone !== null) {
    return (
      <ErrorPanel title={`Snapshot ${state.a.error === null ? "B" : "A"} could not be read`} error={gone}>
        Choose another one above.
      </ErrorPanel>
    );
  }
  if (params.b === live && state.a.side !== null && state.a.place === null) {
    return (
      <ErrorPanel
        title="There is no live cluster to compare with"
        error={new Error("This archive was uploaded and doesn't say which cluster it is from.")}
      >
        Choose a second snapshot above.
      </ErrorPanel>
    );
  }
  if (state.error !== null) {
    const wasLive = params.b === live && params.id !== null;
    return (
      <ErrorPanel
        title={wasLive ? "This comparison is no longer there" : "The comparison could not be started"}
        error={state.error}
        onRetry={onAgain}
      >
        {wasLive
          ? "It was of one moment of the live cluster. Trying again takes the cluster as it is now."
          : "Nothing in Consul or in the archives was touched."}
      </ErrorPanel>
    );
  }
  return <Waiting />;
}

function Waiting() {
  return (
    <Panel aria-busy="true">
      <span className="sr-only" role="status">
        Loading the comparison
      </span>
      <SkeletonList rows={12} />
    </Panel>
  );
}
