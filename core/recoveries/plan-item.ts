import type { RecoveryItem, recoveryActions } from "./contract.ts";
import type { Place } from "./files.ts";

/** A value in the plan's file. `flags` is decimal: beyond 2^53 a number would lose digits. */
export type StoredValue = { at: Place; flags: string };

/** An item as it stands in its line. */
export type PlanItem = {
  n: number;
  kind: RecoveryItem["kind"];
  /** The key's bytes in base64url, or the record's identity. */
  id: string;
  label: string;
  action: (typeof recoveryActions)[number];
  parts: string[];
  closed: string | null;
  /** ModifyIndex in the datacenter when the plan was made; 0: it wasn't there. */
  index: number;
  liveBytes: number | null;
  snapshotBytes: number;
  /** Null for what needs no change. */
  want: StoredValue | null;
  /** Null for what wasn't there. */
  before: StoredValue | null;
};

/** Lines are written by Snapkeep alone, in a folder that nobody else may write. */
export function parsePlanItem(text: string): PlanItem {
  return JSON.parse(text) as PlanItem;
}
