"use client";
import { useQuery } from "@tanstack/react-query";
import { useCan } from "#app/_client/use-viewer.ts";
import { Empty } from "#app/_ui/empty.tsx";
import { ErrorPanel } from "#app/_ui/error-panel.tsx";
import { formatNumber } from "#app/_ui/format.ts";
import { pageFill } from "#app/_ui/page-fill.ts";
import { PageHead } from "#app/_ui/page-head.tsx";
import { Panel } from "#app/_ui/panel.tsx";
import { SkeletonList } from "#app/_ui/skeleton-rows.tsx";
import { auditQuery } from "../queries.ts";
import { AuditFilters } from "./audit-filters.tsx";
import { AuditFooter } from "./audit-footer.tsx";
import { AuditList } from "./audit-list.tsx";
import { AuditTable } from "./audit-table.tsx";
import { useAuditFilter } from "./use-audit-filter.ts";

/** Who did what, when, from where, and how it ended. Newest first; rows are never changed. */
export function AuditView() {
  const can = useCan("audit.read");
  const filter = useAuditFilter();
  const page = useQuery({ ...auditQuery(filter.input), enabled: can.allowed });
  const sub =
    page.data === undefined
      ? undefined
      : `${formatNumber(page.data.total)} ${filter.filtered ? "match" : "entries"}`;
  if (!can.allowed) {
    return (
      <>
        <PageHead title="Audit log" />
        <Panel>
          <Empty title="The audit log is not open to your role" picture={false}>
            {can.reason}. What you do yourself is written to it all the same.
          </Empty>
        </Panel>
      </>
    );
  }
  return (
    <>
      <PageHead title="Audit log" sub={sub} />
      <AuditFilters filter={filter} rows={page.data?.rows ?? []} />
      {page.error !== null && page.data === undefined ? (
        <ErrorPanel
          title="The audit log could not be read"
          error={page.error}
          onRetry={() => void page.refetch()}
        >
          Acts are still written to it: without a row, no act runs.
        </ErrorPanel>
      ) : (
        <Panel className={pageFill} aria-busy={page.isFetching}>
          {page.data === undefined && <SkeletonList rows={16} height={28} />}
          {page.data?.rows.length === 0 && (
            <Empty title={filter.filtered ? "No entry matches" : "No entries yet"} picture={false}>
              {filter.filtered
                ? "Another word, action or result may find it."
                : "The first act writes the first."}
            </Empty>
          )}
          {page.data !== undefined && page.data.rows.length > 0 && (
            <>
              <AuditTable rows={page.data.rows} paler={page.isPlaceholderData} />
              <AuditList rows={page.data.rows} />
              <AuditFooter page={page.data} filter={filter} />
            </>
          )}
        </Panel>
      )}
    </>
  );
}
