"use client";

import { parseAsString, useQueryStates } from "nuqs";
import { lazy, Suspense, useCallback } from "react";
import { Crumbs } from "#app/_ui/crumbs.tsx";
import { RestoreWaiting } from "./restore-waiting.tsx";

// Both load beside the data that they show.
const ChooseSnapshot = lazy(() =>
  import("./choose-snapshot.tsx").then((module) => ({ default: module.ChooseSnapshot })),
);
const Review = lazy(() => import("./review.tsx").then((module) => ({ default: module.Review })));

/** A restore before it starts. Snapshot and preflight stand in the URL, so that a second person sees the same. */
export function NewRestore() {
  const [{ snapshot, preflight }, setParams] = useQueryStates({
    snapshot: parseAsString,
    preflight: parseAsString,
  });
  const onPreflight = useCallback(
    (snapshotId: string, preflightId: string | null) =>
      void setParams({ snapshot: snapshotId, preflight: preflightId }, { history: "replace" }),
    [setParams],
  );
  return (
    <>
      <Crumbs items={[{ label: "Restores", href: "/restores" }, { label: "New restore" }]} />
      <Suspense fallback={<RestoreWaiting />}>
        {snapshot === null && preflight === null ? (
          <ChooseSnapshot />
        ) : (
          <Review snapshotId={snapshot} preflightId={preflight} onPreflight={onPreflight} />
        )}
      </Suspense>
    </>
  );
}
