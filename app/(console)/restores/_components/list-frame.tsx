"use client";

import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ErrorPanel } from "#app/_ui/error-panel.tsx";
import { Panel } from "#app/_ui/panel.tsx";
import { SkeletonList } from "#app/_ui/skeleton-rows.tsx";
import { StaleBanner } from "../../snapshots/_components/history/stale-banner.tsx";

type Props<Page> = {
  list: UseQueryResult<Page>;
  /** "The drills could not be read" */
  failed: string;
  /** What a list that can't be read does not stop. */
  goesOn: string;
  children: (page: Page) => ReactNode;
};

/** What stands where a list is wanted: the list, the bars of one that comes, or why there is none. */
export function ListFrame<Page>({ list, failed, goesOn, children }: Props<Page>) {
  const page = list.data;
  return (
    <>
      {list.isError && page !== undefined && <StaleBanner error={list.error} at={list.dataUpdatedAt} />}
      {list.isError && page === undefined && (
        <ErrorPanel title={failed} error={list.error} onRetry={() => void list.refetch()}>
          {goesOn}
        </ErrorPanel>
      )}
      {page === undefined && !list.isError && (
        <Panel aria-busy="true">
          <SkeletonList rows={8} />
        </Panel>
      )}
      {page !== undefined && children(page)}
    </>
  );
}
