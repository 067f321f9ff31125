import type { SnapshotRow } from "#core/snapshots/contract.ts";
import { isRestorable } from "./row-facts.ts";

type Row = Pick<SnapshotRow, "id" | "state" | "takenAt" | "clusterId" | "datacenter">;

/** Why these can't be compared; null when they can: exactly two good ones of one datacenter. */
export function compareReason(rows: readonly Row[]): string | null {
  const [first, second] = rows;
  if (rows.length !== 2 || first === undefined || second === undefined) return "Select exactly two";
  if (!isRestorable(first) || !isRestorable(second)) return "Only verified archives can be compared";
  const same = first.clusterId === second.clusterId && first.datacenter === second.datacenter;
  return same ? null : "They are of different datacenters";
}

/** The comparison of two, the earlier one as A. */
export function compareHref(rows: readonly Row[]): string {
  const [a, b] = [...rows].sort((one, other) => one.takenAt.localeCompare(other.takenAt));
  return `/compare?${new URLSearchParams({ a: a?.id ?? "", b: b?.id ?? "" })}`;
}
