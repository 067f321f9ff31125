"use client";

import type { ReactNode } from "react";
import { formatBytes, formatDuration, formatNumber, unknownText } from "#app/_ui/format.ts";
import { Panel } from "#app/_ui/panel.tsx";
import { StateText } from "#app/_ui/state-text.tsx";
import { Ago, Utc } from "#app/_ui/time.tsx";
import type { SnapshotDetail } from "#core/snapshots/contract.ts";
import { drillMarks } from "../../_lib/drill-marks.ts";
import { isInProgress, isKept } from "../../_lib/row-facts.ts";
import { sourceWords } from "../../_lib/vocabulary.ts";
import { Age } from "../age.tsx";
import classes from "./detail.module.css";

/** The seven facts one looks for first. */
export function FactsStrip({ row }: { row: SnapshotDetail }) {
  return (
    <Panel aria-label="Facts">
      <dl className={classes.strip}>
        <Fact label="Taken" value={<Age at={row.takenAt} suffix=" ago" />}>
          <Utc at={row.takenAt} /> UTC
        </Fact>
        <Fact label="Raft index" value={formatNumber(row.raftIndex ?? row.meta?.index)}>
          {row.meta === null ? "" : `term ${formatNumber(row.meta.term)}`}
        </Fact>
        <Fact label="Archive" value={formatBytes(row.archiveBytes)}>
          {row.stateBytes === null
            ? ""
            : `${formatBytes(row.stateBytes, { digits: row.stateBytes < 1e8 ? 1 : 0 })} unpacked`}
        </Fact>
        <Fact label="Mode" value={modeTitle(row)}>
          {answeredWords(row)}
        </Fact>
        <Fact label="Source" value={sourceWords[row.source]}>
          {row.byName}
        </Fact>
        <Fact label="Consul" value={row.consulVersion ?? unknownText}>
          {[row.clusterName, row.datacenter].filter(Boolean).join(", ")}
        </Fact>
        {isKept(row) ? (
          <Fact label="Proven restore" value={<Drilled row={row} />}>
            {row.drill === null ? (
              <a className="link" href="#drill">
                Drill it…
              </a>
            ) : (
              <>
                <Utc at={row.drill.at} as="short" />, in {formatDuration(row.drill.ms)}
              </>
            )}
          </Fact>
        ) : (
          <Fact label={isInProgress(row) ? "Running for" : "Took"} value={tookWords(row)}>
            {row.firstByteMs === null ? "" : `first byte after ${formatDuration(row.firstByteMs)}`}
          </Fact>
        )}
      </dl>
    </Panel>
  );
}

function Fact({ label, value, children }: { label: string; value: ReactNode; children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{value}</dd>
      <dd className={classes.small}>{children}</dd>
    </div>
  );
}

function Drilled({ row: { drill } }: { row: SnapshotDetail }) {
  return drill === null ? "Not yet" : <StateText {...drillMarks[drill.state]} />;
}

function modeTitle(row: SnapshotDetail): string {
  switch (row.mode) {
    case "consistent":
      return "Consistent";
    case "stale":
      return "Stale";
    case "file":
      return "From file";
    default:
      return row.mode satisfies never;
  }
}

function answeredWords(row: SnapshotDetail): string {
  if (row.mode === "file") return row.fileName ?? "";
  if (row.responseStatus === null) return "no answer";
  if (row.responseStatus !== 200) return `answered ${row.responseStatus}`;
  return row.mode === "consistent" ? "answered by the leader" : `answered by ${row.answeredBy ?? "a server"}`;
}

function tookWords(row: SnapshotDetail): ReactNode {
  if (row.durationMs !== null) return formatDuration(row.durationMs);
  if (row.progress !== null) return <Ago at={row.progress.startedAt} units={2} />;
  return unknownText;
}
