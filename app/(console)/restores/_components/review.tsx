"use client";

import { Button } from "@mantine/core";
import { IconAlertTriangle, IconRefresh } from "@tabler/icons-react";
import Link from "next/link";
import { useState } from "react";
import { ApiError } from "#app/_client/api.ts";
import { ErrorPanel } from "#app/_ui/error-panel.tsx";
import { Note } from "#app/_ui/note.tsx";
import { PageHead } from "#app/_ui/page-head.tsx";
import { Stepper } from "#app/_ui/stepper.tsx";
import { useNow } from "#app/_ui/time.tsx";
import type { DatacenterChoice } from "../../snapshots/_components/datacenter-select.tsx";
import { emptyDraft } from "../_lib/confirm-draft.ts";
import { pointInTime, restoreStages } from "../_lib/restore-words.ts";
import { ConfirmRail } from "./confirm-rail.tsx";
import { FromTo } from "./from-to.tsx";
import { ImpactPanel } from "./impact-panel.tsx";
import { PreflightPanel } from "./preflight-panel.tsx";
import { RestoreWaiting } from "./restore-waiting.tsx";
import classes from "./restores.module.css";
import { type ReviewParams, type ReviewState, useReview } from "./use-review.ts";

const stageOfTarget = 0;
const stageOfReview = 1;

/** Where it goes, what is lost, and only then the red button. */
export function Review(params: ReviewParams) {
  const review = useReview(params);
  const facts = review.preflight?.snapshot ?? review.snapshot;
  if (review.error !== null) return <Unreadable error={review.error} params={params} />;
  if (facts === undefined) return <RestoreWaiting />;
  const name = review.target?.datacenter ?? "a datacenter";
  return (
    <>
      <PageHead
        title={`Restore ${name}`}
        actions={
          <Stepper steps={restoreStages} active={review.target === null ? stageOfTarget : stageOfReview} />
        }
      />
      <Body review={review} facts={facts} name={name} />
    </>
  );
}

type BodyProps = { review: ReviewState; facts: { id: string; takenAt: string }; name: string };

function Body({ review, facts, name }: BodyProps) {
  // It outlives a run of the preflight, so that nobody types a reason twice; the ticks don't.
  const [draft, setDraft] = useState(emptyDraft);
  const { preflight } = review;
  function changeTarget(to: DatacenterChoice) {
    setDraft({ ...draft, typed: "", token: "", tokenAfter: "" });
    review.run(to);
  }
  const again = review.can.allowed ? () => review.run(undefined, draft.token.trim()) : null;
  return (
    <div className={classes.grid}>
      <div className={classes.column}>
        <Loss name={name} takenAt={facts.takenAt} />
        <FromTo review={review} onTarget={changeTarget} />
        {review.startError !== null && (
          <ErrorPanel
            title="The preflight did not start"
            error={review.startError}
            {...(again === null ? {} : { onRetry: again })}
          >
            Nothing in Consul was touched.
          </ErrorPanel>
        )}
        {review.target === null && (
          <Note tone="warn" title="Choose the target first.">
            The preflight starts as soon as it is known which datacenter is replaced.
          </Note>
        )}
        {(preflight !== undefined || review.starting) && (
          <>
            <PreflightPanel preflight={preflight} again={again} starting={review.starting} />
            <ImpactPanel preflight={preflight} name={name} />
          </>
        )}
      </div>
      <ConfirmRail review={review} facts={facts} draft={draft} onChange={setDraft} />
    </div>
  );
}

function Loss({ takenAt, name }: { takenAt: string; name: string }) {
  const now = useNow(60_000);
  return (
    <Note tone="bad" icon={IconAlertTriangle} title={`A restore replaces everything in ${name}.`}>
      KV, catalog, ACLs, sessions, prepared queries and config entries all go back to{" "}
      {pointInTime(takenAt, now)}.
    </Note>
  );
}

/** A preflight is not kept for good; the snapshot beside it is, so a new one can be run. */
function Unreadable({ error, params }: { error: Error; params: ReviewParams }) {
  const { snapshotId, preflightId, onPreflight } = params;
  const isGone = error instanceof ApiError && error.code === "not_found";
  const what = preflightId === null ? "snapshot" : "preflight";
  return (
    <ErrorPanel
      title={isGone ? `There is no such ${what}` : `The ${what} could not be read`}
      error={error}
      actions={
        <>
          {preflightId !== null && snapshotId !== null && (
            <Button
              size="xs"
              leftSection={<IconRefresh size={14} aria-hidden />}
              onClick={() => onPreflight(snapshotId, null)}
            >
              Run a new preflight
            </Button>
          )}
          <Button size="xs" component={Link} href="/restores/new">
            Choose a snapshot
          </Button>
        </>
      }
    >
      Nothing in Consul was touched.
    </ErrorPanel>
  );
}
