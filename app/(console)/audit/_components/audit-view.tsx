"use client";

import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { useCan } from "#app/_client/use-viewer.ts";
import { Crumbs } from "#app/_ui/crumbs.tsx";
import { Empty } from "#app/_ui/empty.tsx";
import { ErrorPanel } from "#app/_ui/error-panel.tsx";
import { formatNumber } from "#app/_ui/format.ts";
import { PageHead } from "#app/_ui/page-head.tsx";
import { Panel } from "#app/_ui/panel.tsx";
import { everywhere } from "#core/kernel/permission.ts";
import { StaleBanner } from "../../snapshots/_components/history/stale-banner.tsx";
import { useWide } from "../../snapshots/_lib/use-wide.ts";
import { noFilters } from "../_lib/filters.ts";
import { auditListQuery } from "../queries.ts";
import { AuditHead } from "./audit-head.tsx";
import { EntriesPanel } from "./entries-panel.tsx";
import { FilterBar } from "./filter-bar.tsx";
import { useAuditUrl } from "./use-audit-url.ts";

const EntryDrawer = lazy(() =>
  import("./drawer/entry-drawer.tsx").then((module) => ({ default: module.EntryDrawer })),
);

/** Who did what, when, from where, and how it ended. Newest first; rows are never changed. */
export function AuditView() {
  const can = useCan("audit.read", everywhere);
  return can.allowed ? <AuditLog /> : <Closed reason={can.reason} />;
}

function Closed({ reason }: { reason: string }) {
  return (
    <>
      <PageHead title="Audit log" />
      <Panel>
        <Empty title="The audit log is not open to your role" picture={false}>
          {reason}. What you do yourself is written to it all the same.
        </Empty>
      </Panel>
    </>
  );
}

function AuditLog() {
  const url = useAuditUrl();
  const wide = useWide();
  const list = useQuery(auditListQuery(url.input));
  const page = list.data;
  return (
    <>
      <AuditHead url={url} />
      {list.isError && page !== undefined && <StaleBanner error={list.error} at={list.dataUpdatedAt} />}
      <FilterBar url={url} page={page} />
      {list.isError && page === undefined ? (
        <ErrorPanel
          title="The audit log could not be read"
          error={list.error}
          onRetry={() => void list.refetch()}
        >
          Acts are still written to it: without a row, no act runs.
        </ErrorPanel>
      ) : (
        <EntriesPanel
          page={page}
          stale={list.isPlaceholderData}
          wide={wide}
          url={url}
          onClear={() => url.change(noFilters)}
        />
      )}
      {url.entry !== null && (
        <>
          <Crumbs items={[{ label: "Audit log", href: "/audit" }, { label: formatNumber(url.entry) }]} />
          <Suspense>
            <EntryDrawer entry={url.entry} page={page} url={url} wide={wide} />
          </Suspense>
        </>
      )}
    </>
  );
}
