"use client";

import { Button } from "@mantine/core";
import { IconFolderOpen, IconPlayerStop, IconRefresh } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { unwrapped } from "#app/_client/action-result.ts";
import { snapshotKeys } from "#app/_client/keys.ts";
import { ErrorNote } from "#app/_ui/error-panel.tsx";
import { formatAge, formatBytes, formatNumber } from "#app/_ui/format.ts";
import { ModalFooter } from "#app/_ui/modal-footer.tsx";
import { Note } from "#app/_ui/note.tsx";
import { Phases } from "#app/_ui/phases.tsx";
import { SkeletonList } from "#app/_ui/skeleton-rows.tsx";
import { StateBadge } from "#app/_ui/state-badge.tsx";
import { useTicking } from "#app/_ui/time.tsx";
import type { SnapshotDetail } from "#core/snapshots/contract.ts";
import { isInProgress } from "../../_lib/row-facts.ts";
import { datacenterOf, stepWords } from "../../_lib/snapshot-words.ts";
import { takePhases } from "../../_lib/take-phases.tsx";
import { closeTake, openTake } from "../../_lib/take-store.ts";
import { cancelTake } from "../../actions.ts";
import { FailureLines } from "../failure-lines.tsx";
import { LiveHeaders } from "./live-headers.tsx";
import classes from "./take.module.css";

type Row = SnapshotDetail | undefined;

export function TakeProgressTitle({ row }: { row: Row }) {
  if (row === undefined) return "Taking snapshot";
  const of = datacenterOf(row);
  if (!isInProgress(row)) {
    const end = row.state === "failed" ? "failed" : row.state === "cancelled" ? "cancelled" : "stored";
    return (
      <span className={classes.title}>
        Snapshot of {of} {end} <StateBadge state={row.state} />
      </span>
    );
  }
  return (
    <span className={classes.title}>
      Taking snapshot of {of} <Elapsed since={row.progress?.startedAt ?? row.takenAt} />
    </span>
  );
}

function Elapsed({ since }: { since: string }) {
  const words = useTicking((now) => formatAge(Math.max(0, now - Date.parse(since)), { units: 2 }));
  return <StateBadge state="running" word={words} />;
}

/** A take from the first question to its end. Closing the window changes nothing about it. */
export function TakeProgress({ id, row, error }: { id: string; row: Row; error: Error | null }) {
  const client = useQueryClient();
  const running = row === undefined || isInProgress(row);
  // The rows and numbers behind the dialog learn of the end at once, and not with their next question.
  useEffect(() => {
    if (!running) void client.invalidateQueries({ queryKey: snapshotKeys.all });
  }, [running, client]);
  return (
    <>
      <div className={`stack ${classes.content}`}>
        {row === undefined && error === null && <SkeletonList rows={4} height={44} />}
        {error !== null && (
          <ErrorNote title="The progress could not be read. The take goes on." error={error} />
        )}
        {row !== undefined && <Body row={row} />}
      </div>
      {running ? <RunningFooter id={id} row={row} /> : <EndFooter row={row} />}
      <Announcements row={row} />
    </>
  );
}

function Body({ row }: { row: SnapshotDetail }) {
  return (
    <>
      <Phases phases={takePhases(row)} />
      <LiveHeaders row={row} />
      {isInProgress(row) && (
        <Note>
          Closing this window keeps the job running. Cancelling discards the partial archive, nothing is
          stored until the hashes match.
        </Note>
      )}
      {row.state === "failed" && <FailureLines row={row} />}
      {row.state === "verified" && (
        <Note tone="good" title="Stored and verified.">
          {formatBytes(row.archiveBytes)} at index {formatNumber(row.raftIndex)}, both hashes match.
        </Note>
      )}
      {row.state === "stale" && (
        <Note tone="warn" title="Stored, but flagged Stale.">
          Its hashes match. Writes that this server had not heard of are missing, so it does not count as a
          good snapshot.
        </Note>
      )}
      {row.state === "cancelled" && (
        <Note title="Cancelled.">The partial archive was discarded. Nothing was stored.</Note>
      )}
    </>
  );
}

function RunningFooter({ id, row }: { id: string; row: Row }) {
  const client = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => unwrapped(cancelTake({ id })),
    onSettled: () => client.invalidateQueries({ queryKey: snapshotKeys.all }),
  });
  const cancellable = row?.progress?.cancellable ?? false;
  return (
    <>
      {cancel.isError && <ErrorNote title="It was not cancelled." error={cancel.error} />}
      <ModalFooter hint={<span className="mono">{id}</span>}>
        <Button
          variant="danger-outline"
          leftSection={<IconPlayerStop aria-hidden />}
          disabled={!cancellable}
          title={cancellable ? undefined : "It is being stored, which takes a moment"}
          loading={cancel.isPending}
          onClick={() => cancel.mutate()}
        >
          Cancel snapshot
        </Button>
        <Button onClick={closeTake} data-autofocus>
          Run in background
        </Button>
      </ModalFooter>
    </>
  );
}

function EndFooter({ row }: { row: Row }) {
  const router = useRouter();
  if (row === undefined) return null;
  const again = row.state === "failed" || row.state === "cancelled";
  const seed = { datacenter: row.datacenter ?? undefined, clusterId: row.clusterId ?? undefined };
  function open() {
    closeTake();
    router.push(`/snapshots/${row?.id ?? ""}`);
  }
  return (
    <ModalFooter hint={<span className="mono">{row.id}</span>}>
      <Button onClick={open} leftSection={<IconFolderOpen aria-hidden />}>
        Open
      </Button>
      {again && (
        <Button leftSection={<IconRefresh aria-hidden />} onClick={() => openTake(withoutGaps(seed))}>
          Try again…
        </Button>
      )}
      <Button variant="primary" onClick={closeTake}>
        {again ? "Close" : "Done"}
      </Button>
    </ModalFooter>
  );
}

function withoutGaps(seed: { datacenter: string | undefined; clusterId: string | undefined }) {
  return {
    ...(seed.datacenter === undefined ? {} : { datacenter: seed.datacenter }),
    ...(seed.clusterId === undefined ? {} : { clusterId: seed.clusterId }),
  };
}

/** Politely which step it is in, at once how it ended; never every number. */
function Announcements({ row }: { row: Row }) {
  const running = row !== undefined && isInProgress(row);
  const step = running && row.progress !== null ? stepWords(row.progress.phase, false) : "";
  return (
    <>
      <p className="sr-only" role="status" aria-live="polite">
        {step}
      </p>
      <p className="sr-only" role="alert">
        {row === undefined || running ? "" : endWords(row)}
      </p>
    </>
  );
}

function endWords(row: SnapshotDetail): string {
  const of = `Snapshot of ${datacenterOf(row)}`;
  if (row.state === "verified") return `${of} stored and verified.`;
  if (row.state === "stale") return `${of} stored, flagged stale.`;
  if (row.state === "cancelled") return `${of} cancelled. Nothing was stored.`;
  return `${of} failed. ${row.failureText ?? ""} Nothing was stored.`;
}
