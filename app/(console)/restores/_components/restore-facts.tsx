"use client";

import Link from "next/link";
import { CopyButton } from "#app/_ui/copy-button.tsx";
import { Facts } from "#app/_ui/facts.tsx";
import { Panel, PanelHeader } from "#app/_ui/panel.tsx";
import { Utc } from "#app/_ui/time.tsx";
import type { RestoreRow } from "#core/restore/contract.ts";
import classes from "./restores.module.css";

/** Who, why and from what; with the id that the audit log knows it by. */
export function RestoreFacts({ row }: { row: RestoreRow }) {
  return (
    <Panel>
      <PanelHeader title="Request" />
      <Facts
        className={classes.facts}
        facts={[
          {
            label: "Snapshot",
            value: (
              <Link className="link mono" href={`/snapshots/${row.snapshotId}`}>
                {row.snapshotId}
              </Link>
            ),
          },
          { label: "Taken", value: <Utc at={row.snapshotTakenAt} as="title" /> },
          { label: "Target", value: `${row.datacenter} in ${row.clusterName}` },
          { label: "Started", value: <Utc at={row.startedAt} as="title" /> },
          { label: "By", value: row.byName },
          { label: "Reason", value: row.reason },
          {
            label: "Correlation id",
            value: (
              <span className="row" style={{ justifyContent: "flex-end", gap: 4 }}>
                <span className="mono">{row.correlationId}</span>
                <CopyButton text={row.correlationId} label="Copy correlation id" />
              </span>
            ),
          },
        ]}
      />
    </Panel>
  );
}
