"use client";

import { useQuery } from "@tanstack/react-query";
import { parseAsString, useQueryState } from "nuqs";
import { lazy, Suspense } from "react";
import { Crumbs } from "#app/_ui/crumbs.tsx";
import { ErrorPanel } from "#app/_ui/error-panel.tsx";
import { snapshotDetailQuery } from "../../snapshots/queries.ts";
import { RestoreWaiting } from "./restore-waiting.tsx";

// Both load beside the data that they show.
const ChooseSnapshot = lazy(() =>
  import("./choose-snapshot.tsx").then((module) => ({ default: module.ChooseSnapshot })),
);
const Review = lazy(() => import("./review.tsx").then((module) => ({ default: module.Review })));

/** A restore before it starts. The snapshot stands in the URL, so that the page can be shown to a second person. */
export function NewRestore() {
  const [id] = useQueryState("snapshot", parseAsString);
  const { data, error, refetch } = useQuery({ ...snapshotDetailQuery(id ?? ""), enabled: id !== null });
  return (
    <>
      <Crumbs items={[{ label: "Restores", href: "/restores" }, { label: "New restore" }]} />
      {id !== null && data === undefined && error === null && <RestoreWaiting />}
      {id !== null && data === undefined && error !== null && (
        <ErrorPanel title="The snapshot could not be read" error={error} onRetry={() => void refetch()}>
          Nothing in Consul was touched.
        </ErrorPanel>
      )}
      <Suspense fallback={<RestoreWaiting />}>
        {id === null && <ChooseSnapshot />}
        {data !== undefined && <Review snapshot={data} />}
      </Suspense>
    </>
  );
}
