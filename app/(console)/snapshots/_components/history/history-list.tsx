"use client";

import { IconPinned } from "@tabler/icons-react";
import Link from "next/link";
import { useMemo } from "react";
import table from "#app/_ui/data-table.module.css";
import { formatBytes, formatBytesChange, formatNumber } from "#app/_ui/format.ts";
import { utcDayHeading } from "#app/_ui/format-time.ts";
import { ProgressBar } from "#app/_ui/phases.tsx";
import { StateBadge } from "#app/_ui/state-badge.tsx";
import { StateIcon } from "#app/_ui/state-text.tsx";
import { states } from "#app/_ui/states.ts";
import { Ago, Utc, useNow } from "#app/_ui/time.tsx";
import type { SnapshotRow } from "#core/snapshots/contract.ts";
import { dayWords, groupByDay } from "../../_lib/day-groups.ts";
import { isContactLoud, isInProgress, progressShare } from "../../_lib/row-facts.ts";
import { contactWords, datacenterOf, phaseWords } from "../../_lib/snapshot-words.ts";
import { sourceWords } from "../../_lib/vocabulary.ts";
import { DrillMark } from "../drill-mark.tsx";
import classes from "./history-list.module.css";

type Props = { rows: SnapshotRow[]; edges: { newer: boolean; older: boolean }; stale: boolean };

/** The history below 768 px: three lines for each snapshot, and the whole of them is a link. */
export function HistoryList({ rows, edges, stale }: Props) {
  const now = useNow(60_000);
  const groups = useMemo(() => groupByDay(rows, edges), [rows, edges]);
  return (
    <div className={`${table.list} ${stale ? table.fetching : ""}`}>
      {groups.map((group) => (
        <section key={group.day} aria-label={utcDayHeading(`${group.day}T00:00:00Z`, now)}>
          <div className={`${table.listDay} ${classes.day}`}>
            <span className="med t2">{utcDayHeading(`${group.day}T00:00:00Z`, now)}</span>
            <span>{dayWords(group)}</span>
          </div>
          <ul className={classes.rows}>
            {group.rows.map((row) => (
              <li key={row.id}>
                <Item row={row} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function Item({ row }: { row: SnapshotRow }) {
  return (
    <Link href={`/snapshots/${row.id}`} prefetch={false} className={`${table.item} ${classes.item}`}>
      <StateIcon state={row.state} size={20} />
      <span className="grow stack">
        <span className={table.itemLine}>
          <span className="trunc">
            <b className="med">{datacenterOf(row)}</b> <span className="t3">{row.clusterName}</span>
          </span>
          <span className="tn nowrap">
            <Utc at={row.takenAt} /> <Ago at={row.takenAt} className="t3" />
          </span>
        </span>
        <span className={`${table.itemLine} ${table.itemSmall}`}>
          <SecondLine row={row} />
          <span className="tn nowrap">
            {isContactLoud(row) && (
              <StateBadge state="stale" word={contactWords(row)} className={classes.badge} />
            )}
            {row.archiveBytes !== null && formatBytes(row.archiveBytes)}
            {row.changeBytes !== null && (
              <span className="t3"> {formatBytesChange(row.changeBytes, { of: row.archiveBytes })}</span>
            )}
          </span>
        </span>
        <ThirdLine row={row} />
      </span>
    </Link>
  );
}

function SecondLine({ row }: { row: SnapshotRow }) {
  const word = states[row.state].word;
  if (row.state === "failed") return <span className="c-bad med trunc">{failureWords(word, row)}</span>;
  return (
    <span className="t2 trunc">
      {word} · {sourceWords[row.source]}
      {row.pinned && <IconPinned size={14} role="img" aria-label="Pinned" className={classes.pin} />}{" "}
      <DrillMark drill={row.drill} />
    </span>
  );
}

const failureWords = (word: string, row: SnapshotRow): string =>
  row.failureText === null ? word : `${word}: ${row.failureText}`;

function ThirdLine({ row }: { row: SnapshotRow }) {
  if (isInProgress(row) && row.progress !== null) {
    const share = progressShare(row.progress);
    const words = phaseWords(row.progress, row.source === "upload");
    return (
      <span className={`fs12 t3 ${classes.progress}`}>
        <ProgressBar percent={share === null ? null : share * 100} label={words} />
        <span className="tn">{words}</span>
      </span>
    );
  }
  const index = row.raftIndex === null ? "no archive" : `index ${formatNumber(row.raftIndex)}`;
  return (
    <span className="fs12 t3 trunc">
      <span className="tn">{index}</span> · {row.note === "" ? row.byName : row.note}
    </span>
  );
}
