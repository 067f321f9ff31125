"use client";

import { UnstyledButton } from "@mantine/core";
import { IconArrowRight } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { formatBytes, formatNumber } from "#app/_ui/format.ts";
import { Panel } from "#app/_ui/panel.tsx";
import { StateText } from "#app/_ui/state-text.tsx";
import { type StateName, states } from "#app/_ui/states.ts";
import { useNow } from "#app/_ui/time.tsx";
import type { Preflight } from "#core/restore/contract.ts";
import type { DatacenterChoice } from "../../snapshots/_components/datacenter-select.tsx";
import { datacenterOf } from "../../snapshots/_lib/snapshot-words.ts";
import { pointInTime } from "../_lib/restore-words.ts";
import classes from "./restores.module.css";
import type { ReviewState } from "./use-review.ts";

const DatacenterSelect = lazy(() =>
  import("../../snapshots/_components/datacenter-select.tsx").then((module) => ({
    default: module.DatacenterSelect,
  })),
);

type Props = { review: ReviewState; onTarget: (to: DatacenterChoice) => void };

/** The archive at the left, what it replaces at the right. */
export function FromTo({ review, onTarget }: Props) {
  return (
    <Panel className={classes.fromTo} aria-label="From and to">
      <From review={review} />
      <div className={classes.arrow}>
        <IconArrowRight size={20} aria-hidden />
      </div>
      <To review={review} onTarget={onTarget} />
    </Panel>
  );
}

function From({ review }: { review: ReviewState }) {
  const now = useNow(60_000);
  const snapshot = review.preflight?.snapshot ?? review.snapshot;
  if (snapshot === undefined) return <div className={classes.side} />;
  const facts = [
    snapshot.note,
    snapshot.raftIndex === null ? "" : `index ${formatNumber(snapshot.raftIndex)}`,
    formatBytes(snapshot.archiveBytes),
  ].filter((part) => part !== "");
  return (
    <div className={classes.side}>
      <div className={classes.sideLabel}>Snapshot</div>
      <div className="row">
        <b className="med nowrap">
          {datacenterOf(snapshot)}, <span className="tn">{pointInTime(snapshot.takenAt, now)}</span>
        </b>
        {isStateName(snapshot.state) && <StateText state={snapshot.state} />}
      </div>
      <div className="fs12 t3 trunc" title={facts.join(", ")}>
        {facts.join(", ")}
      </div>
    </div>
  );
}

function isStateName(text: string): text is StateName {
  return Object.hasOwn(states, text);
}

function To({ review, onTarget }: Props) {
  const { preflight, target } = review;
  const [changing, setChanging] = useState(false);
  if (target === null || changing) {
    return (
      <div className={classes.side}>
        <Suspense fallback={<div className={classes.selectSpace} />}>
          <DatacenterSelect
            label="Target"
            value={target}
            onChange={(to) => {
              setChanging(false);
              if (to !== null) onTarget(to);
            }}
          />
        </Suspense>
      </div>
    );
  }
  return (
    <div className={classes.side}>
      <div className={classes.sideLabel}>Target, live</div>
      <div className="row">
        <b className="med nowrap">{`${target.datacenter}, now`}</b>
        {preflight !== undefined && <Health target={preflight.target} />}
        <span className="grow" />
        {review.can.allowed && (
          <UnstyledButton className={classes.change} onClick={() => setChanging(true)}>
            Change<span className="sr-only"> target</span>
          </UnstyledButton>
        )}
      </div>
      <div className="fs12 t3 trunc">
        {preflight === undefined ? <>&nbsp;</> : <Live target={preflight.target} />}
      </div>
    </div>
  );
}

function Health({ target }: { target: Preflight["target"] }) {
  switch (target.state) {
    case "no_leader":
      return <StateText state="failed" word="No leader" />;
    case "unreachable":
      return <StateText state="failed" word="Unreachable" />;
    case "unknown":
      return <StateText state="missing" word="Not asked yet" />;
    case "ok": {
      const { serversHealthy: healthy, serversTotal: total } = target;
      if (healthy === null || total === null) return <StateText state="ok" word="Leader known" />;
      return <StateText state={healthy === total ? "ok" : "warning"} word={`${healthy}/${total} healthy`} />;
    }
    default:
      return target.state satisfies never;
  }
}

function Live({ target }: { target: Preflight["target"] }) {
  const rest = [
    target.raftIndex === null ? "" : `index ${formatNumber(target.raftIndex)}`,
    target.consulVersion === null ? "" : `Consul ${target.consulVersion}`,
    target.clusterName === "" ? "" : `in ${target.clusterName}`,
  ].filter((part) => part !== "");
  if (target.leader === null) return <>{target.problem ?? "no leader"}</>;
  return (
    <>
      leader <span className="mono">{target.leader}</span>
      {rest.length > 0 && `, ${rest.join(", ")}`}
    </>
  );
}
