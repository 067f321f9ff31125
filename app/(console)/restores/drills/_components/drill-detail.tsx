"use client";

import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { ApiError } from "#app/_client/api.ts";
import { CopyButton } from "#app/_ui/copy-button.tsx";
import { Crumbs } from "#app/_ui/crumbs.tsx";
import { ErrorPanel } from "#app/_ui/error-panel.tsx";
import { type Fact, Facts } from "#app/_ui/facts.tsx";
import { formatDuration, formatNumber, unknownText } from "#app/_ui/format.ts";
import { Glyph } from "#app/_ui/glyph.tsx";
import { Note } from "#app/_ui/note.tsx";
import { PageHead } from "#app/_ui/page-head.tsx";
import { Panel, PanelHeader } from "#app/_ui/panel.tsx";
import { StateBadge } from "#app/_ui/state-badge.tsx";
import { states } from "#app/_ui/states.ts";
import { Utc } from "#app/_ui/time.tsx";
import type { DrillRow } from "#core/drills/contract.ts";
import { RestoreWaiting } from "../../_components/restore-waiting.tsx";
import restores from "../../_components/restores.module.css";
import { drillMeaning, drillState, drillVerdict, versionWords } from "../_lib/drill-words.ts";
import { drillQuery } from "../queries.ts";
import { DrillProgress } from "./drill-progress.tsx";
import classes from "./drills.module.css";
import { KindsPanel } from "./kinds-panel.tsx";

/** One drill: whether the archive came out of a Consul as it went in, and what differed. */
export function DrillDetail({ id }: { id: string }) {
  const query = useQuery(drillQuery(id));
  const row = query.data;
  return (
    <>
      <Crumbs
        items={[
          { label: "Restores", href: "/restores" },
          { label: "Drills", href: "/restores/drills" },
          { label: id, mono: true },
        ]}
      />
      {row === undefined && query.isError && (
        <Unreadable id={id} error={query.error} onRetry={() => void query.refetch()} />
      )}
      {row === undefined && !query.isError && <RestoreWaiting />}
      {row !== undefined && <Detail row={row} />}
    </>
  );
}

function Detail({ row }: { row: DrillRow }) {
  const shown = drillState(row.state);
  return (
    <>
      <PageHead
        title={`Drill of ${row.datacenter ?? "an archive"}`}
        badge={<StateBadge state={shown.name} word={shown.word} size="lg" />}
        sub={<Utc at={row.startedAt} as="title" />}
      />
      <div className={restores.grid}>
        <div className={restores.column}>
          <Verdict row={row} />
          {row.state === "running" && (
            <Panel>
              <PanelHeader title="Steps" actions={<span className="t3 fs12 mono">{row.id}</span>} />
              <div className={classes.live}>
                <DrillProgress row={row} />
              </div>
            </Panel>
          )}
          {row.report !== null && <KindsPanel report={row.report} />}
        </div>
        <div className={restores.column}>
          <DrillFacts row={row} />
        </div>
      </div>
      <p className="sr-only" role="alert">
        {row.state === "running" ? "" : `${drillVerdict(row.state)}. ${drillMeaning(row)}`}
      </p>
    </>
  );
}

function Verdict({ row }: { row: DrillRow }) {
  const shown = drillState(row.state);
  const versions = versionWords(row);
  const withRaw = row.outcomeText !== null && row.state !== "passed" && row.state !== "running";
  return (
    <Panel aria-label="Outcome">
      <div className={restores.verdict}>
        <Glyph tone={shown.tone} icon={states[shown.name].icon} size="lg" />
        <div className="grow">
          <h2>{drillVerdict(row.state)}</h2>
          <p>{drillMeaning(row)}</p>
        </div>
        <div className={restores.verdictSide}>
          {row.consulVersion !== null && `Consul ${row.consulVersion}`}
          {row.durationMs !== null && (
            <>
              <br />
              took {formatDuration(row.durationMs)} in all
            </>
          )}
        </div>
      </div>
      {withRaw && (
        <div className="row" style={{ padding: "0 20px 16px", alignItems: "flex-start" }}>
          <pre className={`${restores.raw} grow`}>{row.outcomeText}</pre>
          <CopyButton text={row.outcomeText ?? ""} label="Copy what happened" />
        </div>
      )}
      {versions !== null && (
        <div style={{ padding: "0 20px 16px" }}>
          <Note tone="warn" title={versions}>
            It proves that {row.consulVersion} can restore it.
          </Note>
        </div>
      )}
    </Panel>
  );
}

function DrillFacts({ row }: { row: DrillRow }) {
  const { report } = row;
  const facts: Fact[] = [
    {
      label: "Snapshot",
      value: (
        <Link className="link mono" href={`/snapshots/${row.snapshotId}`}>
          {row.snapshotId}
        </Link>
      ),
    },
    {
      label: "Datacenter",
      value: [row.datacenter ?? unknownText, row.clusterName].filter(Boolean).join(" in "),
    },
    { label: "Taken by Consul", value: row.snapshotVersion ?? unknownText },
    { label: "Drilled on Consul", value: row.consulVersion ?? unknownText },
    { label: "Trigger", value: row.trigger === "schedule" ? "Schedule" : "By hand" },
    { label: "By", value: row.byName },
    { label: "Ended", value: row.finishedAt === null ? unknownText : <Utc at={row.finishedAt} as="title" /> },
    ...(report === null
      ? []
      : [
          { label: "Started in", value: formatDuration(report.startMs) },
          { label: "Restored in", value: formatDuration(report.restoreMs) },
          { label: "Compared in", value: formatDuration(report.compareMs) },
          {
            label: "Values read back",
            value: `${formatNumber(report.sampledEqual)} of ${formatNumber(report.sampledKeys)} equal`,
          },
        ]),
    {
      label: "Correlation id",
      value: (
        <span className="row" style={{ justifyContent: "flex-end", gap: 4 }}>
          <span className="mono">{row.correlationId}</span>
          <CopyButton text={row.correlationId} label="Copy correlation id" />
        </span>
      ),
    },
  ];
  return (
    <Panel>
      <PanelHeader title="Drill" />
      <Facts className={restores.facts} facts={facts} />
    </Panel>
  );
}

function Unreadable({ id, error, onRetry }: { id: string; error: Error; onRetry: () => void }) {
  const gone = error instanceof ApiError && error.status === 404;
  return (
    <ErrorPanel
      title={gone ? `There is no drill ${id}` : "The drill could not be read"}
      error={error}
      {...(gone ? {} : { onRetry })}
      actions={
        <Button size="xs" component={Link} href="/restores/drills">
          All drills
        </Button>
      }
    >
      {gone ? "The link may be wrong." : "If it runs, it goes on without this page."}
    </ErrorPanel>
  );
}
