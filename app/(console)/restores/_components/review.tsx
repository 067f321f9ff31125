"use client";

import { IconAlertTriangle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { ErrorPanel } from "#app/_ui/error-panel.tsx";
import { Note } from "#app/_ui/note.tsx";
import { PageHead } from "#app/_ui/page-head.tsx";
import { Panel, PanelBody, PanelHeader } from "#app/_ui/panel.tsx";
import { SkeletonList } from "#app/_ui/skeleton-rows.tsx";
import { Stepper } from "#app/_ui/stepper.tsx";
import { useNow } from "#app/_ui/time.tsx";
import type { SnapshotDetail } from "#core/snapshots/contract.ts";
import { datacentersQuery, summaryQuery } from "../../_shell/queries.ts";
import type { DatacenterChoice } from "../../snapshots/_components/datacenter-select.tsx";
import { TakeHost } from "../../snapshots/_components/take/take-host.tsx";
import { pointInTime, restoreSteps } from "../_lib/restore-words.ts";
import { reviewChecks } from "../_lib/review-checks.ts";
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
  const now = useNow();
  const review = useQuery({
    ...restoreReviewQuery(snapshot.id, target?.clusterId ?? "", target?.datacenter ?? ""),
    enabled: target !== null,
  });
  const { data: summary } = useQuery(summaryQuery);
  const newestGood =
    summary?.datacenters.find(
      (one) => one.clusterId === target?.clusterId && one.datacenter === target?.datacenter,
    )?.lastGood ?? null;
  const checks = review.data ? reviewChecks({ snapshot, review: review.data, newestGood, now }) : [];
  const name = target?.datacenter ?? "a datacenter";
  return (
    <>
      <PageHead
        title={`Restore ${name}`}
        actions={<Stepper steps={restoreSteps} active={target === null ? stepOfTarget : stepOfReview} />}
      />
      <div className={classes.grid}>
        <div className={classes.column}>
          <Note tone="bad" icon={IconAlertTriangle} title={`A restore replaces everything in ${name}.`}>
            KV, catalog, ACLs, sessions, prepared queries and config entries all go back to{" "}
            {pointInTime(snapshot.takenAt, now)}.
          </Note>
          <Panel>
            <PanelHeader title="Target" sub="the datacenter whose state is replaced" />
            <PanelBody>
              <Suspense fallback={<div className={classes.selectSpace} />}>
                <DatacenterSelect label="Datacenter" value={target} onChange={setChosen} />
              </Suspense>
            </PanelBody>
          </Panel>
          <FromTo snapshot={snapshot} review={review.data} target={target} />
          {review.isError && review.data === undefined && (
            <ErrorPanel
              title="The target could not be read"
              error={review.error}
              onRetry={() => void review.refetch()}
            >
              Nothing in Consul was touched.
            </ErrorPanel>
          )}
          {review.isPending && target !== null && (
            <Panel aria-busy="true">
              <SkeletonList rows={5} />
            </Panel>
          )}
          {review.data && target && (
            <ChecksPanel
              checks={checks}
              target={target}
              readAt={review.dataUpdatedAt}
              onAgain={() => void review.refetch()}
            />
          )}
        </div>
        <ConfirmRail
          key={`${target?.clusterId}/${target?.datacenter}`}
          snapshot={snapshot}
          target={target}
          blocked={blockedWords(
            target,
            review.data !== undefined,
            checks.find((check) => check.result === "block")?.title,
          )}
        />
      </div>
      <TakeHost />
    </>
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
