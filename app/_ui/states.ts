import {
  type Icon,
  IconAlertTriangle,
  IconBan,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleDot,
  IconCircleMinus,
  IconCircleX,
  IconClockExclamation,
  IconHelpCircle,
  IconHourglassLow,
  IconInfoCircle,
  IconLoader2,
  IconLock,
  IconPlugConnectedX,
  IconShieldX,
  IconUsers,
} from "@tabler/icons-react";

/** Colour means state. `run` is work in progress. */
export type Tone = "good" | "warn" | "late" | "bad" | "idle" | "run";
export type StateSpec = { word: string; icon: Icon; tone: Tone };

/**
 * The vocabulary of DESIGN section 3: word, icon and colour of every state, and no others. Every
 * SnapshotState, RestoreState and AuditOutcome of the contracts is a key, so a row's state can be passed on
 * as it is. Cancelled, Unknown, Intent, Waiting, Interrupted, Declined and Expired are the contracts' own.
 */
export const states = {
  verified: { word: "Verified", icon: IconCircleCheck, tone: "good" },
  stored: { word: "Stored", icon: IconCircleDot, tone: "idle" },
  stale: { word: "Stale", icon: IconHourglassLow, tone: "warn" },
  overdue: { word: "Overdue", icon: IconClockExclamation, tone: "late" },
  failed: { word: "Failed", icon: IconCircleX, tone: "bad" },
  corrupt: { word: "Corrupt", icon: IconShieldX, tone: "bad" },
  missing: { word: "Missing", icon: IconCircleDashed, tone: "idle" },
  cancelled: { word: "Cancelled", icon: IconCircleMinus, tone: "idle" },
  taking: { word: "Taking", icon: IconLoader2, tone: "run" },
  uploading: { word: "Uploading", icon: IconLoader2, tone: "run" },
  deleting: { word: "Deleting", icon: IconLoader2, tone: "run" },
  running: { word: "Running", icon: IconLoader2, tone: "run" },
  watching: { word: "Watching", icon: IconLoader2, tone: "run" },
  pass: { word: "Pass", icon: IconCircleCheck, tone: "good" },
  warning: { word: "Warning", icon: IconAlertTriangle, tone: "warn" },
  block: { word: "Block", icon: IconBan, tone: "bad" },
  recoverable: { word: "Recoverable", icon: IconCircleCheck, tone: "good" },
  atRisk: { word: "At risk", icon: IconClockExclamation, tone: "late" },
  ok: { word: "OK", icon: IconCircleCheck, tone: "good" },
  succeeded: { word: "OK", icon: IconCircleCheck, tone: "good" },
  denied: { word: "Denied", icon: IconLock, tone: "warn" },
  refused: { word: "Failed", icon: IconCircleX, tone: "bad" },
  unknown: { word: "Unknown", icon: IconHelpCircle, tone: "warn" },
  intent: { word: "Intent", icon: IconCircleDot, tone: "idle" },
  critical: { word: "Critical", icon: IconCircleX, tone: "bad" },
  notice: { word: "Notice", icon: IconInfoCircle, tone: "idle" },
  done: { word: "Done", icon: IconCircleCheck, tone: "good" },
  waiting: { word: "Waiting for approval", icon: IconUsers, tone: "warn" },
  interrupted: { word: "Interrupted", icon: IconPlugConnectedX, tone: "warn" },
  declined: { word: "Declined", icon: IconCircleMinus, tone: "idle" },
  expired: { word: "Expired", icon: IconHourglassLow, tone: "idle" },
  todo: { word: "To do", icon: IconCircleDashed, tone: "idle" },
} as const satisfies Record<string, StateSpec>;

export type StateName = keyof typeof states;

export function stateSpec(state: StateName): StateSpec {
  return states[state];
}

/** Whether the state's icon turns: only work in progress moves. */
export function isRunning(state: StateName): boolean {
  return stateSpec(state).tone === "run";
}
