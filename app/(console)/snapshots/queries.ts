import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { getJson, withQuery } from "#app/_client/api.ts";
import { contentsKeys, snapshotKeys } from "#app/_client/keys.ts";
import type {
  ChildrenInput,
  ChildrenPage,
  ContentsSummary,
  KeyValue,
  RecordsInput,
  RecordsPage,
  SearchInput,
  SearchPage,
} from "#core/contents/contract.ts";
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

// What is inside a snapshot never changes, so nothing of it is asked for twice.
const forGood = { staleTime: Number.POSITIVE_INFINITY, refetchOnWindowFocus: false } as const;
const contentsPath = (id: string) => `/api/v1/snapshots/${encodeURIComponent(id)}`;

export const contentsSummaryQuery = (id: string) =>
  queryOptions({
    queryKey: contentsKeys.summary(id),
    queryFn: ({ signal }) => getJson<ContentsSummary>(`${contentsPath(id)}/contents`, { signal }),
    ...forGood,
  });

/** One page of a folder's keys and folders. */
export const keyChildrenQuery = (input: ChildrenInput) =>
  queryOptions({
    queryKey: contentsKeys.children(input),
    queryFn: ({ signal }) => {
      const { id, ...rest } = input;
      return getJson<ChildrenPage>(withQuery(`${contentsPath(id)}/keys`, rest), { signal });
    },
    ...forGood,
  });

export const keySearchQuery = (input: SearchInput) =>
  infiniteQueryOptions({
    queryKey: contentsKeys.search(input),
    queryFn: ({ signal, pageParam }) => {
      const { id, ...rest } = input;
      const path = withQuery(`${contentsPath(id)}/keys/search`, { ...rest, cursor: pageParam });
      return getJson<SearchPage>(path, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
    ...forGood,
  });

export const recordsQuery = (input: RecordsInput) =>
  infiniteQueryOptions({
    queryKey: contentsKeys.records(input),
    queryFn: ({ signal, pageParam }) => {
      const { id, ...rest } = input;
      const path = withQuery(`${contentsPath(id)}/records`, { ...rest, cursor: pageParam });
      return getJson<RecordsPage>(path, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
    ...forGood,
  });

/** A value stays in memory for a minute after it was looked at, and no longer. */
export const keyValueQuery = (id: string, keyId: string) =>
  queryOptions({
    queryKey: contentsKeys.value(id, keyId),
    queryFn: ({ signal }) =>
      getJson<KeyValue>(`${contentsPath(id)}/value?keyId=${encodeURIComponent(keyId)}`, { signal }),
    ...forGood,
    gcTime: 60_000,
  });
