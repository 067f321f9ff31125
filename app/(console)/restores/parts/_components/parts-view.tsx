"use client";

import { useQuery } from "@tanstack/react-query";
import { Crumbs } from "#app/_ui/crumbs.tsx";
import { PageHead } from "#app/_ui/page-head.tsx";
import type { RecoveryPage } from "#core/recoveries/contract.ts";
import { ListFrame } from "../../_components/list-frame.tsx";
import { ListPanel, NothingYet } from "../../_components/list-panel.tsx";
import { OnlyOfSnapshot } from "../../_components/only-of-snapshot.tsx";
import { RestoreTabs } from "../../_components/restore-tabs.tsx";
import { useListPlace } from "../../_lib/use-list-place.ts";
import { recoveryListQuery } from "../queries.ts";
import { PartCards, PartTable } from "./part-rows.tsx";

/** Every part that was planned or brought back, newest first. */
export function PartsView() {
  const { cursor, snapshot, input, toCursor } = useListPlace();
  const list = useQuery(recoveryListQuery(input));
  return (
    <>
      <Crumbs items={[{ label: "Restores", href: "/restores" }, { label: "Parts" }]} />
      <PageHead title="Parts" sub="keys and records that were brought back one by one" />
      <RestoreTabs tab="parts" />
      {snapshot !== null && <OnlyOfSnapshot what="parts" snapshotId={snapshot} href="/restores/parts" />}
      <ListFrame
        list={list}
        failed="The recoveries could not be read"
        goesOn="One that is under way goes on without this page."
      >
        {(page) => <PartsPanel page={page} cursor={cursor} onCursor={toCursor} />}
      </ListFrame>
    </>
  );
}

type PanelProps = { page: RecoveryPage; cursor: string | null; onCursor: (cursor: string | null) => void };

function PartsPanel({ page, cursor, onCursor }: PanelProps) {
  if (page.rows.length === 0 && cursor === null) {
    return (
      <NothingYet title="No part was recovered yet">
        Open a snapshot, go to a key, a folder or a record, and choose Recover… to bring it back without
        touching the rest.
      </NothingYet>
    );
  }
  return (
    <ListPanel
      label="Parts"
      nextCursor={page.nextCursor}
      cursor={cursor}
      onCursor={onCursor}
      table={<PartTable rows={page.rows} />}
      cards={<PartCards rows={page.rows} />}
    />
  );
}
