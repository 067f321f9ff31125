"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { parseAsString, useQueryStates } from "nuqs";
import { Crumbs } from "#app/_ui/crumbs.tsx";
import { ErrorPanel } from "#app/_ui/error-panel.tsx";
import { Note } from "#app/_ui/note.tsx";
import { PageHead } from "#app/_ui/page-head.tsx";
import { Panel } from "#app/_ui/panel.tsx";
import { SkeletonList } from "#app/_ui/skeleton-rows.tsx";
import { StaleBanner } from "../../../snapshots/_components/history/stale-banner.tsx";
import { RestoreTabs } from "../../_components/restore-tabs.tsx";
import { drillListQuery } from "../queries.ts";
import { DrillsPanel } from "./drills-panel.tsx";
import { SchedulesPanel } from "./schedules-panel.tsx";

/** Every drill, newest first, and when the next ones happen by themselves. */
export function DrillsView() {
  const [{ cursor, snapshot }, setParams] = useQueryStates(
    { cursor: parseAsString, snapshot: parseAsString },
    { history: "push" },
  );
  const list = useQuery(
    drillListQuery({
      ...(snapshot === null ? {} : { snapshotId: snapshot }),
      ...(cursor === null ? {} : { cursor }),
    }),
  );
  const page = list.data;
  return (
    <>
      <Crumbs items={[{ label: "Restores", href: "/restores" }, { label: "Drills" }]} />
      <PageHead title="Drills" sub="restores into a Consul that is thrown away" />
      <RestoreTabs tab="drills" />
      {snapshot !== null && (
        <Note
          action={
            <Link className="link" href="/restores/drills">
              Show all
            </Link>
          }
        >
          Only drills of{" "}
          <Link className="link mono" href={`/snapshots/${snapshot}`}>
            {snapshot}
          </Link>
          .
        </Note>
      )}
      {list.isError && page !== undefined && <StaleBanner error={list.error} at={list.dataUpdatedAt} />}
      {list.isError && page === undefined && (
        <ErrorPanel
          title="The drills could not be read"
          error={list.error}
          onRetry={() => void list.refetch()}
        >
          A drill that runs goes on without this page.
        </ErrorPanel>
      )}
      {page === undefined && !list.isError && (
        <Panel aria-busy="true">
          <SkeletonList rows={8} />
        </Panel>
      )}
      {page !== undefined && (
        <DrillsPanel page={page} cursor={cursor} onCursor={(next) => void setParams({ cursor: next })} />
      )}
      {snapshot === null && <SchedulesPanel />}
    </>
  );
}
