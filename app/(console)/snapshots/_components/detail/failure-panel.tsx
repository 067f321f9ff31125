"use client";

import { IconCamera, IconHourglassLow } from "@tabler/icons-react";
import { Glyph } from "#app/_ui/glyph.tsx";
import { Panel } from "#app/_ui/panel.tsx";
import { states } from "#app/_ui/states.ts";
import type { SnapshotDetail } from "#core/snapshots/contract.ts";
import { datacenterOf } from "../../_lib/snapshot-words.ts";
import { openTake, showTakeProgress } from "../../_lib/take-store.ts";
import { FailureLines } from "../failure-lines.tsx";
import { GuardedButton } from "../guarded-button.tsx";
import classes from "./detail.module.css";

/** Why there is nothing to restore from, in Consul's words, and the best thing still possible. */
export function FailurePanel({ row }: { row: SnapshotDetail }) {
  const tone = row.state === "cancelled" ? "idle" : "bad";
  return (
    <Panel className={classes.failure} aria-label="What went wrong">
      <Glyph tone={tone} icon={states[row.state].icon} />
      <div className="grow stack" style={{ gap: 12 }}>
        <div>
          <h2 className={classes.failureTitle}>{titleWords(row)}</h2>
          <p className="t2">{storedWords(row)}</p>
        </div>
        <FailureLines row={row} />
        {row.mode !== "file" && row.state !== "corrupt" && (
          <div className="row" style={{ flexWrap: "wrap" }}>
            <Again row={row} />
          </div>
        )}
      </div>
    </Panel>
  );
}

function Again({ row }: { row: SnapshotDetail }) {
  const seed = {
    ...(row.clusterId === null ? {} : { clusterId: row.clusterId }),
    ...(row.datacenter === null ? {} : { datacenter: row.datacenter }),
  };
  const noLeader = row.failureCode === "consul_no_leader" && row.clusterId !== null;
  return (
    <>
      {noLeader && (
        <GuardedButton
          permission="snapshot.take"
          places={[row]}
          size="xs"
          variant="primary"
          leftSection={<IconHourglassLow size={14} aria-hidden />}
          onClick={() => showTakeProgress(row.id)}
        >
          Take stale snapshot…
        </GuardedButton>
      )}
      <GuardedButton
        permission="snapshot.take"
        places={[row]}
        size="xs"
        leftSection={<IconCamera size={14} aria-hidden />}
        onClick={() => openTake(seed)}
      >
        Take snapshot…
      </GuardedButton>
    </>
  );
}

function titleWords(row: SnapshotDetail): string {
  if (row.state === "cancelled") return "This snapshot was cancelled";
  if (row.state === "corrupt") return "This archive no longer matches its checksums";
  if (row.failureCode === "consul_no_leader") return `No cluster leader in ${datacenterOf(row)}`;
  return row.mode === "file" ? "This archive was not accepted" : "This snapshot failed";
}

function storedWords(row: SnapshotDetail): string {
  if (row.state === "corrupt") return "It is kept for a look, and cannot be restored.";
  return "Nothing was stored. Older snapshots are not affected.";
}
