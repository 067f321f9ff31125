"use client";

import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { lazy, Suspense, useEffect, useRef } from "react";
import { ApiError } from "#app/_client/api.ts";
import { Crumbs } from "#app/_ui/crumbs.tsx";
import { ErrorPanel } from "#app/_ui/error-panel.tsx";
import { PageHead } from "#app/_ui/page-head.tsx";
import { StateBadge } from "#app/_ui/state-badge.tsx";
import { useNow } from "#app/_ui/time.tsx";
import type { Recovery, RecoveryState } from "#core/recoveries/contract.ts";
import { StaleBanner } from "../../../snapshots/_components/history/stale-banner.tsx";
import { RestoreWaiting } from "../../_components/restore-waiting.tsx";
import restores from "../../_components/restores.module.css";
import { pointInTime } from "../../_lib/restore-words.ts";
import { isMoving, recoveryMeaning, recoveryState, recoveryVerdict } from "../_lib/recovery-words.ts";
import { recoveryQuery } from "../queries.ts";
import { ItemsPanel } from "./items-panel.tsx";
import { RecoveryFacts } from "./recovery-facts.tsx";
import { RecoveryVerdict } from "./recovery-verdict.tsx";

// Each belongs to one state of a recovery.
const RecoverRail = lazy(() =>
  import("./recover-rail.tsx").then((module) => ({ default: module.RecoverRail })),
);
const UndoPanel = lazy(() => import("./undo-panel.tsx").then((module) => ({ default: module.UndoPanel })));

/** A part that comes back: the plan, what became of it, and the way back. */
export function RecoveryDetail({ id }: { id: string }) {
  const query = useQuery(recoveryQuery(id));
  const row = query.data;
  return (
    <>
      <Crumbs
        items={[
          { label: "Restores", href: "/restores" },
          { label: "Parts", href: "/restores/parts" },
          { label: id, mono: true },
        ]}
      />
      {row === undefined && query.isError && (
        <Unreadable id={id} error={query.error} onRetry={() => void query.refetch()} />
      )}
      {row === undefined && !query.isError && <RestoreWaiting />}
      {row !== undefined && (
        <>
          {query.isError && <StaleBanner error={query.error} at={query.dataUpdatedAt} />}
          <Detail row={row} />
        </>
      )}
    </>
  );
}

function Detail({ row }: { row: Recovery }) {
  const now = useNow(60_000);
  const shown = recoveryState(row.state);
  useItemsAfter(row.id, row.state);
  return (
    <>
      <PageHead
        title={`Recover a part of ${row.datacenter}`}
        badge={<StateBadge state={shown.name} word={shown.word} size="lg" />}
        sub={`from the snapshot of ${pointInTime(row.snapshotTakenAt, now)}`}
      />
      <div className={restores.grid}>
        <div className={restores.column}>
          <RecoveryVerdict row={row} />
          {row.state !== "planning" && <ItemsPanel row={row} />}
          <Spoken row={row} />
        </div>
        <div className={restores.column}>
          {row.state === "planned" && (
            <Suspense>
              <RecoverRail row={row} />
            </Suspense>
          )}
          <Suspense>
            <UndoPanel row={row} />
          </Suspense>
          <RecoveryFacts row={row} />
        </div>
      </div>
    </>
  );
}

/** What became of the items is known when the state changes; they are asked for again then. */
function useItemsAfter(id: string, state: RecoveryState): void {
  const client = useQueryClient();
  const before = useRef(state);
  useEffect(() => {
    if (before.current === state) return;
    before.current = state;
    void client.invalidateQueries({ queryKey: ["recoveries", id] });
  }, [client, id, state]);
}

/** Progress waits for its turn; how it ended is said at once. */
function Spoken({ row }: { row: Recovery }) {
  const words = `${recoveryVerdict(row)}. ${recoveryMeaning(row)}`;
  const goesOn = isMoving(row) || row.state === "planned";
  return (
    <>
      <p className="sr-only" role="status" aria-live="polite">
        {goesOn ? words : ""}
      </p>
      <p className="sr-only" role="alert">
        {goesOn ? "" : words}
      </p>
    </>
  );
}

function Unreadable({ id, error, onRetry }: { id: string; error: Error; onRetry: () => void }) {
  const gone = error instanceof ApiError && error.status === 404;
  return (
    <ErrorPanel
      title={gone ? `There is no recovery ${id}` : "The recovery could not be read"}
      error={error}
      {...(gone ? {} : { onRetry })}
      actions={
        <Button size="xs" component={Link} href="/restores/parts">
          All parts
        </Button>
      }
    >
      {gone ? "The link may be wrong." : "If it is under way, it goes on without this page."}
    </ErrorPanel>
  );
}
