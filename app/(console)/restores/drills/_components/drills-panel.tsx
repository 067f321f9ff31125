"use client";

import { useRouter } from "next/navigation";
import table from "#app/_ui/data-table.module.css";
import { formatDuration, unknownText } from "#app/_ui/format.ts";
import { StateText } from "#app/_ui/state-text.tsx";
import type { DrillPage, DrillRow } from "#core/drills/contract.ts";
import { ListPanel, NothingYet } from "../../_components/list-panel.tsx";
import { Card, Cards, TimeLinkCell } from "../../_components/list-row.tsx";
import { drillPhaseWords, drillState } from "../_lib/drill-words.ts";

type Props = { page: DrillPage; cursor: string | null; onCursor: (cursor: string | null) => void };

export function DrillsPanel({ page, cursor, onCursor }: Props) {
  if (page.rows.length === 0 && cursor === null) {
    return (
      <NothingYet title="No drill yet">
        Until one has passed, it is not proven that a snapshot can be restored. Open one and choose Drill it…,
        or set a schedule.
      </NothingYet>
    );
  }
  return (
    <ListPanel
      label="Drills"
      nextCursor={page.nextCursor}
      cursor={cursor}
      onCursor={onCursor}
      table={<DrillTable rows={page.rows} />}
      cards={<DrillCards rows={page.rows} />}
    />
  );
}

const triggerWords = { manual: "By hand", schedule: "Schedule" } as const;
const none = <span className="t3">{unknownText}</span>;

function DrillTable({ rows }: { rows: readonly DrillRow[] }) {
  return (
    <div className={table.scroll}>
      <table className={table.table} aria-label="Drills">
        <thead>
          <tr>
            <th>State</th>
            <th aria-sort="descending" className={table.sorted}>
              Started
            </th>
            <th>Snapshot</th>
            <th>Datacenter</th>
            <th className={table.num}>Took</th>
            <th>Consul</th>
            <th>Trigger</th>
            <th>By</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.id} row={row} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ row }: { row: DrillRow }) {
  const router = useRouter();
  const href = `/restores/drills/${row.id}`;
  return (
    <tr className={table.row} data-opens onClick={() => router.push(href)}>
      <td>
        <State row={row} />
      </td>
      <TimeLinkCell href={href} at={row.startedAt} label={`Open drill of ${row.snapshotId}`} />
      <td className="mono">{row.snapshotId}</td>
      <td>
        {row.datacenter ?? <span className="t3">unknown</span>}
        {row.clusterName !== "" && <span className="t3"> · {row.clusterName}</span>}
      </td>
      <td className={table.num}>{row.durationMs === null ? none : formatDuration(row.durationMs)}</td>
      <td>
        <Version row={row} />
      </td>
      <td className="t2">{triggerWords[row.trigger]}</td>
      <td className="t2">{row.byName}</td>
    </tr>
  );
}

function State({ row }: { row: DrillRow }) {
  const shown = drillState(row.state);
  if (row.state !== "running") return <StateText state={shown.name} word={shown.word} />;
  return <StateText state={shown.name} word={shown.word} detail={drillPhaseWords[row.phase].toLowerCase()} />;
}

/** A version that isn't the snapshot's own stands with it. */
function Version({ row }: { row: DrillRow }) {
  if (row.consulVersion === null) return none;
  return (
    <>
      {row.consulVersion}
      {row.sameVersion === false && <span className="c-warn"> snapshot {row.snapshotVersion}</span>}
    </>
  );
}

function DrillCards({ rows }: { rows: readonly DrillRow[] }) {
  return (
    <Cards>
      {rows.map((row) => (
        <DrillCard key={row.id} row={row} />
      ))}
    </Cards>
  );
}

function DrillCard({ row }: { row: DrillRow }) {
  const shown = drillState(row.state);
  return (
    <Card
      href={`/restores/drills/${row.id}`}
      shown={shown}
      datacenter={row.datacenter ?? "unknown datacenter"}
      clusterName={row.clusterName}
      at={row.startedAt}
      words={shown.word}
      side={row.durationMs === null ? "" : formatDuration(row.durationMs)}
    >
      <span className="mono">{row.snapshotId}</span> · {triggerWords[row.trigger].toLowerCase()}, {row.byName}
    </Card>
  );
}
