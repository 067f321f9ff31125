import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { getJson, withQuery } from "#app/_client/api.ts";
import { auditKeys } from "#app/_client/keys.ts";
import type { AuditListInput, AuditPage } from "#core/audit/contract.ts";

/** Only the newest page follows the log; an older page never changes, because rows are never changed. */
export function auditQuery(input: AuditListInput) {
  return queryOptions({
    queryKey: auditKeys.list(input),
    queryFn: ({ signal }) => getJson<AuditPage>(withQuery("/api/v1/audit", input), { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: input.before === undefined ? 10_000 : false,
  });
}
