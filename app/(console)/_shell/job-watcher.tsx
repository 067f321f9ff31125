"use client";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { formatBytes, formatNumber } from "#app/_ui/format.ts";
import { toast } from "#app/_ui/toast.ts";
import type { SnapshotRow } from "#core/snapshots/contract.ts";
import { runningSnapshots, summaryQuery } from "./queries.ts";

/**
 * Says on every page how a take ended that was seen running: to the eye in a toast, and at once to a screen
 * reader. It compares two answers of the summary, so a take that starts and ends between them stays unsaid.
 */
export function JobWatcher() {
  const { data } = useQuery(summaryQuery);
  const seen = useRef<ReadonlySet<string>>(new Set());
  const [spoken, setSpoken] = useState("");
  useEffect(() => {
    if (data === undefined) return;
    for (const { lastAttempt } of data.datacenters) {
      const end = lastAttempt !== null && seen.current.has(lastAttempt.id) ? endOf(lastAttempt) : null;
      if (end === null || lastAttempt === null) continue;
      setSpoken(`${end.title} ${end.message}`);
      void toast({ ...end, id: lastAttempt.id });
    }
    seen.current = new Set(runningSnapshots(data).map((row) => row.id));
  }, [data]);
  return (
    <div className="sr-only" role="alert">
      {spoken}
    </div>
  );
}

type End = { tone: "good" | "warn" | "bad"; title: string; message: string };

/** null while it still runs, and for what a person cancelled or deleted: they know. */
function endOf(row: SnapshotRow): End | null {
  const what = row.datacenter ?? "the uploaded archive";
  const facts = `${formatBytes(row.archiveBytes)}, index ${formatNumber(row.raftIndex)}`;
  switch (row.state) {
    case "verified":
      return { tone: "good", title: `Snapshot of ${what} stored and verified.`, message: facts };
    case "stale":
      return { tone: "warn", title: `Snapshot of ${what} stored, but stale.`, message: facts };
    case "failed":
      return {
        tone: "bad",
        title: `Snapshot of ${what} failed. Nothing was stored.`,
        message: row.failureText ?? "",
      };
    case "corrupt":
      return { tone: "bad", title: `Snapshot of ${what} is corrupt.`, message: row.failureText ?? "" };
    case "taking":
    case "uploading":
    case "cancelled":
    case "deleting":
      return null;
    default:
      return row.state satisfies never;
  }
}
