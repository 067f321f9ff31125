"use client";

import { useQuery } from "@tanstack/react-query";
import { parseAsString, useQueryState } from "nuqs";
import { Crumbs } from "#app/_ui/crumbs.tsx";
import { ErrorPanel } from "#app/_ui/error-panel.tsx";
import { snapshotDetailQuery } from "../../snapshots/queries.ts";
import { ChooseSnapshot } from "./choose-snapshot.tsx";
import { RestoreWaiting } from "./restore-waiting.tsx";
import { Review } from "./review.tsx";

/** A restore before it starts. The snapshot stands in the URL, so that the page can be shown to a second person. */
export function NewRestore() {
  const [id] = useQueryState("snapshot", parseAsString);
  const { data, error, refetch } = useQuery({ ...snapshotDetailQuery(id ?? ""), enabled: id !== null });
  return (
    <>
      <Crumbs items={[{ label: "Restores", href: "/restores" }, { label: "New restore" }]} />
      {id === null && <ChooseSnapshot />}
      {id !== null && data === undefined && error === null && <RestoreWaiting />}
      {id !== null && data === undefined && error !== null && (
        <ErrorPanel title="The snapshot could not be read" error={error} onRetry={() => void refetch()}>
          Nothing in Consul was touched.
        </ErrorPanel>
      )}
      {data !== undefined && <Review snapshot={data} />}
    </>
  );
}
