import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { unwrapped } from "#app/_client/action-result.ts";
import { getJson, withQuery } from "#app/_client/api.ts";
import { comparisonKeys } from "#app/_client/keys.ts";
import type {
  Comparison,
  DifferencesInput,
  DifferencesPage,
  RecordDifference,
  StartInput,
  ValueDifference,
} from "#core/comparisons/contract.ts";
import { startComparison } from "./actions.ts";

const watchMs = 500;
const keepMs = 5 * 60_000;
const pageRows = 200;

const address = (id: string, part = "") => `/api/v1/comparisons/${encodeURIComponent(id)}${part}`;

export const startKey = (a: string, b: string) => [...comparisonKeys.all, "start", a, b] as const;

/**
 * Asks for the comparison of two sides, once for each pair: two stored snapshots always have the same one, and a
 * live side would be taken again with every try.
 */
export const startQuery = (a: string, b: string, input: StartInput | null) =>
  queryOptions({
    queryKey: startKey(a, b),
    queryFn: () => {
      if (input === null) throw new Error("There is nothing to compare yet");
      return unwrapped(startComparison(input));
    },
    enabled: input !== null,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 30 * 60_000,
    retry: false,
    refetchOnMount: false,
    refetchOnReconnect: false,
    refetchOnWindowFocus: false,
  });

/** Followed closely while it runs. What is ready never changes again; being asked for keeps it on the server. */
export const comparisonQuery = (id: string) =>
  queryOptions({
    queryKey: comparisonKeys.one(id),
    queryFn: ({ signal }) => getJson<Comparison>(address(id), { signal }),
    refetchInterval: (query) => (query.state.data?.state === "running" ? watchMs : keepMs),
    staleTime: (query) => (query.state.data?.state === "ready" ? 60_000 : 0),
  });

export const differencesQuery = (input: DifferencesInput) =>
  infiniteQueryOptions({
    queryKey: comparisonKeys.differences(input),
    queryFn: ({ signal, pageParam }) => {
      const { id, ...rest } = input;
      const query = { ...rest, limit: pageRows, cursor: pageParam };
      return getJson<DifferencesPage>(withQuery(address(id, "/differences"), query), { signal });
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });

export const valueQuery = (id: string, keyId: string) =>
  queryOptions({
    queryKey: comparisonKeys.value(id, keyId),
    queryFn: ({ signal }) =>
      getJson<ValueDifference>(withQuery(address(id, "/value"), { keyId }), { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });

export const recordQuery = (id: string, kind: string, identity: string) =>
  queryOptions({
    queryKey: comparisonKeys.record(id, kind, identity),
    queryFn: ({ signal }) =>
      getJson<RecordDifference>(withQuery(address(id, "/record"), { kind, identity }), { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
