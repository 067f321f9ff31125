import type { SnapshotRow, SnapshotState } from "#core/snapshots/contract.ts";
import { keptStates, lastContactQuietMs } from "./vocabulary.ts";

/** Under way: the row changes by itself, so the page asks for it every second. */
export function isInProgress(row: { state: SnapshotState }): boolean {
  return row.state === "taking" || row.state === "uploading" || row.state === "deleting";
}

/** An archive is kept, so there is something to download, pin or restore. */
export function isKept(row: { state: SnapshotState }): boolean {
  return keptStates.includes(row.state);
}

/** A corrupt archive can still be downloaded for a look, but it never goes into a cluster. */
export function isRestorable(row: { state: SnapshotState }): boolean {
  return row.state === "verified" || row.state === "stale";
}

/**
 * Beyond the quiet limit the last contact is shown loudly. A server that knows no leader is loud whatever
 * number it gives, since that number then says nothing about how far behind it is.
 */
export function isContactLoud(row: Pick<SnapshotRow, "lastContactMs" | "knownLeader">): boolean {
  return row.knownLeader === false || (row.lastContactMs !== null && row.lastContactMs > lastContactQuietMs);
}

/** Bytes left, as a share from 0 to 1; null when there is nothing to compare with. */
export function progressShare(progress: { bytesDone: number; bytesExpected: number | null }): number | null {
  if (progress.bytesExpected === null || progress.bytesExpected <= 0) return null;
  // An estimate that turns out too small must not claim to be finished while bytes still come.
  return Math.min(0.99, progress.bytesDone / progress.bytesExpected);
}
