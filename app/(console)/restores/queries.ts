import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { getJson, withQuery } from "#app/_client/api.ts";
import { restoreKeys } from "#app/_client/keys.ts";
import type { Preflight, RestoreDetail, RestorePage } from "#core/restore/contract.ts";
import { isMoving, isWatched } from "./_lib/restore-words.ts";

const movingMs = 1_000;
const waitingMs = 2_000;
const calmMs = 5_000;
const quietMs = 15_000;

export const restoreListQuery = (cursor: string | undefined) =>
  queryOptions({
    queryKey: restoreKeys.list(cursor),
    queryFn: ({ signal }) => getJson<RestorePage>(withQuery("/api/v1/restores", { cursor }), { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: (query) => (query.state.data?.rows.some(isMoving) ? movingMs : calmMs),
  });

/** Whoever waits for a restore watches every word; a watch is sampled by the server no faster than this asks. */
export const restoreDetailQuery = (id: string) =>
  queryOptions({
    queryKey: restoreKeys.detail(id),
    queryFn: ({ signal }) => getJson<RestoreDetail>(`/api/v1/restores/${encodeURIComponent(id)}`, { signal }),
    refetchInterval: (query) => detailIntervalMs(query.state.data),
  });

function detailIntervalMs(row: RestoreDetail | undefined): number {
  if (row === undefined) return calmMs;
  if (isMoving(row)) return movingMs;
  if (row.state === "waiting") return waitingMs;
  return isWatched(row) ? calmMs : quietMs;
}

/** Its lines grow while it runs. After that only the target's state is read again, because live means live. */
export const preflightQuery = (id: string) =>
  queryOptions({
    queryKey: restoreKeys.preflight(id),
    queryFn: ({ signal }) =>
      getJson<Preflight>(`/api/v1/restores/preflights/${encodeURIComponent(id)}`, { signal }),
    refetchInterval: (query) => (query.state.data?.state === "running" ? movingMs : quietMs),
  });
