"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useRef } from "react";
import { Crumbs } from "#app/_ui/crumbs.tsx";
import { PageHead } from "#app/_ui/page-head.tsx";
import { StateBadge } from "#app/_ui/state-badge.tsx";
import { useNow } from "#app/_ui/time.tsx";
import { Unreadable } from "#app/_ui/unreadable.tsx";
import type { Recovery, RecoveryState } from "#core/recoveries/contract.ts";
import { StaleBanner } from "../../../snapshots/_components/history/stale-banner.tsx";
import { RestoreWaiting } from "../../_components/restore-waiting.tsx";
import restores from "../../_components/restores.module.css";
import { Spoken } from "../../_components/spoken.tsx";
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
        <Unreadable
          what="recovery"
          id={id}
          error={query.error}
          onRetry={() => void query.refetch()}
          list={{ href: "/restores/parts", words: "All parts" }}
          gone="The link may be wrong."
          goesOn="If it is under way, it goes on without this page."
        />
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
          <Spoken
            goesOn={isMoving(row) || row.state === "planned"}
            words={`${recoveryVerdict(row)}. ${recoveryMeaning(row)}`}
          />
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
