"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { unwrapped } from "#app/_client/action-result.ts";
import { restoreKeys } from "#app/_client/keys.ts";
import { useCanAll } from "#app/_client/use-can-all.ts";
import type { Verdict } from "#core/access/contract.ts";
import type { Preflight } from "#core/restore/contract.ts";
import type { SnapshotDetail } from "#core/snapshots/contract.ts";
import { datacentersQuery } from "../../_shell/queries.ts";
import type { DatacenterChoice } from "../../snapshots/_components/datacenter-select.tsx";
import { snapshotDetailQuery } from "../../snapshots/queries.ts";
import { startPreflight } from "../actions.ts";
import { preflightQuery } from "../queries.ts";

export type ReviewParams = {
  snapshotId: string | null;
  preflightId: string | null;
  /** Puts them into the URL; null as preflight asks for a new one. */
  onPreflight: (snapshotId: string, preflightId: string | null) => void;
};

export type ReviewState = {
  snapshot: SnapshotDetail | undefined;
  preflight: Preflight | undefined;
  target: DatacenterChoice | null;
  /** Whether the viewer may restore this into that. */
  can: Verdict;
  /** Why there is nothing to show. */
  error: Error | null;
  startError: Error | null;
  starting: boolean;
  /** Asks everything anew, of another target if one is given; `token` is for this one run. */
  run: (to?: DatacenterChoice, token?: string) => void;
};

type Run = { snapshotId: string; to: DatacenterChoice; token: string };

/** The snapshot, its target and the preflight of both. Opening the page with both known starts one. */
export function useReview({ snapshotId, preflightId, onPreflight }: ReviewParams): ReviewState {
  const client = useQueryClient();
  const [chosen, setChosen] = useState<DatacenterChoice | null>(null);
  const read = useQuery({ ...preflightQuery(preflightId ?? ""), enabled: preflightId !== null });
  const preflight = preflightId === null ? undefined : read.data;
  const id = preflight?.snapshot.id ?? snapshotId;
  const detail = useQuery({ ...snapshotDetailQuery(id ?? ""), enabled: id !== null });
  const target = useTarget(preflight, detail.data, chosen);
  // Both sides: putting one datacenter's secrets into another takes a role in each.
  const can = useCanAll("restore.run", placesOf(detail.data, target));
  const start = useMutation({
    gcTime: 0,
    mutationFn: ({ snapshotId: from, to, token }: Run) =>
      unwrapped(startPreflight({ snapshotId: from, ...to, ...(token === "" ? {} : { token }) })),
    onSuccess: (started, { snapshotId: from }) => {
      onPreflight(from, started.id);
      void client.invalidateQueries({ queryKey: restoreKeys.preflight(started.id) });
    },
  });
  function run(to = target ?? undefined, token = "") {
    if (id === null || to === undefined) return;
    setChosen({ clusterId: to.clusterId, datacenter: to.datacenter });
    start.mutate({ snapshotId: id, to: { clusterId: to.clusterId, datacenter: to.datacenter }, token });
  }
  useFirstRun(preflightId === null && detail.data !== undefined && target !== null && can.allowed, run);
  return {
    snapshot: detail.data,
    preflight,
    target,
    can,
    error: preflightId === null ? errorOf(detail) : errorOf(read),
    startError: start.error,
    starting: start.isPending,
    run,
  };
}

/** Once until it is no longer wanted: an effect that ran twice would ask Consul for two snapshots. */
function useFirstRun(wanted: boolean, run: () => void): void {
  const done = useRef(false);
  useEffect(() => {
    const isFirst = wanted && !done.current;
    done.current = wanted;
    if (isFirst) run();
  }, [wanted, run]);
}

function errorOf(query: { data: unknown; error: Error | null }): Error | null {
  return query.data === undefined ? query.error : null;
}

function placesOf(snapshot: SnapshotDetail | undefined, target: DatacenterChoice | null) {
  const places = [snapshot, target ?? undefined].filter((place) => place !== undefined);
  return places.length === 0 ? undefined : places;
}

/** That of the preflight, else what was picked, else the snapshot's own datacenter as long as it still exists. */
function useTarget(
  preflight: Preflight | undefined,
  snapshot: SnapshotDetail | undefined,
  chosen: DatacenterChoice | null,
): DatacenterChoice | null {
  const { data } = useQuery(datacentersQuery);
  if (preflight !== undefined) return preflight.target;
  if (chosen !== null) return chosen;
  const own = data?.datacenters.find(
    (one) => one.clusterId === snapshot?.clusterId && one.datacenter === snapshot.datacenter,
  );
  return own ? { clusterId: own.clusterId, datacenter: own.datacenter } : null;
}
