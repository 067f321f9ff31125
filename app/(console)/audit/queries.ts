import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { getJson, withQuery } from "#app/_client/api.ts";
import { auditKeys } from "#app/_client/keys.ts";
import type {
  AuditEntryDetail,
  AuditFacets,
  AuditListInput,
  AuditPage,
  ChainReport,
  LastChainReport,
} from "#core/audit/contract.ts";

/** Only the newest page follows the log; an older page never changes, because rows are never changed. */
export function auditListQuery(input: AuditListInput) {
  const newest = input.before === undefined && input.newer === undefined;
  return queryOptions({
    queryKey: auditKeys.list(input),
    queryFn: ({ signal }) => getJson<AuditPage>(withQuery("/api/v1/audit", input), { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: newest ? 10_000 : false,
  });
}

/** One entry with its neighbours. The head of the chain gets a neighbour sooner or later, so it is asked again. */
export function auditEntryQuery(entry: number) {
  return queryOptions({
    queryKey: auditKeys.entry(entry),
    queryFn: ({ signal }) => getJson<AuditEntryDetail>(`/api/v1/audit/entries/${entry}`, { signal }),
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
}

/** Names for the filter; a new one may be missing for a minute. */
export const auditFacetsQuery = queryOptions({
  queryKey: auditKeys.facets,
  queryFn: ({ signal }) => getJson<AuditFacets>("/api/v1/audit/facets", { signal }),
  staleTime: 60_000,
});

/** What the last check found: some seconds after a start there is one, and one each day, and when somebody wants it. */
export const chainQuery = queryOptions({
  queryKey: auditKeys.chain,
  queryFn: async ({ signal }): Promise<ChainReport | null> =>
    (await getJson<LastChainReport>("/api/v1/audit/chain", { signal })).report,
  staleTime: 60_000,
  refetchInterval: (query) => (query.state.data === null ? 5_000 : 60_000),
});
