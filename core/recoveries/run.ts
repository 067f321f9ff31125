import type { RecoveryCounts } from "./contract.ts";
import type { RecoveryFiles } from "./files.ts";
import type { Reading } from "./read-keys.ts";
import type { ResultName } from "./results.ts";

/** What applying and its way back need. */
export type RunDeps = {
  files: RecoveryFiles;
  id: string;
  reading: Reading;
  isStopping: () => boolean;
  onProgress: (done: number) => void;
};
/** Why it ended before its end, in Consul's or the network's words; null: it went through. */
export type Ended = { stoppedBy: string | null };

export const movedText = "Changed by somebody else since the plan was made. Left alone.";
export const movedSinceText = "Changed by somebody else since it was recovered. Left alone.";
/** Of what stands as wanted, by a write that may be somebody else's. */
export const unknownIndexText =
  "Whether the write in place is Snapkeep's is not known, so there is no safe way back for it.";

type Counted = Exclude<keyof RecoveryCounts, "create" | "update" | "unchanged">;
const countOf: Record<ResultName, Counted> = {
  applied: "applied",
  conflict: "conflict",
  refused: "refused",
  unknown: "unknown",
  undone: "undone",
  undo_conflict: "undoConflict",
};

export const noCounts: RecoveryCounts = {
  create: 0,
  update: 0,
  unchanged: 0,
  applied: 0,
  conflict: 0,
  refused: 0,
  unknown: 0,
  undone: 0,
  undoConflict: 0,
};

/** How many items have which result now. */
export function countResults(
  planned: RecoveryCounts,
  results: Iterable<{ result: ResultName }>,
): RecoveryCounts {
  const { create, update, unchanged } = planned;
  const counts = { ...noCounts, create, update, unchanged };
  for (const { result } of results) counts[countOf[result]] += 1;
  return counts;
}
