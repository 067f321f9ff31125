"use client";

import {
  IconDownload,
  IconFolderOpen,
  IconPinned,
  IconPinnedOff,
  IconRestore,
  IconTrash,
} from "@tabler/icons-react";
import { type Permission, useCan } from "#app/_client/use-viewer.ts";
import { ActionMenu, type MenuAction } from "#app/_ui/action-menu.tsx";
import type { Place } from "#core/kernel/permission.ts";
import type { SnapshotRow } from "#core/snapshots/contract.ts";
import { isInProgress, isKept, isRestorable } from "../../_lib/row-facts.ts";
import { datacenterOf } from "../../_lib/snapshot-words.ts";

/** What a menu or a bar asks the page for. Stable functions, so that rows don't render again for them. */
export type RowActs = {
  download: (row: SnapshotRow) => void;
  pin: (row: SnapshotRow, pinned: boolean) => void;
  remove: (rows: readonly SnapshotRow[]) => void;
};

type Props = { row: SnapshotRow; acts: RowActs };

/** The actions of one row. What is off stays in the menu with its reason. */
export function RowMenu({ row, acts }: Props) {
  const why = useReasons(row);
  const actions: MenuAction[] = [
    { label: "Open", icon: IconFolderOpen, href: `/snapshots/${row.id}` },
    {
      label: "Download",
      icon: IconDownload,
      disabledReason: why.download,
      onSelect: () => acts.download(row),
    },
    {
      label: row.pinned ? "Unpin" : "Pin",
      icon: row.pinned ? IconPinnedOff : IconPinned,
      disabledReason: why.pin,
      onSelect: () => acts.pin(row, !row.pinned),
    },
    {
      label: "Restore…",
      icon: IconRestore,
      disabledReason: why.restore,
      href: `/restores/new?snapshot=${row.id}`,
    },
    {
      label: "Delete…",
      icon: IconTrash,
      danger: true,
      rule: true,
      disabledReason: why.remove,
      onSelect: () => acts.remove([row]),
    },
  ];
  return (
    <ActionMenu label={`Actions for ${datacenterOf(row)} ${row.takenAt.slice(11, 19)}`} actions={actions} />
  );
}

/** Why each act is off, the person's role before the row's own state; null where it is on. */
function useReasons(row: SnapshotRow) {
  const noArchive = isKept(row) ? null : isInProgress(row) ? "Still in progress" : "No archive is kept";
  const cannotRestore = noArchive ?? (isRestorable(row) ? null : "Its hashes do not match");
  const cannotDelete = isInProgress(row) ? "Still in progress" : null;
  return {
    download: useReason("snapshot.download", row, noArchive),
    pin: useReason("snapshot.pin", row, noArchive),
    restore: useReason("restore.run", row, cannotRestore),
    remove: useReason(
      "snapshot.delete",
      row,
      row.pinned ? "Pinned snapshots cannot be deleted" : cannotDelete,
    ),
  };
}

function useReason(permission: Permission, place: Place, reason: string | null): string | null {
  const verdict = useCan(permission, place);
  return verdict.allowed ? reason : verdict.reason;
}
