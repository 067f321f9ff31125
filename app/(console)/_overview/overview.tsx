"use client";

import { Button } from "@mantine/core";
import { IconPlugConnected } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useMemo } from "react";
import { DayStripKey } from "#app/_ui/day-strip.tsx";
import { Empty } from "#app/_ui/empty.tsx";
import { ErrorPanel } from "#app/_ui/error-panel.tsx";
import { PageHead } from "#app/_ui/page-head.tsx";
import { Panel } from "#app/_ui/panel.tsx";
import { useNow } from "#app/_ui/time.tsx";
import { datacentersQuery, newestRestoresQuery, summaryQuery } from "../_shell/queries.ts";
import { clustersQuery } from "../clusters/queries.ts";
import { StaleBanner } from "../snapshots/_components/history/stale-banner.tsx";
import { TakeHost } from "../snapshots/_components/take/take-host.tsx";
import { useHydrated } from "../snapshots/_lib/use-hydrated.ts";
import { attentionItems } from "./attention.ts";
import { AttentionPanel } from "./attention-panel.tsx";
import { DatacenterCard } from "./datacenter-card.tsx";
import { DatacenterTable } from "./datacenter-table.tsx";
import { type DatacenterView, toViews } from "./model.ts";
import classes from "./overview.module.css";
import { OverviewWaiting } from "./overview-waiting.tsx";
import { VerdictPanel } from "./verdict-panel.tsx";

const cardsMax = 6;

/** Could everything be recovered right now? The sentence first, then what needs a hand, then each datacenter. */
export function Overview() {
  const datacenters = useQuery(datacentersQuery);
  const summary = useQuery(summaryQuery);
  // A minute's step would let "52 min overdue" stand a minute too long; seconds cost one small computation.
  const now = useNow(1_000);
  const healths = datacenters.data?.datacenters;
  const summaries = summary.data?.datacenters;
  const views = useMemo(
    () => (healths && summaries ? toViews(healths, summaries, now) : undefined),
    [healths, summaries, now],
  );
  const hydrated = useHydrated();
  const error = datacenters.error ?? summary.error;
  if (!hydrated) return <OverviewWaiting />;
  if (views === undefined) {
    if (error === null) return <OverviewWaiting />;
    return (
      <>
        <PageHead title="Overview" />
        <ErrorPanel
          title="The overview could not be read"
          error={error}
          onRetry={() => {
            void datacenters.refetch();
            void summary.refetch();
          }}
        >
          The archives and running jobs are not affected.
        </ErrorPanel>
      </>
    );
  }
  if (views.length === 0) return <NoCluster />;
  return (
    <>
      {error !== null && (
        <StaleBanner error={error} at={Math.min(datacenters.dataUpdatedAt, summary.dataUpdatedAt)} />
      )}
      <VerdictPanel views={views} checkedAt={datacenters.data?.checkedAt ?? null} now={now} />
      <Attention views={views} now={now} />
      <Datacenters views={views} />
      <TakeHost />
    </>
  );
}

function Attention({ views, now }: { views: readonly DatacenterView[]; now: number }) {
  const { data: clusters } = useQuery(clustersQuery);
  const { data: restores } = useQuery(newestRestoresQuery);
  const items = attentionItems({
    views,
    clusters: clusters?.clusters ?? [],
    restores: restores?.rows ?? [],
    now,
  });
  return <AttentionPanel items={items} now={now} />;
}

function Datacenters({ views }: { views: readonly DatacenterView[] }) {
  const asTable = views.length > cardsMax;
  return (
    <>
      <div className={classes.sectionTitle}>
        <h2>Datacenters</h2>
        <span className="grow" />
        <DayStripKey outcomes={["good", "stale", "overdue", "failed"]} />
      </div>
      {asTable && <DatacenterTable views={views} />}
      <div className={asTable ? `${classes.cards} ${classes.cardsBelowTable}` : classes.cards}>
        {views.map((view) => (
          <DatacenterCard key={view.key} view={view} />
        ))}
      </div>
    </>
  );
}

function NoCluster() {
  return (
    <>
      <PageHead title="Overview" />
      <Panel>
        <Empty
          title="No Consul cluster is connected"
          actions={
            <Button
              component={Link}
              href="/clusters"
              variant="primary"
              leftSection={<IconPlugConnected aria-hidden />}
            >
              Connect a cluster
            </Button>
          }
        >
          Until there is one, there is nothing that could be recovered.
        </Empty>
      </Panel>
    </>
  );
}
