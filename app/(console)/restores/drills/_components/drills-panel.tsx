"use client";

import { Button } from "@mantine/core";
import Link from "next/link";
import { useRouter } from "next/navigation";
import table from "#app/_ui/data-table.module.css";
import { Empty } from "#app/_ui/empty.tsx";
import { formatDuration, unknownText } from "#app/_ui/format.ts";
import { Panel } from "#app/_ui/panel.tsx";
import { StateIcon, StateText } from "#app/_ui/state-text.tsx";
import { Ago, Utc } from "#app/_ui/time.tsx";
import type { DrillPage, DrillRow } from "#core/drills/contract.ts";
import { useWide } from "../../../snapshots/_lib/use-wide.ts";
import { OlderFooter } from "../../_components/older-footer.tsx";
import { drillPhaseWords, drillState } from "../_lib/drill-words.ts";
import classes from "./drills.module.css";

type Props = { page: DrillPage; cursor: string | null; onCursor: (cursor: string | null) => void };

export function DrillsPanel({ page, cursor, onCursor }: Props) {
  const wide = useWide();
  if (page.rows.length === 0 && cursor === null) return <NoDrills />;
  return (
    <Panel aria-label="Drills">
      {wide ? <DrillTable rows={page.rows} /> : <DrillCards rows={page.rows} />}
      <OlderFooter what="drills" nextCursor={page.nextCursor} cursor={cursor} onCursor={onCursor} />
    </Panel>
  );
}

function NoDrills() {
  return (
    <Panel>
      <Empty
        title="No drill yet"
        actions={
          <Button component={Link} href="/snapshots">
            Snapshots
          </Button>
        }
      >
        Until one has passed, it is not proven that a snapshot can be restored. Open one and choose Drill it…,
        or set a schedule.
      </Empty>
    </Panel>
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
      <td className="tn">
        <Link
          href={href}
          prefetch={false}
          aria-label={`Open drill of ${row.snapshotId} ${row.startedAt.slice(11, 19)}`}
        >
          <Utc at={row.startedAt} as="day" /> <Utc at={row.startedAt} />
        </Link>{" "}
        <Ago at={row.startedAt} className="t3" />
      </td>
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

const loud = { bad: "c-bad med", warn: "c-warn med" } as const;

/** Below 768 px, three lines each. */
function DrillCards({ rows }: { rows: readonly DrillRow[] }) {
  return (
    <ul className={`${table.list} ${classes.cards}`}>
      {rows.map((row) => (
        <li key={row.id}>
          <Card row={row} />
        </li>
      ))}
    </ul>
  );
}

function Card({ row }: { row: DrillRow }) {
  const shown = drillState(row.state);
  const tone = shown.tone === "bad" || shown.tone === "warn" ? loud[shown.tone] : "t2";
  return (
    <Link href={`/restores/drills/${row.id}`} prefetch={false} className={`${table.item} ${classes.card}`}>
      <StateIcon state={shown.name} size={20} />
      <span className="grow stack">
        <span className={table.itemLine}>
          <span className="trunc">
            <b className="med">{row.datacenter ?? "unknown datacenter"}</b>{" "}
            <span className="t3">{row.clusterName}</span>
          </span>
          <span className="tn nowrap">
            <Utc at={row.startedAt} as="short" /> <Ago at={row.startedAt} className="t3" />
          </span>
        </span>
        <span className={`${table.itemLine} ${table.itemSmall}`}>
          <span className={tone}>{shown.word}</span>
          <span>{row.durationMs === null ? "" : formatDuration(row.durationMs)}</span>
        </span>
        <span className="fs12 t3 trunc">
          <span className="mono">{row.snapshotId}</span> · {triggerWords[row.trigger].toLowerCase()},{" "}
          {row.byName}
        </span>
      </span>
    </Link>
  );
}
