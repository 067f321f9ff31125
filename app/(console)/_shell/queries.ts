import { queryOptions } from "@tanstack/react-query";
import { getJson } from "#app/_client/api.ts";
import { clusterKeys, restoreKeys, snapshotKeys } from "#app/_client/keys.ts";
import type { datacenterList } from "#core/clusters/contract.ts";
import type { RestorePage, RestoreRow } from "#core/restore/contract.ts";
import type { SnapshotRow, SnapshotSummary } from "#core/snapshots/contract.ts";
import { isMoving, isWatched } from "../restores/_lib/restore-words.ts";

export type DatacenterList = ReturnType<(typeof datacenterList)["parse"]>;

const calmMs = 5_000;
const busyMs = 1_000;

/** The attempts that are under way. */
export function runningSnapshots(summary: SnapshotSummary | undefined): SnapshotRow[] {
  return (summary?.datacenters ?? []).flatMap(({ lastAttempt }) =>
    lastAttempt !== null && (lastAttempt.state === "taking" || lastAttempt.state === "uploading")
      ? [lastAttempt]
      : [],
  );
}

export const summaryQuery = queryOptions({
  queryKey: snapshotKeys.summary,
  queryFn: ({ signal }) => getJson<SnapshotSummary>("/api/v1/snapshots/summary", { signal }),
  refetchInterval: (query) => (runningSnapshots(query.state.data).length > 0 ? busyMs : calmMs),
});

export const datacentersQuery = queryOptions({
  queryKey: clusterKeys.datacenters,
  queryFn: ({ signal }) => getJson<DatacenterList>("/api/v1/datacenters", { signal }),
  refetchInterval: calmMs,
});

/** Those that run, are being looked at after an interruption, or are watched after their end. */
export function runningRestores(page: RestorePage | undefined): RestoreRow[] {
  return (page?.rows ?? []).filter((row) => isMoving(row) || isWatched(row));
}

/** The newest few are enough to know what runs: a datacenter has one restore at a time. */
export const newestRestoresQuery = queryOptions({
  queryKey: [...restoreKeys.all, "newest"],
  queryFn: ({ signal }) => getJson<RestorePage>("/api/v1/restores?limit=5", { signal }),
  refetchInterval: (query) => (query.state.data?.rows.some(isMoving) ? busyMs : calmMs),
});
