import type {
  lastContactQuietMs as LastContactQuietMs,
  maxStaleMsDefault as MaxStaleMsDefault,
  noteCharsMax as NoteCharsMax,
  SnapshotMode,
  SnapshotSource,
  SnapshotState,
} from "#core/snapshots/contract.ts";

/*
 * Lists and limits of the contract, held to it by their types. Importing the contract itself would bring zod
 * (94 kB) into the browser.
 */
export const lastContactQuietMs: typeof LastContactQuietMs = 200;
export const maxStaleMsDefault: typeof MaxStaleMsDefault = 5_000;
export const noteCharsMax: typeof NoteCharsMax = 500;

export const sourceWords: Record<SnapshotSource, string> = {
  manual: "Manual",
  upload: "Upload",
  api: "API",
  schedule: "Schedule",
  safety: "Safety",
};

export const modeWords: Record<SnapshotMode, string> = {
  consistent: "consistent",
  stale: "stale",
  file: "from file",
};

/** The states that the filter offers. `deleting` passes within a second, so nobody looks for it. */
export const filterStates = [
  "verified",
  "stale",
  "failed",
  "corrupt",
  "taking",
  "uploading",
  "cancelled",
] as const satisfies readonly SnapshotState[];

/** The sources that rows can have so far; schedules and safety snapshots join with their own screens. */
export const filterSources = ["manual", "upload", "api"] as const satisfies readonly SnapshotSource[];

export const keptStates: readonly SnapshotState[] = ["verified", "stale", "corrupt"];
