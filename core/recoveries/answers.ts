import { cleanText, faultWords, isNeverConnected } from "#core/consul/index.ts";
import { isAppError } from "#core/kernel/errors.ts";
import type { KeyChange } from "./key-changes.ts";

export type ChangeOutcome = {
  change: KeyChange;
  kind: "done" | "stale" | "refused" | "unknown";
  /** ModifyIndex of the write; 0: not known, or gone. */
  index: number;
  text: string;
};
/** How a round of sending ended: everything told, or a reason to stop that Consul or the network gave. */
export type Answer =
  | { kind: "told"; outcomes: ChangeOutcome[] }
  /** Nothing happened, and the same would be said to everything else. */
  | { kind: "refused"; text: string }
  /** It may have happened. */
  | { kind: "lost"; text: string }
  /** It was never sent. */
  | { kind: "unsent"; text: string }
  | { kind: "too-large"; text: string };

export function toOutcome(
  change: KeyChange,
  kind: ChangeOutcome["kind"],
  text: string,
  index = 0,
): ChangeOutcome {
  return { change, kind, index, text };
}

export function toLost(error: unknown): Answer {
  const text = isAppError(error) ? error.userMessage : `Consul's answer broke off: ${faultWords(error)}.`;
  return isNeverConnected(error) ? { kind: "unsent", text } : { kind: "lost", text };
}

/** What Consul's answer means besides 200 and 409. */
export function toOtherAnswer({ status, text }: { status: number; text: string }): Answer {
  const said = cleanText(text) || `Consul answered ${status} without a text`;
  if (status === 413) return { kind: "too-large", text: said };
  const isRefusal = (status >= 400 && status < 500 && status !== 429) || /no path to datacenter/i.test(said);
  return { kind: isRefusal ? "refused" : "lost", text: said };
}
