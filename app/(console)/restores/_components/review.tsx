"use client";

import { IconAlertTriangle } from "@tabler/icons-react";
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { ErrorPanel } from "#app/_ui/error-panel.tsx";
import { Note } from "#app/_ui/note.tsx";
import { PageHead } from "#app/_ui/page-head.tsx";
import { Panel, PanelBody, PanelHeader } from "#app/_ui/panel.tsx";
import { SkeletonList } from "#app/_ui/skeleton-rows.tsx";
import { Stepper } from "#app/_ui/stepper.tsx";
import { useNow } from "#app/_ui/time.tsx";
import type { RestoreReview } from "#core/restore/contract.ts";
import type { SnapshotDetail } from "#core/snapshots/contract.ts";
import { datacentersQuery, summaryQuery } from "../../_shell/queries.ts";
import type { DatacenterChoice } from "../../snapshots/_components/datacenter-select.tsx";
import { TakeHost } from "../../snapshots/_components/take/take-host.tsx";
import { pointInTime, restoreSteps } from "../_lib/restore-words.ts";
import { type Check, reviewChecks } from "../_lib/review-checks.ts";
import { restoreReviewQuery } from "../queries.ts";
import { ChecksPanel } from "./checks-panel.tsx";
import { ConfirmRail } from "./confirm-rail.tsx";
import { FromTo } from "./from-to.tsx";
import classes from "./restores.module.css";

const DatacenterSelect = lazy(() =>
  import("../../snapshots/_components/datacenter-select.tsx").then((module) => ({
    default: module.DatacenterSelect,
  })),
);

const stepOfTarget = 0;
const stepOfReview = 1;

/** Where it goes, what is lost, and only then the red button. */
export function Review({ snapshot }: { snapshot: SnapshotDetail }) {
  const [chosen, setChosen] = useState<DatacenterChoice | null>(null);
  const target = useTarget(snapshot, chosen);
  const { review, checks } = useChecks(snapshot, target);
  const block = checks.find((check) => check.result === "block")?.title;
  return (
    <>
      <PageHead
        title={`Restore ${target?.datacenter ?? "a datacenter"}`}
        actions={<Stepper steps={restoreSteps} active={target === null ? stepOfTarget : stepOfReview} />}
      />
      <div className={classes.grid}>
        <div className={classes.column}>
          <Loss snapshot={snapshot} name={target?.datacenter ?? "a datacenter"} />
          <TargetPanel target={target} onChange={setChosen} />
          <FromTo snapshot={snapshot} review={review.data} target={target} />
          {target !== null && <Checks review={review} checks={checks} target={target} />}
        </div>
        <ConfirmRail
          key={`${target?.clusterId}/${target?.datacenter}`}
          snapshot={snapshot}
          target={target}
          blocked={blockedWords(target, review.data !== undefined, block)}
        />
      </div>
      <TakeHost />
    </>
  );
}

function useChecks(snapshot: SnapshotDetail, target: DatacenterChoice | null) {
  const now = useNow();
  const review = useQuery({
    ...restoreReviewQuery(snapshot.id, target?.clusterId ?? "", target?.datacenter ?? ""),
    enabled: target !== null,
  });
  const { data: summary } = useQuery(summaryQuery);
  const own = summary?.datacenters.find(
    (one) => one.clusterId === target?.clusterId && one.datacenter === target?.datacenter,
  );
  const newestGood = own?.lastGood ?? null;
  const checks = review.data ? reviewChecks({ snapshot, review: review.data, newestGood, now }) : [];
  return { review, checks };
}

function Loss({ snapshot, name }: { snapshot: SnapshotDetail; name: string }) {
  const now = useNow(60_000);
  return (
    <Note tone="bad" icon={IconAlertTriangle} title={`A restore replaces everything in ${name}.`}>
      KV, catalog, ACLs, sessions, prepared queries and config entries all go back to{" "}
      {pointInTime(snapshot.takenAt, now)}.
    </Note>
  );
}

type TargetProps = { target: DatacenterChoice | null; onChange: (target: DatacenterChoice | null) => void };

function TargetPanel({ target, onChange }: TargetProps) {
  return (
    <Panel>
      <PanelHeader title="Target" sub="the datacenter whose state is replaced" />
      <PanelBody>
        <Suspense fallback={<div className={classes.selectSpace} />}>
          <DatacenterSelect label="Datacenter" value={target} onChange={onChange} />
        </Suspense>
      </PanelBody>
    </Panel>
  );
}

type ChecksProps = {
  review: UseQueryResult<RestoreReview>;
  checks: readonly Check[];
  target: DatacenterChoice;
};

function Checks({ review, checks, target }: ChecksProps) {
  const again = () => void review.refetch();
  if (review.data !== undefined) {
    return <ChecksPanel checks={checks} target={target} readAt={review.dataUpdatedAt} onAgain={again} />;
  }
  if (review.isError) {
    return (
      <ErrorPanel title="The target could not be read" error={review.error} onRetry={again}>
        Nothing in Consul was touched.
      </ErrorPanel>
    );
  }
  return (
    <Panel aria-busy="true">
      <SkeletonList rows={5} />
    </Panel>
  );
}

function blockedWords(
  target: DatacenterChoice | null,
  read: boolean,
  block: string | undefined,
): string | null {
  if (target === null) return "Choose a target first";
  if (!read) return "The target is being read";
  return block ?? null;
}

/** The snapshot's own datacenter, as long as it still exists, unless another one is picked. */
function useTarget(snapshot: SnapshotDetail, chosen: DatacenterChoice | null): DatacenterChoice | null {
  const { data } = useQuery(datacentersQuery);
  if (chosen !== null) return chosen;
  const own = data?.datacenters.find(
    (one) => one.clusterId === snapshot.clusterId && one.datacenter === snapshot.datacenter,
  );
  return own ? { clusterId: own.clusterId, datacenter: own.datacenter } : null;
}
