import { utcDate, utcDayKey, utcTime } from "#app/_ui/format-time.ts";
import type { StateName, Tone } from "#app/_ui/states.ts";
import type { reasonCharsMax as ReasonCharsMax, RestoreRow, RestoreState } from "#core/restore/contract.ts";

/** Held to the contract by its type; its code would bring zod into the browser. */
export const reasonCharsMax: typeof ReasonCharsMax = 500;

export const restoreSteps = ["Snapshot and target", "Review impact", "Restore", "Check result"] as const;

/** `00:02:11`, with the day when it isn't today's: what a datacenter goes back to. */
export function pointInTime(takenAt: string | null, now: number): string {
  if (takenAt === null) return "the snapshot";
  const day = utcDayKey(takenAt) === utcDayKey(now) ? "" : `${utcDate(takenAt, now)} `;
  return `${day}${utcTime(takenAt)}`;
}

/** The whole act in one sentence; the red button says it again word for word. */
export function restoreSentence(datacenter: string, takenAt: string | null, now: number): string {
  return `Restore ${datacenter} to ${pointInTime(takenAt, now)}`;
}

type Shown = { name: StateName; word: string; tone: Tone };

/** How a restore stands, for a row. "Refused" is Consul's answer before it touched anything. */
export function restoreState(state: RestoreState): Shown {
  switch (state) {
    case "running":
      return { name: "running", word: "Running", tone: "run" };
    case "succeeded":
      return { name: "succeeded", word: "OK", tone: "good" };
    case "refused":
      return { name: "failed", word: "Refused", tone: "bad" };
    case "failed":
      return { name: "failed", word: "Failed", tone: "bad" };
    case "unknown":
      return { name: "unknown", word: "Outcome unknown", tone: "warn" };
    case "cancelled":
      return { name: "cancelled", word: "Cancelled", tone: "idle" };
    default:
      return state satisfies never;
  }
}

/** The sentence that the page of a restore opens with. */
export function outcomeTitle(row: RestoreRow, now: number): string {
  const point = pointInTime(row.snapshotTakenAt, now);
  switch (row.state) {
    case "running":
      return `Restoring ${row.datacenter} to ${point}`;
    case "succeeded":
      return `${row.datacenter} is back to ${point}`;
    case "refused":
      return "Consul refused the archive";
    case "failed":
      return `The restore of ${row.datacenter} failed`;
    case "unknown":
      return "Outcome unknown";
    case "cancelled":
      return `The restore of ${row.datacenter} was cancelled`;
    default:
      return row.state satisfies never;
  }
}

/** What it means for the data, before anything else. */
export function outcomeMeaning(row: RestoreRow): string {
  switch (row.state) {
    case "running":
      return row.cancellable
        ? "Nothing has been sent to Consul yet."
        : "The archive is on its way. From here Consul decides, and it can't be cancelled.";
    case "succeeded":
      return "Consul answered 200: KV, catalog, ACLs, sessions, prepared queries and config entries were replaced.";
    case "refused":
    case "failed":
      return `Nothing in ${row.datacenter} was replaced.`;
    case "unknown":
      return `The data of ${row.datacenter} may have been replaced. Look at it before anything else writes to it.`;
    case "cancelled":
      return `No byte was sent. Nothing in ${row.datacenter} was replaced.`;
    default:
      return row.state satisfies never;
  }
}
