import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { getJson, withQuery } from "#app/_client/api.ts";
import { restoreKeys } from "#app/_client/keys.ts";
import type { RestorePage, RestoreReview, RestoreRow } from "#core/restore/contract.ts";

export const restoreListQuery = (cursor: string | undefined) =>
  queryOptions({
    queryKey: restoreKeys.list(cursor),
    queryFn: ({ signal }) => getJson<RestorePage>(withQuery("/api/v1/restores", { cursor }), { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: (query) =>
      query.state.data?.rows.some((row) => row.state === "running") ? 1_000 : 5_000,
  });

/** A restore under way is asked for twice a second: whoever waits for it watches every word. */
export const restoreDetailQuery = (id: string) =>
  queryOptions({
    queryKey: restoreKeys.detail(id),
    queryFn: ({ signal }) => getJson<RestoreRow>(`/api/v1/restores/${encodeURIComponent(id)}`, { signal }),
    refetchInterval: (query) => (query.state.data?.state === "running" ? 500 : 15_000),
  });

/** The live target beside the snapshot. Live means live: the numbers are read again every ten seconds. */
export const restoreReviewQuery = (snapshotId: string, clusterId: string, datacenter: string) =>
  queryOptions({
    queryKey: restoreKeys.review(snapshotId, clusterId, datacenter),
    queryFn: ({ signal }) =>
      getJson<RestoreReview>(withQuery("/api/v1/restores/review", { snapshotId, clusterId, datacenter }), {
        signal,
      }),
    refetchInterval: 10_000,
  });
