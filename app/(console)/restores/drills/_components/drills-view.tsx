"use client";

import { useQuery } from "@tanstack/react-query";
import { Crumbs } from "#app/_ui/crumbs.tsx";
import { PageHead } from "#app/_ui/page-head.tsx";
import { ListFrame } from "../../_components/list-frame.tsx";
import { OnlyOfSnapshot } from "../../_components/only-of-snapshot.tsx";
import { RestoreTabs } from "../../_components/restore-tabs.tsx";
import { useListPlace } from "../../_lib/use-list-place.ts";
import { drillListQuery } from "../queries.ts";
import { DrillsPanel } from "./drills-panel.tsx";
import { SchedulesPanel } from "./schedules-panel.tsx";

/** Every drill, newest first, and when the next ones happen by themselves. */
export function DrillsView() {
  const { cursor, snapshot, input, toCursor } = useListPlace();
  const list = useQuery(drillListQuery(input));
  return (
    <>
      <Crumbs items={[{ label: "Restores", href: "/restores" }, { label: "Drills" }]} />
      <PageHead title="Drills" sub="restores into a Consul that is thrown away" />
      <RestoreTabs tab="drills" />
      {snapshot !== null && <OnlyOfSnapshot what="drills" snapshotId={snapshot} href="/restores/drills" />}
      <ListFrame
        list={list}
        failed="The drills could not be read"
        goesOn="A drill that runs goes on without this page."
      >
        {(page) => <DrillsPanel page={page} cursor={cursor} onCursor={toCursor} />}
      </ListFrame>
      {snapshot === null && <SchedulesPanel />}
    </>
  );
}
