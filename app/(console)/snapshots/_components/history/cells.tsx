"use client";

import {
  IconApi,
  IconCalendarTime,
  IconShieldCheck,
  type Icon as IconType,
  IconUpload,
  IconUser,
} from "@tabler/icons-react";
import Link from "next/link";
import type { ReactNode } from "react";
import {
  formatBytes,
  formatBytesChange,
  formatDuration,
  formatNumber,
  unknownText,
} from "#app/_ui/format.ts";
import { utcTitle } from "#app/_ui/format-time.ts";
import { StateBadge } from "#app/_ui/state-badge.tsx";
import { StateText } from "#app/_ui/state-text.tsx";
import { Ago, Utc } from "#app/_ui/time.tsx";
import type { SnapshotRow, SnapshotSource } from "#core/snapshots/contract.ts";
import { isContactLoud } from "../../_lib/row-facts.ts";
import { contactWords, datacenterOf } from "../../_lib/snapshot-words.ts";
import { modeWords, sourceWords } from "../../_lib/vocabulary.ts";
import { DrillMark } from "../drill-mark.tsx";
import type { ColumnKey } from "./columns.ts";
import classes from "./history-table.module.css";

const none = <span className="t3">{unknownText}</span>;

const sourceIcons: Record<SnapshotSource, IconType> = {
  manual: IconUser,
  upload: IconUpload,
  api: IconApi,
  schedule: IconCalendarTime,
  safety: IconShieldCheck,
};

/** The content of one cell. Unknown is a dash, zero is 0. */
export function cellContent(key: ColumnKey, row: SnapshotRow): ReactNode {
  switch (key) {
    case "state":
      return <StateText state={row.state} detail={row.drill && <DrillMark drill={row.drill} />} />;
    case "taken":
      return <TakenCell row={row} />;
    case "datacenter":
      return <DatacenterCell row={row} />;
    case "raftIndex":
      return row.raftIndex === null ? none : formatNumber(row.raftIndex);
    case "mode":
      return modeWords[row.mode];
    case "leader":
      return row.leader === null ? none : <span className="mono">{row.leader}</span>;
    case "lastContact":
      return <ContactCell row={row} />;
    case "size":
      return row.archiveBytes === null ? none : formatBytes(row.archiveBytes);
    case "change":
      return <ChangeCell row={row} />;
    case "source":
      return <SourceCell source={row.source} />;
    case "verified":
      return <VerifiedCell row={row} />;
    case "by":
      return (
        <span className={`t2 trunc ${classes.by}`} title={row.byName}>
          {row.byName}
        </span>
      );
    case "note":
      return (
        <span className={`t2 trunc ${classes.note}`} title={row.note}>
          {row.note}
        </span>
      );
    default:
      return key satisfies never;
  }
}

function TakenCell({ row }: { row: SnapshotRow }) {
  const now = Date.parse(row.takenAt);
  const name = `Open snapshot of ${datacenterOf(row)}, ${utcTitle(row.takenAt, now)}`;
  return (
    <>
      <Link className={classes.open} href={`/snapshots/${row.id}`} prefetch={false} aria-label={name}>
        <Utc at={row.takenAt} />
      </Link>
      <Ago at={row.takenAt} className={`t3 ${classes.age}`} />
    </>
  );
}

function DatacenterCell({ row }: { row: SnapshotRow }) {
  return (
    <>
      {row.datacenter ?? <span className="t3">unknown</span>}
      {row.clusterName !== "" && <span className="t3"> · {row.clusterName}</span>}
    </>
  );
}

function ContactCell({ row }: { row: SnapshotRow }) {
  if (isContactLoud(row)) return <StateBadge state="stale" word={contactWords(row)} />;
  if (row.lastContactMs === null) return none;
  return <span className="t2">{formatDuration(row.lastContactMs)}</span>;
}

function ChangeCell({ row }: { row: SnapshotRow }) {
  if (row.changeBytes === null) return null;
  return <span className="t3 fs12">{formatBytesChange(row.changeBytes, { of: row.archiveBytes })}</span>;
}

function SourceCell({ source }: { source: SnapshotSource }) {
  const Icon = sourceIcons[source];
  return (
    <span className={classes.source}>
      <Icon size={14} aria-hidden />
      {sourceWords[source]}
    </span>
  );
}

function VerifiedCell({ row }: { row: SnapshotRow }) {
  if (row.state === "corrupt") return <StateText state="failed" word="no match" />;
  if (row.verifiedAt === null) return none;
  return <StateText state="verified" word={<Utc at={row.verifiedAt} as="minute" />} />;
}
