"use client";

import { Button } from "@mantine/core";
import Link from "next/link";
import { useCan, useViewer } from "#app/_client/use-viewer.ts";
import { StateBadge, Tag } from "#app/_ui/state-badge.tsx";
import { StateText } from "#app/_ui/state-text.tsx";
import { useNow } from "#app/_ui/time.tsx";
import type { RestoreRow } from "#core/restore/contract.ts";
import { isWatched, pointInTime, restoreState, timeLeft } from "../_lib/restore-words.ts";

/** The state of a row. One that waits for a person is the only one with a filled badge. */
export function RowState({ row }: { row: RestoreRow }) {
  const now = useNow(10_000);
  const shown = restoreState(row.state);
  if (row.state === "waiting") return <StateBadge state={shown.name} word={shown.word} />;
  if (!isWatched(row)) return <StateText state={shown.name} word={shown.word} />;
  const left = timeLeft(row.watchUntil, now);
  return (
    <StateText state={shown.name} word={shown.word} detail={left === "" ? "watching" : `watching, ${left}`} />
  );
}

/** What it goes back to; a way back says so. */
export function BackTo({ row }: { row: RestoreRow }) {
  const now = useNow(60_000);
  return (
    <>
      {pointInTime(row.snapshotTakenAt, now)}
      {row.returnOf !== null && (
        <>
          {" "}
          <Tag>return of {row.returnOf}</Tag>
        </>
      )}
    </>
  );
}

/** What the viewer can do about a request that waits. Whether they really may, the page itself says. */
export function WaitingAct({ row }: { row: RestoreRow }) {
  const viewer = useViewer();
  const may = useCan("restore.approve", row);
  if (row.state !== "waiting") return null;
  const own = viewer.name === row.byName;
  if (!may.allowed || own) {
    return (
      <span className="t3 fs12">{own ? "Somebody else has to agree" : "Waits for a second person"}</span>
    );
  }
  return (
    <Button
      size="xs"
      component={Link}
      href={`/restores/${row.id}`}
      aria-label={`Review the restore of ${row.datacenter}`}
      onClick={(event) => event.stopPropagation()}
    >
      Review…
    </Button>
  );
}
