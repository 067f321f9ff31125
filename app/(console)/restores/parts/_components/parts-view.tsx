"use client";

import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { parseAsString, useQueryStates } from "nuqs";
import { Crumbs } from "#app/_ui/crumbs.tsx";
import { Empty } from "#app/_ui/empty.tsx";
import { ErrorPanel } from "#app/_ui/error-panel.tsx";
import { Note } from "#app/_ui/note.tsx";
import { PageHead } from "#app/_ui/page-head.tsx";
import { Panel } from "#app/_ui/panel.tsx";
import { SkeletonList } from "#app/_ui/skeleton-rows.tsx";
import type { RecoveryPage } from "#core/recoveries/contract.ts";
import { StaleBanner } from "../../../snapshots/_components/history/stale-banner.tsx";
import { useWide } from "../../../snapshots/_lib/use-wide.ts";
import { OlderFooter } from "../../_components/older-footer.tsx";
import { RestoreTabs } from "../../_components/restore-tabs.tsx";
import { recoveryListQuery } from "../queries.ts";
import { PartCards, PartTable } from "./part-rows.tsx";

/** Every part that was planned or brought back, newest first. */
export function PartsView() {
  const [{ cursor, snapshot }, setParams] = useQueryStates(
    { cursor: parseAsString, snapshot: parseAsString },
    { history: "push" },
  );
  const list = useQuery(
    recoveryListQuery({
      ...(snapshot === null ? {} : { snapshotId: snapshot }),
      ...(cursor === null ? {} : { cursor }),
    }),
  );
  const page = list.data;
  return (
    <>
      <Crumbs items={[{ label: "Restores", href: "/restores" }, { label: "Parts" }]} />
      <PageHead title="Parts" sub="keys and records that were brought back one by one" />
      <RestoreTabs tab="parts" />
      {snapshot !== null && (
        <Note
          action={
            <Link className="link" href="/restores/parts">
              Show all
            </Link>
          }
        >
          Only parts of{" "}
          <Link className="link mono" href={`/snapshots/${snapshot}`}>
            {snapshot}
          </Link>
          .
        </Note>
      )}
      {list.isError && page !== undefined && <StaleBanner error={list.error} at={list.dataUpdatedAt} />}
      {list.isError && page === undefined && (
        <ErrorPanel
          title="The recoveries could not be read"
          error={list.error}
          onRetry={() => void list.refetch()}
        >
          One that is under way goes on without this page.
        </ErrorPanel>
      )}
      {page === undefined && !list.isError && (
        <Panel aria-busy="true">
          <SkeletonList rows={8} />
        </Panel>
      )}
      {page !== undefined && (
        <Page page={page} cursor={cursor} onCursor={(next) => void setParams({ cursor: next })} />
      )}
    </>
  );
}

type PageProps = { page: RecoveryPage; cursor: string | null; onCursor: (cursor: string | null) => void };

function Page({ page, cursor, onCursor }: PageProps) {
  const wide = useWide();
  if (page.rows.length === 0 && cursor === null) return <NoParts />;
  return (
    <Panel aria-label="Parts">
      {wide ? <PartTable rows={page.rows} /> : <PartCards rows={page.rows} />}
      <OlderFooter what="parts" nextCursor={page.nextCursor} cursor={cursor} onCursor={onCursor} />
    </Panel>
  );
}

function NoParts() {
  return (
    <Panel>
      <Empty
        title="No part was recovered yet"
        actions={
          <Button component={Link} href="/snapshots">
            Snapshots
          </Button>
        }
      >
        Open a snapshot, go to a key, a folder or a record, and choose Recover… to bring it back without
        touching the rest.
      </Empty>
    </Panel>
  );
}
