import { formatAge } from "#app/_ui/format.ts";
import { utcDate, utcDayKey, utcTime } from "#app/_ui/format-time.ts";
import type { StateName, Tone } from "#app/_ui/states.ts";
import { states } from "#app/_ui/states.ts";
import type {
  reasonCharsMax as ReasonCharsMax,
  RestoreRow,
  RestoreState,
  withoutSafetyReasonCharsMin as WithoutSafetyReasonCharsMin,
} from "#core/restore/contract.ts";

// Held to the contract by their types; its code would bring zod into the browser.
export const reasonCharsMax: typeof ReasonCharsMax = 500;
export const withoutSafetyReasonCharsMin: typeof WithoutSafetyReasonCharsMin = 10;
/** The contract's own shortest reason. */
export const reasonCharsMin = 3;

export const restoreStages = ["Snapshot and target", "Review impact", "Restore", "Check result"] as const;

/** Which of the four stages a restore is in. */
export function stageOf(row: Pick<RestoreRow, "state" | "phase">): number {
  if (row.state === "waiting") return 1;
  return row.state === "running" && row.phase !== "comparing" ? 2 : 3;
}

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

/** A state as it stands in a row. */
export type Shown = { name: StateName; word: string; tone: Tone };

const stateNames = {
  waiting: ["waiting", "Waiting for approval"],
  running: ["running", "Running"],
  interrupted: ["interrupted", "Interrupted"],
  succeeded: ["succeeded", "OK"],
  refused: ["failed", "Refused"],
  failed: ["failed", "Failed"],
  unknown: ["unknown", "Outcome unknown"],
  cancelled: ["cancelled", "Cancelled"],
  declined: ["declined", "Declined"],
  expired: ["expired", "Expired"],
} as const satisfies Record<RestoreState, readonly [StateName, string]>;

/** How a restore stands, for a row. "Refused" is Consul's answer before it touched anything. */
export function restoreState(state: RestoreState): Shown {
  const [name, word] = stateNames[state];
  return { name, word, tone: states[name].tone };
}

/** Something goes on that a look every second is worth. */
export function isMoving(row: Pick<RestoreRow, "state">): boolean {
  return row.state === "running" || row.state === "interrupted";
}

/** The watch goes on after the state says how it ended. */
export function isWatched(row: Pick<RestoreRow, "phase" | "state">): boolean {
  return row.phase === "watching" && row.state !== "running";
}

/** `8 min left`; empty where nobody knows, or when it is about to end. */
export function timeLeft(until: string | null, now: number): string {
  const leftMs = until === null ? 0 : Date.parse(until) - now;
  return leftMs < 1_000 ? "" : `${formatAge(leftMs)} left`;
}

type JobFacts = Pick<RestoreRow, "state" | "phase" | "datacenter" | "watchUntil">;

/** For the top bar: `Watching dc1, 8 min left`. */
export function jobWords(row: JobFacts, now: number, percent: number | null): string {
  if (row.state === "interrupted") return `Checking what ${row.datacenter} holds`;
  if (isWatched(row)) {
    return [`Watching ${row.datacenter}`, timeLeft(row.watchUntil, now)].filter(Boolean).join(", ");
  }
  switch (row.phase) {
    case "sending":
      return `Restoring ${row.datacenter}${percent === null ? "" : `, ${percent}%`}`;
    case "comparing":
      return `Checking ${row.datacenter}`;
    case "waiting":
    case "checking":
    case "safety":
    case "applying":
    case "watching":
    case "done":
      return `Restoring ${row.datacenter}`;
    default:
      return row.phase satisfies never;
  }
}
