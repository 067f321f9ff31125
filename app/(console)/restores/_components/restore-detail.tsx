"use client";

import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { Crumbs } from "#app/_ui/crumbs.tsx";
import { PageHead } from "#app/_ui/page-head.tsx";
import { Panel, PanelBody, PanelHeader } from "#app/_ui/panel.tsx";
import { Phases } from "#app/_ui/phases.tsx";
import { Stepper } from "#app/_ui/stepper.tsx";
import { useNow } from "#app/_ui/time.tsx";
import { Unreadable } from "#app/_ui/unreadable.tsx";
import type { RestoreDetail as Detail } from "#core/restore/contract.ts";
import { StaleBanner } from "../../snapshots/_components/history/stale-banner.tsx";
import { restoreStages, stageOf } from "../_lib/restore-words.ts";
import { stepPhases } from "../_lib/step-phases.tsx";
import { verdictWords } from "../_lib/verdict-words.ts";
import { restoreDetailQuery } from "../queries.ts";
import { ApprovalPanel } from "./approval-panel.tsx";
import { CheckAgain } from "./check-again.tsx";
import { LivePanel } from "./live-panel.tsx";
import { RestoreFacts } from "./restore-facts.tsx";
import { RestoreWaiting } from "./restore-waiting.tsx";
import classes from "./restores.module.css";
import { SafetyPanel } from "./safety-panel.tsx";
import { Spoken } from "./spoken.tsx";
import { VerdictPanel } from "./verdict-panel.tsx";

// What a restore has only later, or below the fold: the sentence that it opens with must not wait for these.
const IdentityPanel = lazy(() =>
  import("./identity-panel.tsx").then((module) => ({ default: module.IdentityPanel })),
);
const LogPanel = lazy(() => import("./log-panel.tsx").then((module) => ({ default: module.LogPanel })));
const SincePanel = lazy(() => import("./since-panel.tsx").then((module) => ({ default: module.SincePanel })));
const NextPanels = lazy(() => import("./next-panels.tsx").then((module) => ({ default: module.NextPanels })));
const AskedImpact = lazy(() =>
  import("./asked-impact.tsx").then((module) => ({ default: module.AskedImpact })),
);

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
        <Unreadable
          what="restore"
          id={id}
          error={query.error}
          onRetry={() => void query.refetch()}
          list={{ href: "/restores", words: "All restores" }}
          gone="The link may be wrong; restores are never deleted."
          goesOn="If it runs, it goes on without this page."
        />
      )}
      {row !== undefined && (
        <>
          <PageHead
            title={`Restore ${row.datacenter}`}
            actions={<Stepper steps={restoreStages} active={stageOf(row)} />}
          />
          {query.isError && <StaleBanner error={query.error} at={query.dataUpdatedAt} />}
          <Body row={row} />
        </>
      )}
    </>
  );
}

function Body({ row }: { row: Detail }) {
  return (
    <div className={classes.grid}>
      <div className={classes.column}>
        <VerdictPanel row={row} />
        {row.state === "waiting" && row.preflightId !== null && (
          <Suspense>
            <AskedImpact preflightId={row.preflightId} name={row.datacenter} />
          </Suspense>
        )}
        <Steps row={row} />
        <Suspense>
          <IdentityPanel row={row} />
        </Suspense>
        <Suspense>
          <LogPanel row={row} />
        </Suspense>
        <Said row={row} />
      </div>
      <div className={classes.column}>
        {row.state === "waiting" && <ApprovalPanel row={row} />}
        {row.samples.length > 0 ? (
          <Suspense>
            <SincePanel row={row} />
          </Suspense>
        ) : (
          <LivePanel row={row} />
        )}
        <CheckAgain row={row} />
        <SafetyPanel row={row} />
        <Suspense>
          <NextPanels row={row} />
        </Suspense>
        {row.state !== "waiting" && <ApprovalPanel row={row} />}
        <RestoreFacts row={row} />
      </div>
    </div>
  );
}

function Steps({ row }: { row: Detail }) {
  const now = useNow();
  return (
    <Panel>
      <PanelHeader title="Steps" actions={<span className="t3 fs12 mono">{row.id}</span>} />
      <PanelBody style={{ padding: 16 }}>
        <Phases phases={stepPhases(row, now)} />
      </PanelBody>
    </Panel>
  );
}

/** That it was cut off is an end too. */
function Said({ row }: { row: Detail }) {
  const now = useNow(60_000);
  const { title, meaning } = verdictWords(row, now);
  const goesOn = row.state === "running" || row.state === "waiting";
  return <Spoken goesOn={goesOn} words={`${title}. ${meaning}`} />;
}
