import type { RecoveryCounts, RecoveryState } from "./contract.ts";
import type { Ended } from "./run.ts";

export type Outcome = { state: RecoveryState; text: string; audit: "ok" | "failed" | "unknown" };
/** `stopped`: Snapkeep was stopped, in order or not. */
export type How = Ended & { stopped: boolean };

const count = (value: number): string => value.toLocaleString("en-US");
const stoppedWords = "Snapkeep was stopped in the middle.";

/** How applying ended, in words that say what was written and what not. */
export function toApplyOutcome(counts: RecoveryCounts, { stoppedBy, stopped }: How): Outcome {
  const total = counts.create + counts.update;
  const words = [
    `${count(counts.applied)} of ${count(total)} recovered.`,
    counts.conflict > 0
      ? `${count(counts.conflict)} changed by somebody else meanwhile, and left alone.`
      : "",
    counts.refused > 0 ? `${count(counts.refused)} refused by Consul.` : "",
    counts.unknown > 0 ? `Of ${count(counts.unknown)} it is not known whether they were written.` : "",
    stopped ? stoppedWords : "",
    stoppedBy === null ? "" : sentence(stoppedBy),
  ];
  const text = words.filter((word) => word !== "").join(" ");
  if (total === 0 && stoppedBy === null)
    return { state: "applied", text: "Everything was in place already.", audit: "ok" };
  if (counts.applied === total) return { state: "applied", text, audit: "ok" };
  if (counts.unknown > 0) return { state: "interrupted", text, audit: "unknown" };
  if (counts.applied === 0) return { state: "failed", text: `Nothing was written. ${text}`, audit: "failed" };
  return stopped ? { state: "interrupted", text, audit: "failed" } : { state: "partial", text, audit: "ok" };
}

/** How the way back ended. What is still `applied` was not taken back. */
export function toUndoOutcome(counts: RecoveryCounts, { stoppedBy, stopped }: How): Outcome {
  const words = [
    `${count(counts.undone)} taken back.`,
    counts.undoConflict > 0
      ? `${count(counts.undoConflict)} changed by somebody else since, and left alone.`
      : "",
    counts.applied > 0 ? `${count(counts.applied)} are still in place.` : "",
    counts.unknown > 0 ? `Of ${count(counts.unknown)} it is not known.` : "",
    stopped ? stoppedWords : "",
    stoppedBy === null ? "" : sentence(stoppedBy),
  ];
  const text = words.filter((word) => word !== "").join(" ");
  const isWhole = counts.applied + counts.undoConflict + counts.unknown === 0;
  if (isWhole) return { state: "undone", text, audit: "ok" };
  if (counts.unknown > 0) return { state: "undone-partial", text, audit: "unknown" };
  return { state: "undone-partial", text, audit: counts.undone > 0 ? "ok" : "failed" };
}

/** Consul's words mostly end without a full stop. */
export function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
