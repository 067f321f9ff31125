"use client";

import { useQuery } from "@tanstack/react-query";
import { CopyButton } from "#app/_ui/copy-button.tsx";
import { Crumbs } from "#app/_ui/crumbs.tsx";
import { type Fact, Facts } from "#app/_ui/facts.tsx";
import { formatDuration, formatNumber, unknownText } from "#app/_ui/format.ts";
import { Glyph } from "#app/_ui/glyph.tsx";
import { Note } from "#app/_ui/note.tsx";
import { PageHead } from "#app/_ui/page-head.tsx";
import { Panel, PanelHeader } from "#app/_ui/panel.tsx";
import { StateBadge } from "#app/_ui/state-badge.tsx";
import { states } from "#app/_ui/states.ts";
import { Utc } from "#app/_ui/time.tsx";
import { Unreadable } from "#app/_ui/unreadable.tsx";
import type { DrillRow } from "#core/drills/contract.ts";
import { correlationFact, IdLink } from "../../_components/id-facts.tsx";
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
        <Unreadable
          what="drill"
          id={id}
          error={query.error}
          onRetry={() => void query.refetch()}
          list={{ href: "/restores/drills", words: "All drills" }}
          gone="The link may be wrong."
          goesOn="If it runs, it goes on without this page."
        />
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
      value: <IdLink href={`/snapshots/${row.snapshotId}`} id={row.snapshotId} />,
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
    correlationFact(row.correlationId),
  ];
  return (
    <Panel>
      <PanelHeader title="Drill" />
      <Facts className={restores.facts} facts={facts} />
    </Panel>
  );
}
