"use client";

import { Button } from "@mantine/core";
import { IconFlask2 } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { lazy, useEffect, useRef } from "react";
import { snapshotKeys } from "#app/_client/keys.ts";
import { DialogSlot } from "#app/_ui/dialog-slot.tsx";
import { ErrorNote } from "#app/_ui/error-panel.tsx";
import { Note } from "#app/_ui/note.tsx";
import { Panel, PanelFooter, PanelHeader } from "#app/_ui/panel.tsx";
import { SkeletonList } from "#app/_ui/skeleton-rows.tsx";
import { StateText } from "#app/_ui/state-text.tsx";
import { Utc } from "#app/_ui/time.tsx";
import { useDialog } from "#app/_ui/use-dialog.ts";
import type { DrillRow } from "#core/drills/contract.ts";
import type { SnapshotDetail } from "#core/snapshots/contract.ts";
import { DrillProgress } from "../../../restores/drills/_components/drill-progress.tsx";
import {
  drillMeaning,
  drillState,
  drillVerdict,
  proofWords,
  versionWords,
} from "../../../restores/drills/_lib/drill-words.ts";
import { drillListQuery } from "../../../restores/drills/queries.ts";
import { isRestorable } from "../../_lib/row-facts.ts";
import { GuardedButton } from "../guarded-button.tsx";
import classes from "./detail.module.css";

const DrillDialog = lazy(() =>
  import("./drill-dialog.tsx").then((module) => ({ default: module.DrillDialog })),
);

/** The newest proof that this archive can be restored, the one that is being made, and the way to begin one. */
export function DrillPanel({ row }: { row: SnapshotDetail }) {
  const query = useQuery(drillListQuery({ snapshotId: row.id, limit: 5 }));
  const dialog = useDialog<string>();
  const newest = query.data?.rows[0];
  const running = newest?.state === "running" ? newest : undefined;
  useSnapshotAfter(running?.id);
  return (
    <Panel aria-label="Proven restore" aria-busy={query.isPending}>
      <PanelHeader
        title="Proven restore"
        actions={
          <GuardedButton
            permission="drill.run"
            places={[row]}
            reason={running ? "A drill is running" : isRestorable(row) ? null : "Its hashes do not match"}
            size="xs"
            leftSection={<IconFlask2 size={14} aria-hidden />}
            onClick={() => dialog.open(row.id)}
          >
            Drill it…
          </GuardedButton>
        }
      />
      <div className={classes.drill}>
        {query.isPending && <SkeletonList rows={2} height={28} />}
        {query.data === undefined && query.isError && (
          <ErrorNote title="The drills could not be read." error={query.error}>
            <Button size="xs" onClick={() => void query.refetch()}>
              Try again
            </Button>
          </ErrorNote>
        )}
        {query.data !== undefined && (
          <>
            {running !== undefined && <DrillProgress row={running} />}
            {running === undefined && <Proof row={row} drills={query.data.rows} />}
          </>
        )}
      </div>
      {newest !== undefined && (
        <PanelFooter>
          <Link className="link" href={`/restores/drills?snapshot=${row.id}`}>
            All drills of it
          </Link>
        </PanelFooter>
      )}
      <DialogSlot dialog={dialog}>{(common) => <DrillDialog row={row} {...common} />}</DialogSlot>
    </Panel>
  );
}

/** The snapshot carries the proof itself, so its page is read anew when a drill has ended. */
function useSnapshotAfter(runningId: string | undefined): void {
  const client = useQueryClient();
  const before = useRef(runningId);
  useEffect(() => {
    if (before.current !== undefined && runningId === undefined) {
      void client.invalidateQueries({ queryKey: snapshotKeys.all });
    }
    before.current = runningId;
  }, [runningId, client]);
}

/** Cancelled ones and those that were cut off prove nothing, so the proof may be an older one than the newest. */
function Proof({ row, drills }: { row: SnapshotDetail; drills: readonly DrillRow[] }) {
  const [newest] = drills;
  const ended = newest !== undefined && newest.finishedAt !== null ? newest : undefined;
  // The snapshot's own page is asked for more rarely than its drills.
  const fresher = ended !== undefined && ended.report !== null ? ended.id : row.drill?.id;
  const drill = drills.find((one) => one.id === fresher);
  return (
    <>
      {row.drill === null && drill === undefined && (
        <p className="t2">
          Never drilled. Until it is, or a restore of it has worked, it is not proven that it can be restored.
        </p>
      )}
      {drill !== undefined && <Verdict drill={drill} />}
      {drill === undefined && row.drill !== null && (
        <p>
          <Link className="link" href={`/restores/drills/${row.drill.id}`}>
            {proofWords(row.drill)}
          </Link>
        </p>
      )}
      {ended !== undefined && ended.id !== (drill?.id ?? row.drill?.id) && (
        <Note
          tone="idle"
          title={`The newest attempt proves nothing: ${drillState(ended.state).word.toLowerCase()}.`}
        >
          {ended.outcomeText}
        </Note>
      )}
    </>
  );
}

function Verdict({ drill }: { drill: DrillRow }) {
  const shown = drillState(drill.state);
  const versions = versionWords(drill);
  return (
    <>
      <p>
        <StateText state={shown.name} word={<b className="med">{drillVerdict(drill.state)}</b>} />{" "}
        <Link className="link fs12" href={`/restores/drills/${drill.id}`} aria-label="Open the drill">
          <Utc at={drill.finishedAt} as="short" />
        </Link>
      </p>
      <p className="t2">{drillMeaning(drill)}</p>
      {drill.state !== "passed" && drill.outcomeText !== null && (
        <p className={`mono ${classes.said}`}>{drill.outcomeText}</p>
      )}
      <p className="t3 fs12">
        {drill.state === "passed" && proofLine(drill)}
        {versions !== null && ` ${versions}`}
      </p>
    </>
  );
}

function proofLine({ consulVersion, durationMs }: DrillRow): string {
  return `${proofWords({ state: "passed", consulVersion, ms: durationMs ?? 0 })}.`;
}
