"use client";

import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { lazy, Suspense, useState } from "react";
import { ApiError } from "#app/_client/api.ts";
import { Crumbs } from "#app/_ui/crumbs.tsx";
import { ErrorPanel } from "#app/_ui/error-panel.tsx";
import { Panel } from "#app/_ui/panel.tsx";
import { useReturnFocus } from "#app/_ui/use-return-focus.ts";
import type { SnapshotDetail } from "#core/snapshots/contract.ts";
import { isInProgress, isKept } from "../../_lib/row-facts.ts";
import { snapshotDetailQuery } from "../../queries.ts";
import { Inside } from "../contents/inside.tsx";
import { useContentsUrl } from "../contents/use-contents-url.ts";
import { StaleBanner } from "../history/stale-banner.tsx";
import { Tray } from "../recover/tray.tsx";
import { TakeHost } from "../take/take-host.tsx";
import { ChecksumsPanel } from "./checksums-panel.tsx";
import { Custody } from "./custody.tsx";
import classes from "./detail.module.css";
import { DetailHead } from "./detail-head.tsx";
import { DetailWaiting } from "./detail-waiting.tsx";
import { Drill } from "./drill.tsx";
import { FactsStrip } from "./facts-strip.tsx";
import { HeadersPanel } from "./headers-panel.tsx";
import { RaftPanel } from "./raft-panel.tsx";

const RecordTables = lazy(() =>
  import("../contents/record-tables.tsx").then((module) => ({ default: module.RecordTables })),
);
// Of a take that runs or failed, and below the fold.
const FailurePanel = lazy(() =>
  import("./failure-panel.tsx").then((module) => ({ default: module.FailurePanel })),
);
const ProgressPanel = lazy(() =>
  import("./progress-panel.tsx").then((module) => ({ default: module.ProgressPanel })),
);
const RequestPanel = lazy(() =>
  import("./request-panel.tsx").then((module) => ({ default: module.RequestPanel })),
);
const DeleteDialog = lazy(() =>
  import("../delete-dialog.tsx").then((module) => ({ default: module.DeleteDialog })),
);

/** Everything that is known of one snapshot. */
export function Detail({ id }: { id: string }) {
  const router = useRouter();
  const query = useQuery(snapshotDetailQuery(id));
  const [deleting, setDeleting] = useState(false);
  const row = query.data;
  useReturnFocus(deleting);
  const trail = [
    { label: "Snapshots", href: "/snapshots" },
    ...(row?.datacenter
      ? [{ label: row.datacenter, href: `/snapshots?datacenter=${encodeURIComponent(row.datacenter)}` }]
      : []),
    { label: id, mono: true },
  ];
  return (
    <>
      <Crumbs items={trail} />
      {row === undefined && query.isError && (
        <Unreadable id={id} error={query.error} onRetry={() => void query.refetch()} />
      )}
      {row === undefined && !query.isError && <DetailWaiting />}
      {row !== undefined && (
        <>
          {query.isError && <StaleBanner error={query.error} at={query.dataUpdatedAt} />}
          <DetailHead row={row} onDelete={() => setDeleting(true)} />
          <Body row={row} />
          {isKept(row) && <Tray row={row} />}
        </>
      )}
      {deleting && row !== undefined && (
        <Suspense>
          <DeleteDialog
            rows={[row]}
            onClose={() => setDeleting(false)}
            onDeleted={() => router.push("/snapshots")}
          />
        </Suspense>
      )}
      <TakeHost />
    </>
  );
}

function Body({ row }: { row: SnapshotDetail }) {
  const running = isInProgress(row);
  const url = useContentsUrl();
  if (url.kind !== null && isKept(row)) {
    return (
      <Suspense fallback={<Panel aria-busy="true" style={{ minHeight: 400 }} />}>
        <RecordTables id={row.id} kind={url.kind} url={url} />
      </Suspense>
    );
  }
  return (
    <>
      {running && (
        <Suspense>
          <ProgressPanel row={row} />
        </Suspense>
      )}
      {(row.state === "failed" || row.state === "cancelled" || row.state === "corrupt") && (
        <Suspense>
          <FailurePanel row={row} />
        </Suspense>
      )}
      <FactsStrip row={row} />
      <div className={classes.grid}>
        <div className={classes.column}>
          <Inside row={row} url={url} />
          <Custody id={row.id} />
          <Suspense>
            <RequestPanel row={row} />
          </Suspense>
        </div>
        <div className={classes.column}>
          <HeadersPanel row={row} />
          <RaftPanel row={row} />
          <ChecksumsPanel row={row} />
          {isKept(row) && <Drill row={row} />}
        </div>
      </div>
    </>
  );
}

function Unreadable({ id, error, onRetry }: { id: string; error: Error; onRetry: () => void }) {
  const gone = error instanceof ApiError && error.status === 404;
  return (
    <ErrorPanel
      title={gone ? `There is no snapshot ${id}` : "The snapshot could not be read"}
      error={error}
      {...(gone ? {} : { onRetry })}
      actions={
        <Button size="xs" component={Link} href="/snapshots">
          All snapshots
        </Button>
      }
    >
      {gone
        ? "It may have been deleted. The audit log keeps who did and when."
        : "Its archive is not affected."}
    </ErrorPanel>
  );
}
