import { formatCount, formatNumber } from "#app/_ui/format.ts";
import { type StateName, states } from "#app/_ui/states.ts";
import type {
  RecoverableKind,
  Recovery,
  RecoveryCounts,
  RecoveryState,
  Selection,
} from "#core/recoveries/contract.ts";
import type { Shown } from "../../_lib/restore-words.ts";

const stateNames = {
  planning: ["running", "Planning"],
  planned: ["todo", "Planned"],
  applying: ["running", "Recovering"],
  applied: ["done", "Recovered"],
  partial: ["warning", "Partly recovered"],
  failed: ["failed", "Failed"],
  interrupted: ["interrupted", "Interrupted"],
  undoing: ["running", "Taking back"],
  undone: ["cancelled", "Taken back"],
  "undone-partial": ["warning", "Partly taken back"],
} as const satisfies Record<RecoveryState, readonly [StateName, string]>;

/** How a recovery stands, for a row. */
export function recoveryState(state: RecoveryState): Shown {
  const [name, word] = stateNames[state];
  return { name, word, tone: states[name].tone };
}

/** Something goes on that a look every second is worth. */
export function isMoving(row: Pick<Recovery, "state">): boolean {
  return row.state === "planning" || row.state === "applying" || row.state === "undoing";
}

export const kindWords = {
  "prepared-query": "Prepared query",
  "acl-policy": "Policy",
  "acl-role": "Role",
  "config-entry": "Config entry",
  intention: "Intention",
} as const satisfies Record<RecoverableKind, string>;

export function isRecoverableKind(kind: string): kind is RecoverableKind {
  return Object.hasOwn(kindWords, kind);
}

/** What is counted: keys where nothing else was chosen, records where no key was. */
function nounOf(selections: readonly Selection[]): readonly [one: string, many: string] {
  const records = selections.filter((one) => "kind" in one).length;
  if (records === 0) return ["key", "keys"];
  return records === selections.length ? ["record", "records"] : ["key or record", "keys and records"];
}

type Chosen = { counts: RecoveryCounts; selections: readonly Selection[] };

/** How many there are, with their noun: `15 keys`. */
export function countOf({ selections }: Pick<Chosen, "selections">, count: number): string {
  const [one, many] = nounOf(selections);
  return formatCount(count, one, many);
}

/** `12 keys come back, 3 change, 40 are as they are`. */
export function planWords({ counts, selections }: Chosen): string {
  const { create, update, unchanged } = counts;
  const parts = [
    { count: create, words: create === 1 ? "comes back" : "come back" },
    { count: update, words: update === 1 ? "changes" : "change" },
    { count: unchanged, words: unchanged === 1 ? "is as it is" : "are as they are" },
  ].filter(({ count }) => count > 0);
  if (parts.length === 0) return "Nothing of what was chosen is in the snapshot";
  return parts
    .map(({ count, words }, at) =>
      at === 0 ? `${countOf({ selections }, count)} ${words}` : `${formatNumber(count)} ${words}`,
    )
    .join(", ");
}

/** The whole act in one sentence; the button says it. */
export function recoverSentence(row: Pick<Recovery, "counts" | "selections" | "datacenter">): string {
  return `Recover ${countOf(row, row.counts.create + row.counts.update)} into ${row.datacenter}`;
}

export function undoSentence(row: Pick<Recovery, "counts" | "selections" | "datacenter">): string {
  return `Take back ${countOf(row, row.counts.applied)} in ${row.datacenter}`;
}

type Row = Pick<Recovery, "state" | "counts" | "selections" | "datacenter">;

/** The sentence that the page opens with. */
export function recoveryVerdict(row: Row): string {
  const { state, counts, datacenter } = row;
  switch (state) {
    case "planning":
      return "Looking at what would change";
    case "planned":
      return planWords(row);
    case "applying":
      return `Recovering into ${datacenter}`;
    case "applied":
      return counts.create + counts.update === 0
        ? "Everything was in place already"
        : `${countOf(row, counts.applied)} recovered into ${datacenter}`;
    case "partial":
      return `${countOf(row, counts.applied)} recovered, not all`;
    case "failed":
      return "Nothing was written";
    case "interrupted":
      return `Cut off in the middle, ${countOf(row, counts.applied)} recovered`;
    case "undoing":
      return `Taking back what was written to ${datacenter}`;
    case "undone":
      return `${countOf(row, counts.undone)} taken back`;
    case "undone-partial":
      return `${countOf(row, counts.undone)} taken back, not all`;
    default:
      return state satisfies never;
  }
}

/** What the state means for the datacenter. */
export function recoveryMeaning({ state, counts, datacenter }: Row): string {
  switch (state) {
    case "planning":
      return `The archive is read and compared with ${datacenter}. Nothing is written.`;
    case "planned":
      return counts.create + counts.update === 0
        ? `There is nothing to write to ${datacenter}.`
        : "Nothing was written yet. What somebody changes before you confirm is left alone.";
    case "applying":
      return "Each is written only if it still stands as in the plan. Closing this page changes nothing.";
    case "applied":
      return "Everything of the plan is in the datacenter.";
    case "partial":
      return "What is not recovered was changed by somebody else meanwhile, or refused. The list says which.";
    case "failed":
      return `${datacenter} is as it was.`;
    case "interrupted":
      return counts.unknown === 0
        ? "What was written stays. The rest was not sent."
        : `Of ${formatNumber(counts.unknown)} it is not known whether they were written. The list says which.`;
    case "undoing":
      return "Each goes back only if nobody changed it since.";
    case "undone":
      return `${datacenter} holds what it held before, as far as this recovery changed it.`;
    case "undone-partial":
      return "The rest was changed by somebody else since, or is not known. The list says which.";
    default:
      return state satisfies never;
  }
}

/** One of the things that were chosen, as a chip says it. */
export function selectionWords(selection: Selection, keyText: (keyId: string) => string): string {
  if ("prefix" in selection) return selection.prefix === "" ? "All keys" : `${selection.prefix}…`;
  if ("keyId" in selection) return keyText(selection.keyId);
  return `${kindWords[selection.kind]} ${selection.identity}`;
}

/** A key out of its id; its bytes may be no text, and are shown as far as they are. */
export function keyTextOf(keyId: string): string {
  try {
    const binary = atob(keyId.replaceAll("-", "+").replaceAll("_", "/"));
    return new TextDecoder().decode(Uint8Array.from(binary, (character) => character.charCodeAt(0)));
  } catch {
    return keyId;
  }
}
