"use client";
import { useQuery } from "@tanstack/react-query";
import type { Place } from "#core/kernel/permission.ts";
import type { SnapshotDetail } from "#core/snapshots/contract.ts";
import { snapshotDetailQuery } from "../queries.ts";

/** Where a snapshot is from, as the page around already knows it; it asks for nothing. */
export function useSnapshotPlace(id: string): Place | undefined {
  return useQuery({ ...snapshotDetailQuery(id), enabled: false, select: toPlace }).data;
}

const toPlace = ({ clusterId, datacenter }: SnapshotDetail): Place => ({ clusterId, datacenter });
