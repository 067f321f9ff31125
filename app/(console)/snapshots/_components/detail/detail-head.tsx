"use client";

import {
  IconDownload,
  IconGitCompare,
  IconPinned,
  IconPinnedOff,
  IconRestore,
  IconTrash,
} from "@tabler/icons-react";
import { CopyButton } from "#app/_ui/copy-button.tsx";
import { StateBadge } from "#app/_ui/state-badge.tsx";
import { useNow } from "#app/_ui/time.tsx";
import type { SnapshotDetail } from "#core/snapshots/contract.ts";
import { isInProgress, isKept, isRestorable } from "../../_lib/row-facts.ts";
import { titleOf } from "../../_lib/snapshot-words.ts";
import { useDownload, usePin } from "../../_lib/use-snapshot-acts.tsx";
import { GuardedButton } from "../guarded-button.tsx";
import classes from "./detail.module.css";

type Props = { row: SnapshotDetail; onDelete: () => void };

export function DetailHead({ row, onDelete }: Props) {
  const now = useNow(86_400_000);
  return (
    <div className={classes.head}>
      <div className={classes.titleRow}>
        <h1>{titleOf(row, now)}</h1>
        <StateBadge state={row.state} size="lg" />
        {row.pinned && (
          <span className={classes.pinned}>
            <IconPinned size={15} aria-hidden />
            Pinned
          </span>
        )}
        <div className={classes.actions}>
          <Actions row={row} onDelete={onDelete} />
        </div>
      </div>
      <div className={classes.sub}>
        {row.note !== "" && (
          <>
            <span className="t2">{row.note}</span>
            <span className="t3">·</span>
          </>
        )}
        <span className="mono t3">{row.id}</span>
        <CopyButton text={row.id} label="Copy id" />
        <span className="grow" />
        {row.pinned && <span className="t3 fs12">Pinned snapshots cannot be deleted</span>}
      </div>
    </div>
  );
}

function Actions({ row, onDelete }: Props) {
  const download = useDownload();
  const pin = usePin();
  const running = isInProgress(row);
  const noArchive = isKept(row) ? null : running ? "Still in progress" : "No archive is kept";
  return (
    <>
      <GuardedButton
        permission="snapshot.download"
        places={[row]}
        reason={noArchive}
        leftSection={<IconDownload aria-hidden />}
        loading={download.isPending}
        onClick={() => download.mutate(row)}
      >
        Download
      </GuardedButton>
      <GuardedButton
        permission="snapshot.read"
        places={[row]}
        reason={noArchive}
        leftSection={<IconGitCompare aria-hidden />}
        href={`/compare?a=${row.id}`}
      >
        Compare
      </GuardedButton>
      <GuardedButton
        permission="snapshot.pin"
        places={[row]}
        reason={noArchive}
        leftSection={row.pinned ? <IconPinnedOff aria-hidden /> : <IconPinned aria-hidden />}
        loading={pin.isPending}
        onClick={() => pin.mutate({ row, pinned: !row.pinned })}
      >
        {row.pinned ? "Unpin" : "Pin"}
      </GuardedButton>
      <GuardedButton
        permission="snapshot.delete"
        places={[row]}
        reason={row.pinned ? "Pinned snapshots cannot be deleted" : running ? "Still in progress" : null}
        variant="danger-outline"
        leftSection={<IconTrash aria-hidden />}
        onClick={onDelete}
      >
        Delete…
      </GuardedButton>
      <GuardedButton
        permission="restore.run"
        places={[row]}
        reason={noArchive ?? (isRestorable(row) ? null : "Its hashes do not match")}
        variant="primary"
        leftSection={<IconRestore aria-hidden />}
        href={`/restores/new?snapshot=${row.id}`}
      >
        Restore…
      </GuardedButton>
    </>
  );
}
