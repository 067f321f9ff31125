import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { getJson, withQuery } from "#app/_client/api.ts";
import { snapshotKeys } from "#app/_client/keys.ts";
import type { ListInput, SnapshotDetail, SnapshotPage } from "#core/snapshots/contract.ts";
import { isInProgress } from "./_lib/row-facts.ts";

const busyMs = 1_000;
const quietMs = 5_000;

/** One page of the history. It is asked for every second while a row moves, else every five. */
export const snapshotListQuery = (input: ListInput) =>
  queryOptions({
    queryKey: snapshotKeys.list(input),
    queryFn: ({ signal }) =>
      getJson<SnapshotPage>(withQuery("/api/v1/snapshots", toParams(input)), { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: (query) => (query.state.data?.rows.some(isInProgress) ? busyMs : quietMs),
  });

/** One snapshot; followed closely while it is under way, and hardly at all afterwards. */
export const snapshotDetailQuery = (id: string) =>
  queryOptions({
    queryKey: snapshotKeys.detail(id),
    queryFn: ({ signal }) =>
      getJson<SnapshotDetail>(`/api/v1/snapshots/${encodeURIComponent(id)}`, { signal }),
    refetchInterval: (query) => (query.state.data && isInProgress(query.state.data) ? 500 : 10_000),
  });

function toParams(input: ListInput): Record<string, string | number | boolean | undefined> {
  const { limit, pinned, ...rest } = input;
  return { ...rest, pinned: pinned === true ? true : undefined, limit: Number(limit ?? 50) };
}
