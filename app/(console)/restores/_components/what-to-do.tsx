"use client";

import { Button } from "@mantine/core";
import { IconCamera, IconRestore } from "@tabler/icons-react";
import Link from "next/link";
import { CliStrip } from "#app/_ui/cli-strip.tsx";
import { Panel, PanelHeader } from "#app/_ui/panel.tsx";
import { useNow } from "#app/_ui/time.tsx";
import type { RestoreRow } from "#core/restore/contract.ts";
import { GuardedButton } from "../../snapshots/_components/guarded-button.tsx";
import { TakeHost } from "../../snapshots/_components/take/take-host.tsx";
import { shellQuote } from "../../snapshots/_lib/commands.ts";
import { openTake } from "../../snapshots/_lib/take-store.ts";
import { pointInTime } from "../_lib/restore-words.ts";
import classes from "./restores.module.css";

/** The next useful step. An unknown outcome says where to look, because only the datacenter itself can tell. */
export function WhatToDo({ row }: { row: RestoreRow }) {
  switch (row.state) {
    case "running":
      return null;
    case "succeeded":
      return (
        <Panel>
          <PanelHeader title="If all is well" />
          <div className={classes.confirm}>
            <p className="t2">
              Take a fresh snapshot, so that {row.datacenter} is inside its objective again.
            </p>
            <TakeAgain row={row} />
          </div>
        </Panel>
      );
    case "unknown":
      return <WhatToLookAt row={row} />;
    case "refused":
    case "failed":
    case "cancelled":
      return (
        <Panel>
          <PanelHeader title="Next" />
          <div className={classes.confirm}>
            <p className="t2">The snapshot is untouched and can be restored again.</p>
            <Again row={row} />
          </div>
        </Panel>
      );
    default:
      return row.state satisfies never;
  }
}

function WhatToLookAt({ row }: { row: RestoreRow }) {
  const now = useNow(60_000);
  const command = `consul kv get -datacenter=${shellQuote(row.datacenter)} \\\n    -detailed a/key/that/changed`;
  return (
    <Panel>
      <PanelHeader title="What to look at" />
      <div className={classes.confirm}>
        <ol className="stack t2" style={{ gap: 8 }}>
          <li>
            1. Wait until {row.datacenter} has a leader. A restore is applied to all servers or to none.
          </li>
          <li>
            2. Read a key that changed after {pointInTime(row.snapshotTakenAt, now)}. Its old value means that
            the restore was applied, its new one that it was not.
          </li>
          <li>3. Then leave it, or restore again, which replaces whatever was written since.</li>
        </ol>
        <CliStrip command={command} />
        <Again row={row} />
      </div>
    </Panel>
  );
}

function Again({ row }: { row: RestoreRow }) {
  return (
    <div className="stack" style={{ gap: 8 }}>
      <GuardedButton
        permission="restore.run"
        places={[row]}
        leftSection={<IconRestore aria-hidden />}
        href={`/restores/new?snapshot=${row.snapshotId}`}
      >
        Restore again…
      </GuardedButton>
      <Button variant="ghost" component={Link} href={`/snapshots/${row.snapshotId}`}>
        Open the snapshot
      </Button>
    </div>
  );
}

function TakeAgain({ row }: { row: RestoreRow }) {
  const seed = {
    datacenter: row.datacenter,
    ...(row.clusterId === null ? {} : { clusterId: row.clusterId }),
  };
  return (
    <>
      <GuardedButton
        permission="snapshot.take"
        places={[row]}
        variant="primary"
        leftSection={<IconCamera aria-hidden />}
        onClick={() => openTake(seed)}
      >
        Take snapshot
      </GuardedButton>
      <TakeHost />
    </>
  );
}
