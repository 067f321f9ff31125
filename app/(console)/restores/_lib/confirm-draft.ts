import type { Preflight, ReturnInput, StartRestoreInput } from "#core/restore/contract.ts";
import { isOutdated, type PreflightName } from "./preflight-words.ts";
import { reasonCharsMin, withoutSafetyReasonCharsMin } from "./restore-words.ts";

/** What is typed before something is restored, here and in the dialog that returns to a safety snapshot. */
export type ActDraft = {
  safety: boolean;
  withoutSafetyReason: string;
  reason: string;
  typed: string;
  token: string;
  tokenAfter: string;
};
export const emptyDraft: ActDraft = {
  safety: true,
  withoutSafetyReason: "",
  reason: "",
  typed: "",
  token: "",
  tokenAfter: "",
};

/** The first thing in the fields that still keeps the button off; null when nothing does. */
export function missingInDraft(draft: ActDraft, datacenter: string): string | null {
  if (!draft.safety && draft.withoutSafetyReason.trim().length < withoutSafetyReasonCharsMin) {
    return "Say why there is no safety snapshot, in ten characters or more";
  }
  if (draft.reason.trim().length < reasonCharsMin) return "A reason is needed";
  return draft.typed.trim() === datacenter ? null : `Type ${datacenter} to confirm`;
}

/** What of the preflight stands in the way, whatever is typed. */
export function blockedBy(preflight: Preflight | undefined, now: number): string | null {
  if (preflight === undefined || preflight.state === "running") return "The preflight has not ended yet";
  if (preflight.state === "failed") return "The preflight failed. Run it again";
  if (preflight.lines.some((line) => line.result === "block")) return "Clear the block first";
  return isOutdated(preflight, now) ? "The preflight is too old. Run it again" : null;
}

/** A new run may warn of something else under the same name, so a tick counts only for the run it was made on. */
export type Ticks = { preflightId: string; names: readonly PreflightName[] };

export function tickedOf(ticks: Ticks, preflightId: string): readonly PreflightName[] {
  return ticks.preflightId === preflightId ? ticks.names : [];
}

export function toggled(ticks: Ticks, preflightId: string, name: PreflightName, on: boolean): Ticks {
  const others = tickedOf(ticks, preflightId).filter((each) => each !== name);
  return { preflightId, names: on ? [...others, name] : others };
}

export function warningsOf(preflight: Preflight): PreflightName[] {
  return preflight.lines.filter((line) => line.result === "warning").map((line) => line.name);
}

export function unticked(preflight: Preflight, ticks: Ticks): string | null {
  const ticked = tickedOf(ticks, preflight.id);
  return warningsOf(preflight).every((name) => ticked.includes(name)) ? null : "Tick each warning";
}

/** Both datacenter names go along: what is restored into, and what was typed. */
export function toStartInput(preflight: Preflight, draft: ActDraft): StartRestoreInput {
  const { snapshot, target } = preflight;
  return {
    snapshotId: snapshot.id,
    clusterId: target.clusterId,
    datacenter: target.datacenter,
    preflightId: preflight.id,
    accepted: warningsOf(preflight),
    ...typedFields(draft),
  };
}

export function toReturnInput(id: string, draft: ActDraft): ReturnInput {
  return { id, ...typedFields(draft) };
}

function typedFields(draft: ActDraft) {
  const token = draft.token.trim();
  const tokenAfter = draft.tokenAfter.trim();
  return {
    confirmDatacenter: draft.typed.trim(),
    reason: draft.reason.trim(),
    ...(draft.safety ? {} : { withoutSafetyReason: draft.withoutSafetyReason.trim() }),
    ...(token === "" ? {} : { token }),
    ...(tokenAfter === "" ? {} : { tokenAfter }),
  };
}
