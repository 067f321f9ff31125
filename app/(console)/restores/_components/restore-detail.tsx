"use client";

import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { ApiError } from "#app/_client/api.ts";
import { Crumbs } from "#app/_ui/crumbs.tsx";
import { ErrorPanel } from "#app/_ui/error-panel.tsx";
import { PageHead } from "#app/_ui/page-head.tsx";
import { Panel, PanelBody, PanelHeader } from "#app/_ui/panel.tsx";
import { Phases } from "#app/_ui/phases.tsx";
import { Stepper } from "#app/_ui/stepper.tsx";
import { useNow } from "#app/_ui/time.tsx";
import type { RestoreRow } from "#core/restore/contract.ts";
import { StaleBanner } from "../../snapshots/_components/history/stale-banner.tsx";
import { restorePhases } from "../_lib/restore-phases.tsx";
import { outcomeMeaning, outcomeTitle, restoreSteps } from "../_lib/restore-words.ts";
import { restoreDetailQuery } from "../queries.ts";
import { LivePanel } from "./live-panel.tsx";
import { OutcomePanel } from "./outcome-panel.tsx";
import { RestoreFacts } from "./restore-facts.tsx";
import { RestoreWaiting } from "./restore-waiting.tsx";
import classes from "./restores.module.css";
import { WhatToDo } from "./what-to-do.tsx";

const stepOfRestore = 2;
const stepOfResult = 3;

/** A restore while it runs and after it ended. The row is the truth, so the page survives any reload. */
export function RestoreDetail({ id }: { id: string }) {
  const query = useQuery(restoreDetailQuery(id));
  const row = query.data;
  return (
    <>
      <Crumbs
        items={[
          { label: "Restores", href: "/restores" },
          { label: id, mono: true },
        ]}
      />
      {row === undefined && !query.isError && <RestoreWaiting />}
      {row === undefined && query.isError && (
        <Unreadable id={id} error={query.error} onRetry={() => void query.refetch()} />
      )}
      {row !== undefined && (
        <>
          <PageHead
            title={`Restore ${row.datacenter}`}
            actions={
              <Stepper steps={restoreSteps} active={row.state === "running" ? stepOfRestore : stepOfResult} />
            }
          />
          {query.isError && <StaleBanner error={query.error} at={query.dataUpdatedAt} />}
          <Body row={row} />
        </>
      )}
    </>
  );
}

function Body({ row }: { row: RestoreRow }) {
  const now = useNow(60_000);
  const running = row.state === "running";
  return (
    <div className={classes.grid}>
      <div className={classes.column}>
        <OutcomePanel row={row} />
        <Panel>
          <PanelHeader title="Steps" actions={<span className="t3 fs12 mono">{row.id}</span>} />
          <PanelBody style={{ padding: 16 }}>
            <Phases phases={restorePhases(row)} />
          </PanelBody>
        </Panel>
        <p className="sr-only" role="status" aria-live="polite">
          {running ? `${outcomeTitle(row, now)}: ${row.phase}` : ""}
        </p>
        <p className="sr-only" role="alert">
          {running ? "" : `${outcomeTitle(row, now)}. ${outcomeMeaning(row)}`}
        </p>
      </div>
      <div className={classes.column}>
        <LivePanel row={row} />
        <WhatToDo row={row} />
        <RestoreFacts row={row} />
      </div>
    </div>
  );
}

function Unreadable({ id, error, onRetry }: { id: string; error: Error; onRetry: () => void }) {
  const gone = error instanceof ApiError && error.status === 404;
  return (
    <ErrorPanel
      title={gone ? `There is no restore ${id}` : "The restore could not be read"}
      error={error}
      {...(gone ? {} : { onRetry })}
      actions={
        <Button size="xs" component={Link} href="/restores">
          All restores
        </Button>
      }
    >
      {gone
        ? "The link may be wrong; restores are never deleted."
        : "If it runs, it goes on without this page."}
    </ErrorPanel>
  );
}
