"use client";

import { useQuery } from "@tanstack/react-query";
import { formatBytes, formatDuration } from "#app/_ui/format.ts";
import { Ago } from "#app/_ui/time.tsx";
import { summaryQuery } from "../../../_shell/queries.ts";
import { snapshotDetailQuery } from "../../queries.ts";
import type { DatacenterChoice } from "../datacenter-select.tsx";

/** `Last one: 212.4 MB in 7 s, 42 min ago`, so that one knows what to expect. */
export function LastOne({ target }: { target: DatacenterChoice | null }) {
  const { data: summary } = useQuery(summaryQuery);
  const own = summary?.datacenters.find(
    (one) => one.clusterId === target?.clusterId && one.datacenter === target?.datacenter,
  );
  const last = own?.lastGood ?? null;
  // The list's rows don't carry the duration, the snapshot itself does.
  const { data: detail } = useQuery({ ...snapshotDetailQuery(last?.id ?? ""), enabled: last !== null });
  if (summary === undefined || target === null) return null;
  if (last === null) return <>No good snapshot of {target.datacenter} yet</>;
  const took = detail?.durationMs == null ? "" : ` in ${formatDuration(detail.durationMs)}`;
  return (
    <>
      Last one: {formatBytes(last.archiveBytes)}
      {took}, <Ago at={last.takenAt} suffix=" ago" />
    </>
  );
}
