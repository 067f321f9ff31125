import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { getJson, withQuery } from "#app/_client/api.ts";
import { recoveryKeys } from "#app/_client/keys.ts";
import type {
  Recovery,
  RecoveryItemsPage,
  RecoveryListInput,
  RecoveryPage,
} from "#core/recoveries/contract.ts";
import { isMoving } from "./_lib/recovery-words.ts";

const busyMs = 1_000;
const calmMs = 5_000;
const quietMs = 15_000;

export const recoveryListQuery = (input: RecoveryListInput) =>
  queryOptions({
    queryKey: recoveryKeys.list(input),
    queryFn: ({ signal }) => getJson<RecoveryPage>(withQuery("/api/v1/recoveries", input), { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: (query) => (query.state.data?.rows.some(isMoving) ? busyMs : calmMs),
  });

export const recoveryQuery = (id: string) =>
  queryOptions({
    queryKey: recoveryKeys.detail(id),
    queryFn: ({ signal }) => getJson<Recovery>(`/api/v1/recoveries/${encodeURIComponent(id)}`, { signal }),
    refetchInterval: (query) =>
      query.state.data === undefined || isMoving(query.state.data) ? busyMs : quietMs,
  });

/** @param show which of them, as the contract lists them; empty for all. */
export const recoveryItemsQuery = (id: string, show: string) => {
  const input = { id, ...(show === "" ? {} : { show }) };
  return infiniteQueryOptions({
    queryKey: recoveryKeys.items(input),
    queryFn: ({ signal, pageParam }) => {
      const path = `/api/v1/recoveries/${encodeURIComponent(id)}/items`;
      return getJson<RecoveryItemsPage>(withQuery(path, { show, cursor: pageParam }), { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
  });
};
