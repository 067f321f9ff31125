"use client";

import { IconArrowRight } from "@tabler/icons-react";
import { formatBytes, formatNumber } from "#app/_ui/format.ts";
import { Panel } from "#app/_ui/panel.tsx";
import { StateText } from "#app/_ui/state-text.tsx";
import { useNow } from "#app/_ui/time.tsx";
import type { RestoreReview } from "#core/restore/contract.ts";
import type { SnapshotDetail } from "#core/snapshots/contract.ts";
import type { DatacenterChoice } from "../../snapshots/_components/datacenter-select.tsx";
import { datacenterOf } from "../../snapshots/_lib/snapshot-words.ts";
import { pointInTime } from "../_lib/restore-words.ts";
import classes from "./restores.module.css";

type Props = { snapshot: SnapshotDetail; review: RestoreReview | undefined; target: DatacenterChoice | null };

/** The archive at the left, what it replaces at the right. */
export function FromTo({ snapshot, review, target }: Props) {
  const now = useNow(60_000);
  const facts = [
    snapshot.note,
    snapshot.raftIndex === null ? "" : `index ${formatNumber(snapshot.raftIndex)}`,
    formatBytes(snapshot.archiveBytes),
  ].filter((part) => part !== "");
  return (
    <Panel className={classes.fromTo} aria-label="From and to">
      <div className={classes.side}>
        <div className={classes.sideLabel}>Snapshot</div>
        <div className="row">
          <b className="med nowrap">
            {datacenterOf(snapshot)}, <span className="tn">{pointInTime(snapshot.takenAt, now)}</span>
          </b>
          <StateText state={snapshot.state} />
        </div>
        <div className="fs12 t3 trunc" title={facts.join(", ")}>
          {facts.join(", ")}
        </div>
      </div>
      <div className={classes.arrow}>
        <IconArrowRight size={20} aria-hidden />
      </div>
      <div className={classes.side}>
        <div className={classes.sideLabel}>Target, live</div>
        <div className="row">
          <b className="med nowrap">{target === null ? "Not chosen" : `${target.datacenter}, now`}</b>
          {review && <Health review={review} />}
        </div>
        <div className="fs12 t3 trunc">{review ? <Live review={review} /> : <>&nbsp;</>}</div>
      </div>
    </Panel>
  );
}

function Health({ review }: { review: RestoreReview }) {
  if (review.leader === null) return <StateText state="failed" word="No leader" />;
  if (review.serversHealthy === null || review.serversTotal === null)
    return <StateText state="ok" word="Leader known" />;
  const all = review.serversHealthy === review.serversTotal;
  return (
    <StateText
      state={all ? "ok" : "warning"}
      word={`${review.serversHealthy}/${review.serversTotal} healthy`}
    />
  );
}

function Live({ review }: { review: RestoreReview }) {
  const rest = [
    review.liveIndex === null ? "" : `index ${formatNumber(review.liveIndex)}`,
    review.consulVersion === null ? "" : `Consul ${review.consulVersion}`,
  ].filter((part) => part !== "");
  if (review.leader === null) return <>{review.problem ?? "no leader"}</>;
  return (
    <>
      leader <span className="mono">{review.leader}</span>
      {rest.length > 0 && `, ${rest.join(", ")}`}
    </>
  );
}
