"use client";

import { type UseQueryResult, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { ApiError } from "#app/_client/api.ts";
import { comparisonKeys } from "#app/_client/keys.ts";
import type { Comparison, StartInput } from "#core/comparisons/contract.ts";
import type { SnapshotDetail } from "#core/snapshots/contract.ts";
import { snapshotDetailQuery } from "../../snapshots/queries.ts";
import { type CompareParams, live } from "../_lib/params.ts";
import { type Side, toSide } from "../_lib/side-words.ts";
import { comparisonQuery, startKey, startQuery } from "../queries.ts";

export type SideState = {
  side: Side | null;
  /** Where a snapshot of the cluster could be taken now; null where that isn't known. */
  place: { clusterId: string; datacenter: string } | null;
  error: Error | null;
};

export type ComparisonState = {
  a: SideState;
  b: SideState;
  comparison: Comparison | undefined;
  /** Why there is none: it was refused, or can't be read. */
  error: Error | null;
  /** Asks again: the same two snapshots, or the cluster as it is now. */
  retry: () => void;
};

/** Starts the comparison that the URL names as soon as both sides are known, and follows it until it is ready. */
export function useComparison(params: CompareParams, setId: (id: string) => void): ComparisonState {
  const client = useQueryClient();
  const detailA = useSnapshot(params.a);
  const detailB = useSnapshot(params.b);
  const input = startInput(params, detailA.data, detailB.data);
  const isLive = params.b === live;
  const known = isLive ? params.id : null;
  const started = useQuery(startQuery(params.a ?? "", params.b ?? "", known === null ? input : null));
  const id = known ?? (input === null ? undefined : started.data?.id);
  const read = useQuery({ ...comparisonQuery(id ?? ""), enabled: id !== undefined });
  const comparison = id === undefined ? undefined : read.data;

  const startedId = started.data?.id;
  useEffect(() => {
    // The link then leads to this moment of the cluster and not to another one.
    if (isLive && params.id === null && startedId !== undefined) setId(startedId);
  }, [isLive, params.id, startedId, setId]);

  function retry() {
    if (id !== undefined) client.removeQueries({ queryKey: comparisonKeys.one(id) });
    void client.resetQueries({ queryKey: startKey(params.a ?? "", params.b ?? ""), exact: true });
  }

  const expired = read.error instanceof ApiError && read.error.code === "not_found" && known === null;
  useEffect(() => {
    // Comparisons are kept for an hour and not over a restart; of two stored snapshots there is always another.
    if (!expired || id === undefined) return;
    client.removeQueries({ queryKey: comparisonKeys.one(id) });
    void client.resetQueries({ queryKey: startKey(params.a ?? "", params.b ?? ""), exact: true });
  }, [expired, id, client, params.a, params.b]);

  return {
    a: { side: sideOf(detailA, comparison?.a), place: placeOf(detailA.data), error: detailA.error },
    b: {
      side: isLive ? liveSide(detailA.data, comparison) : sideOf(detailB, comparison?.b),
      place: isLive ? placeOf(detailA.data) : placeOf(detailB.data),
      error: isLive ? null : detailB.error,
    },
    comparison,
    error: comparison === undefined ? (started.error ?? read.error) : null,
    retry,
  };
}

function useSnapshot(id: string | null): UseQueryResult<SnapshotDetail> {
  return useQuery({ ...snapshotDetailQuery(id ?? ""), enabled: id !== null && id !== live });
}

function startInput(
  params: CompareParams,
  a: SnapshotDetail | undefined,
  b: SnapshotDetail | undefined,
): StartInput | null {
  if (params.a === null || params.b === null || params.a === live) return null;
  if (params.b !== live) {
    // Asked for only when both are there: a snapshot that is gone is told on its card.
    return a === undefined || b === undefined
      ? null
      : { a: { snapshotId: params.a }, b: { snapshotId: params.b } };
  }
  const place = placeOf(a);
  return place === null ? null : { a: { snapshotId: params.a }, b: place };
}

function placeOf(row: SnapshotDetail | undefined): SideState["place"] {
  if (row === undefined || row.clusterId === null || row.datacenter === null) return null;
  return { clusterId: row.clusterId, datacenter: row.datacenter };
}

function sideOf(detail: UseQueryResult<SnapshotDetail>, compared: Side | undefined): Side | null {
  if (detail.data !== undefined) return toSide(detail.data);
  return compared ?? null;
}

function liveSide(a: SnapshotDetail | undefined, comparison: Comparison | undefined): Side | null {
  if (comparison !== undefined) return comparison.b;
  if (a === undefined) return null;
  return {
    snapshotId: null,
    clusterId: a.clusterId,
    clusterName: a.clusterName,
    datacenter: a.datacenter,
    takenAt: null,
    raftIndex: null,
    archiveBytes: null,
    state: "taking",
    byName: "",
    note: "",
    source: "live",
  };
}
