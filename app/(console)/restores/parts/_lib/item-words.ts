import { formatBytes } from "#app/_ui/format.ts";
import type { StateName } from "#app/_ui/states.ts";
import type { RecoveryCounts, RecoveryItem } from "#core/recoveries/contract.ts";

type Action = RecoveryItem["action"];
type Result = NonNullable<RecoveryItem["result"]>;

export const actionWords = {
  create: { word: "Comes back", sign: "+", tone: "good" },
  update: { word: "Changes", sign: "~", tone: "warn" },
  unchanged: { word: "As it is", sign: "=", tone: "idle" },
} as const satisfies Record<Action, { word: string; sign: string; tone: "good" | "warn" | "idle" }>;

export const resultStates = {
  applied: { state: "done", word: "Recovered" },
  conflict: { state: "warning", word: "Left alone" },
  refused: { state: "failed", word: "Refused" },
  unknown: { state: "unknown", word: "Not known" },
  undone: { state: "cancelled", word: "Taken back" },
  undo_conflict: { state: "warning", word: "Not taken back" },
} as const satisfies Record<Result, { state: StateName; word: string }>;

/** `812 B`, `812 B to 846 B`, `0 B`: the live value and the one it gets. */
export function sizeWords({ action, liveBytes, snapshotBytes }: RecoveryItem): string {
  if (action !== "update" || liveBytes === null) return formatBytes(snapshotBytes);
  if (liveBytes === snapshotBytes) return `${formatBytes(liveBytes)}, same size`;
  return `${formatBytes(liveBytes)} to ${formatBytes(snapshotBytes)}`;
}

/** What differs, for an update; the words of Consul's fields stay as they are. */
export function partsWords({ action, parts }: RecoveryItem): string {
  return action === "update" ? parts.join(", ") : "";
}

export type Show = Action | Result;
export type Filter = { show: Show; word: string; count: number };

/** The filters that have something to show: what the plan does, and what became of it. */
export function filtersOf(counts: RecoveryCounts): Filter[] {
  const all: Filter[] = [
    { show: "conflict", word: "Left alone", count: counts.conflict },
    { show: "refused", word: "Refused", count: counts.refused },
    { show: "unknown", word: "Not known", count: counts.unknown },
    { show: "undo_conflict", word: "Not taken back", count: counts.undoConflict },
    { show: "applied", word: "Recovered", count: counts.applied },
    { show: "undone", word: "Taken back", count: counts.undone },
    { show: "create", word: "Comes back", count: counts.create },
    { show: "update", word: "Changes", count: counts.update },
    { show: "unchanged", word: "As it is", count: counts.unchanged },
  ];
  return all.filter(({ count }) => count > 0);
}

const shows: readonly string[] = [...Object.keys(actionWords), ...Object.keys(resultStates)];

/** Anybody can write anything into a URL. */
export function isShow(text: string): text is Show {
  return shows.includes(text);
}
