"use client";

import { CopyButton } from "#app/_ui/copy-button.tsx";
import { Facts } from "#app/_ui/facts.tsx";
import { formatDuration } from "#app/_ui/format.ts";
import { Panel, PanelHeader } from "#app/_ui/panel.tsx";
import { Utc } from "#app/_ui/time.tsx";
import type { SnapshotDetail } from "#core/snapshots/contract.ts";
import classes from "./detail.module.css";

/** How it came here: the request, who answered, and the ids that the logs know it by. */
export function RequestPanel({ row }: { row: SnapshotDetail }) {
  const mono = (text: string) => <span className="mono">{text}</span>;
  const withCopy = (text: string, label: string) => (
    <span className={classes.withCopy}>
      {mono(text)}
      <CopyButton text={text} label={label} />
    </span>
  );
  const facts = [
    row.requestLine !== null && { label: "Request", value: mono(row.requestLine) },
    row.answeredBy !== null && { label: "Answered by", value: mono(row.answeredBy) },
    row.responseStatus !== null && {
      label: "Status",
      value: <span className="tn">{row.responseStatus}</span>,
    },
    row.durationMs !== null && { label: "Took", value: tookWords(row) },
    row.fileName !== null && { label: "File", value: mono(row.fileName) },
    row.mode === "stale" &&
      row.maxStaleMs !== null && {
        label: "Maximum staleness accepted",
        value: formatDuration(row.maxStaleMs),
      },
    row.meta?.createdAt != null && {
      label: "Written by Consul",
      value: <Utc at={row.meta.createdAt} as="title" />,
    },
    row.requestId !== null && { label: "Request id", value: withCopy(row.requestId, "Copy request id") },
    { label: "Correlation id", value: withCopy(row.correlationId, "Copy correlation id") },
  ].filter((fact) => fact !== false);
  return (
    <Panel>
      <PanelHeader title={row.mode === "file" ? "Upload" : "Request"} sub={`by ${row.byName}`} />
      <Facts className={classes.facts} facts={facts} />
    </Panel>
  );
}

function tookWords({ durationMs, firstByteMs }: SnapshotDetail): string {
  const first = firstByteMs === null ? "" : `, first byte after ${formatDuration(firstByteMs)}`;
  return `${formatDuration(durationMs)}${first}`;
}
