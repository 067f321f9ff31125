"use client";

import { Facts } from "#app/_ui/facts.tsx";
import { formatNumber, unknownText } from "#app/_ui/format.ts";
import { Panel, PanelHeader } from "#app/_ui/panel.tsx";
import { StateBadge } from "#app/_ui/state-badge.tsx";
import { Utc } from "#app/_ui/time.tsx";
import type { RestoreDetail, RestoreSample } from "#core/restore/contract.ts";
import { type ChecksChart, chartHeight, chartWidth, checksChart } from "../_lib/checks-chart.ts";
import { isWatched } from "../_lib/restore-words.ts";
import { appliedAt } from "../_lib/step-phases.tsx";
import classes from "./restores.module.css";

/** What was seen of the datacenter since: leader, servers, index and service checks. */
export function SincePanel({ row }: { row: RestoreDetail }) {
  const first = row.samples[0];
  const last = row.samples.at(-1);
  if (first === undefined || last === undefined) return null;
  const chart = checksChart(row.samples, appliedAt(row));
  return (
    <Panel>
      <PanelHeader
        title={`${row.datacenter} since the restore`}
        actions={row.watch !== null && <WatchBadge watch={row.watch} />}
      />
      <Facts className={classes.facts} facts={factsOf(row, first, last)} />
      <p className={`fs12 t3 ${classes.sinceHint}`}>The index moves forward through a restore, never back.</p>
      {chart !== null && <Chart chart={chart} isLive={isWatched(row)} lastAt={last.at} />}
    </Panel>
  );
}

function WatchBadge({ watch }: { watch: "steady" | "unsettled" }) {
  return watch === "steady" ? (
    <StateBadge state="ok" word="Steady" />
  ) : (
    <StateBadge state="warning" word="Unsettled" />
  );
}

function factsOf(row: RestoreDetail, first: RestoreSample, last: RestoreSample) {
  const servers =
    last.serversTotal === null ? unknownText : `${last.serversHealthy ?? "?"}/${last.serversTotal} healthy`;
  const latest = row.samples.findLast(({ raftIndex }) => raftIndex !== null)?.raftIndex ?? null;
  const index =
    first.raftIndex === null || first.raftIndex === latest
      ? formatNumber(latest)
      : `${formatNumber(first.raftIndex)}, now ${formatNumber(latest)}`;
  const leader =
    last.leader === null ? (
      <span className="c-bad">{last.problem ?? "No cluster leader"}</span>
    ) : (
      <span className="mono">{last.leader}</span>
    );
  return [
    { label: "Leader", value: leader },
    { label: "Servers", value: <span className="tn">{servers}</span> },
    { label: "Leader changes", value: <span className="tn">{formatNumber(row.leaderChanges)}</span> },
    { label: "Raft index", value: <span className="tn">{index}</span> },
  ];
}

function Chart({ chart, isLive, lastAt }: { chart: ChecksChart; isLive: boolean; lastAt: string }) {
  const { last, low, appliedX } = chart;
  return (
    <div className={classes.chart}>
      <div className="row between">
        <span className="t2 fs12">Passing service checks</span>
        <span className="tn">
          <b className="med">{formatNumber(last.value)}</b>
          {last.total !== null && <span className="t3"> of {formatNumber(last.total)}</span>}
        </span>
      </div>
      <svg viewBox={`0 0 ${chartWidth} ${chartHeight - 14}`} role="img" aria-label={chart.text}>
        <path d={`M0 ${chart.gridY}H${chartWidth}`} className={classes.chartGrid} />
        {appliedX !== null && (
          <>
            <path d={`M${appliedX} 0V56`} className={classes.chartMark} />
            <text x={chart.appliedText.x} y={54} textAnchor={chart.appliedText.anchor}>
              applied
            </text>
          </>
        )}
        <path d={chart.path} className={classes.chartLine} />
        <circle cx={last.x} cy={last.y} r={2.5} className={classes.chartDot} />
        {low !== null && (
          <text x={low.textX} y={54}>
            {formatNumber(low.value)}
          </text>
        )}
      </svg>
      <div className="row between t3 fs12">
        <Utc at={chart.fromAt} />
        {isLive ? <span>now</span> : <Utc at={lastAt} />}
      </div>
    </div>
  );
}
