"use client";

import { Facts } from "#app/_ui/facts.tsx";
import { formatDuration } from "#app/_ui/format.ts";
import { utcTime } from "#app/_ui/format-time.ts";
import { Panel, PanelFooter, PanelHeader } from "#app/_ui/panel.tsx";
import { StateBadge } from "#app/_ui/state-badge.tsx";
import type { SnapshotDetail } from "#core/snapshots/contract.ts";
import { headerValue } from "../../_lib/headers.ts";
import { isContactLoud, isKept } from "../../_lib/row-facts.ts";
import classes from "./detail.module.css";

/** What Consul sent with the archive, name for name, and what it says about how fresh the archive is. */
export function HeadersPanel({ row }: { row: SnapshotDetail }) {
  if (row.mode === "file" || row.responseHeaders.length === 0) return null;
  return (
    <Panel>
      <PanelHeader title="Consul response headers" actions={<FreshBadge row={row} />} />
      <Facts
        className={classes.facts}
        facts={row.responseHeaders.map(([name, value], place) => ({
          key: `${place}-${name}`,
          label: <span className="mono">{name}</span>,
          value: headerValue(name, value),
        }))}
      />
      {isKept(row) && <PanelFooter>{freshnessWords(row)}</PanelFooter>}
    </Panel>
  );
}

function FreshBadge({ row }: { row: SnapshotDetail }) {
  if (!isKept(row)) return null;
  if (row.state === "stale") return <StateBadge state="stale" />;
  if (isContactLoud(row))
    return <StateBadge state="stale" word={`${formatDuration(row.lastContactMs)} stale`} />;
  return <StateBadge state="verified" word="Fresh" />;
}

/** One sentence on what may be missing. */
function freshnessWords(row: SnapshotDetail): string {
  const time = utcTime(row.takenAt);
  if (row.mode === "consistent") return `The leader answered. Nothing committed before ${time} is missing.`;
  if (row.knownLeader === false) {
    return `The server knew no leader${heardWords(row)}. What others committed since is missing.`;
  }
  const limit =
    row.maxStaleMs === null
      ? ""
      : `, ${row.state === "stale" ? "above" : "within"} the accepted ${formatDuration(row.maxStaleMs)}`;
  return `The server had last heard the leader ${formatDuration(row.lastContactMs ?? 0)} before${limit}. Writes of that time may be missing.`;
}

function heardWords(row: SnapshotDetail): string {
  return row.lastContactMs === null || row.lastContactMs === 0
    ? ""
    : ` and had last heard one ${formatDuration(row.lastContactMs)} before`;
}
