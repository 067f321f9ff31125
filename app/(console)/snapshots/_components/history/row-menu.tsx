"use client";

import { ActionIcon, Menu } from "@mantine/core";
import {
  IconDots,
  IconDownload,
  IconFolderOpen,
  IconPinned,
  IconPinnedOff,
  IconRestore,
  IconTrash,
} from "@tabler/icons-react";
import Link from "next/link";
import { type ReactNode, useState } from "react";
import { type Permission, useCan } from "#app/_client/use-viewer.ts";
import type { SnapshotRow } from "#core/snapshots/contract.ts";
import { isInProgress, isKept, isRestorable } from "../../_lib/row-facts.ts";
import { datacenterOf } from "../../_lib/snapshot-words.ts";
import classes from "./history-table.module.css";

/** What a menu or a bar asks the page for. Stable functions, so that rows don't render again for them. */
export type RowActs = {
  download: (row: SnapshotRow) => void;
  pin: (row: SnapshotRow, pinned: boolean) => void;
  remove: (rows: readonly SnapshotRow[]) => void;
};

type Props = { row: SnapshotRow; acts: RowActs };

/** The actions of one row. The menu itself is built on its first opening: fifty of them are slow to mount. */
export function RowMenu({ row, acts }: Props) {
  const [used, setUsed] = useState(false);
  const name = `Actions for ${datacenterOf(row)} ${row.takenAt.slice(11, 19)}`;
  if (!used) {
    return (
      <ActionIcon
        size="xs"
        aria-label={name}
        aria-haspopup="menu"
        aria-expanded={false}
        onClick={() => setUsed(true)}
      >
        <IconDots aria-hidden />
      </ActionIcon>
    );
  }
  return (
    <Menu defaultOpened width={236}>
      <Menu.Target>
        <ActionIcon size="xs" aria-label={name}>
          <IconDots aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <MenuBody row={row} acts={acts} />
      </Menu.Dropdown>
    </Menu>
  );
}

function MenuBody({ row, acts }: Props) {
  const noArchive = isKept(row) ? null : isInProgress(row) ? "Still in progress" : "No archive is kept";
  const pinned = row.pinned ? "Pinned snapshots cannot be deleted" : null;
  return (
    <>
      <Menu.Item leftSection={<IconFolderOpen />} component={Link} href={`/snapshots/${row.id}`}>
        Open
      </Menu.Item>
      <Guarded
        permission="snapshot.download"
        reason={noArchive}
        icon={<IconDownload />}
        onClick={() => acts.download(row)}
      >
        Download
      </Guarded>
      <Guarded
        permission="snapshot.pin"
        reason={noArchive}
        icon={row.pinned ? <IconPinnedOff /> : <IconPinned />}
        onClick={() => acts.pin(row, !row.pinned)}
      >
        {row.pinned ? "Unpin" : "Pin"}
      </Guarded>
      <Guarded
        permission="restore.run"
        reason={noArchive ?? (isRestorable(row) ? null : "Its hashes do not match")}
        icon={<IconRestore />}
        href={`/restores/new?snapshot=${row.id}`}
      >
        Restore…
      </Guarded>
      <Menu.Divider role="separator" />
      <Guarded
        permission="snapshot.delete"
        reason={isInProgress(row) ? "Still in progress" : pinned}
        icon={<IconTrash />}
        danger
        onClick={() => acts.remove([row])}
      >
        Delete…
      </Guarded>
    </>
  );
}

type GuardedProps = {
  permission: Permission;
  /** Why this row can't, whoever asks. */
  reason: string | null;
  icon: ReactNode;
  danger?: boolean;
  children: string;
} & ({ onClick: () => void; href?: undefined } | { href: string; onClick?: undefined });

/** A menu item that, when off, says why in its second line. */
function Guarded({ permission, reason, icon, danger, children, onClick, href }: GuardedProps) {
  const verdict = useCan(permission);
  const why = verdict.allowed ? reason : verdict.reason;
  if (why !== null) {
    return (
      <Menu.Item leftSection={icon} disabled>
        {children}
        <span className={classes.why}>{why}</span>
      </Menu.Item>
    );
  }
  if (href !== undefined) {
    return (
      <Menu.Item leftSection={icon} component={Link} href={href}>
        {children}
      </Menu.Item>
    );
  }
  return (
    <Menu.Item leftSection={icon} data-danger={danger || undefined} onClick={onClick}>
      {children}
    </Menu.Item>
  );
}
