"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { formatCount, percentOf } from "#app/_ui/format.ts";
import { StateBadge } from "#app/_ui/state-badge.tsx";
import { useNow } from "#app/_ui/time.tsx";
import type { SnapshotRow } from "#core/snapshots/contract.ts";
import { jobWords } from "../restores/_lib/restore-words.ts";
import { newestRestoresQuery, runningRestores, runningSnapshots, summaryQuery } from "./queries.ts";

type Job = { href: string; text: string };

/** What runs now, in the top bar of every page: closing a dialog never hides the job. */
export function RunningJobs() {
  const summary = useQuery(summaryQuery);
  const restores = useQuery(newestRestoresQuery);
  const now = useNow(10_000);
  const jobs: Job[] = [
    ...runningRestores(restores.data).map((row) => ({
      href: `/restores/${row.id}`,
      text: jobWords(row, now, percentOf(row.bytesSent, row.bytesTotal)),
    })),
    ...runningSnapshots(summary.data).map((row) => ({
      href: `/snapshots/${row.id}`,
      text: snapshotText(row),
    })),
  ];
  const [first] = jobs;
  if (first === undefined) return null;
  const one = jobs.length === 1;
  const text = one ? first.text : formatCount(jobs.length, "job running", "jobs running");
  return (
    <Link href={one ? first.href : listOf(jobs)} className="nowrap" aria-label={text}>
      <StateBadge state="running" word={<Short text={text} />} />
    </Link>
  );
}

/** On a phone only how far it is: `9 min left` of `Watching dc1, 9 min left`. The title beside it needs the room. */
function Short({ text }: { text: string }) {
  const [head, tail] = text.split(", ", 2);
  if (tail === undefined) return text;
  return (
    <>
      <span className="from-768">{head}, </span>
      {tail}
    </>
  );
}

/** Where all of them are in view: a restore is the more urgent one. */
function listOf(jobs: readonly Job[]): string {
  return jobs.some(({ href }) => href.startsWith("/restores/")) ? "/restores" : "/snapshots";
}

function snapshotText(row: SnapshotRow): string {
  const verb = row.state === "uploading" ? "Uploading" : "Taking";
  const what = row.datacenter ?? "archive";
  const percent =
    row.progress === null ? null : percentOf(row.progress.bytesDone, row.progress.bytesExpected);
  return withPercent(`${verb} ${what}`, percent);
}

function withPercent(text: string, percent: number | null): string {
  return percent === null ? text : `${text}, ${percent}%`;
}
