import { formatBytes, formatNumber } from "#app/_ui/format.ts";
import type { ValueDifference } from "#core/comparisons/contract.ts";
import type { KeyEntry, KeyValue } from "#core/contents/contract.ts";
import type { Change } from "./rows.ts";

type Values = Pick<ValueDifference, "before" | "after" | "text" | "without">;

/** The pattern of names that keeps either side closed; null when both are open. */
export function closedRule({ before, after }: Values): string | null {
  for (const side of [after, before]) if (side?.value.state === "closed") return side.value.rule;
  return null;
}

/** What became of a key that is only known from a link. */
export function changeOf({ before, after, text }: Values): Change {
  if (before === null) return "added";
  if (after === null) return "removed";
  const same = sameValue(before, after) && entryNotes(before.entry, after.entry).length === 0;
  return same && (text === null || text.hunks.length === 0) ? "touched" : "changed";
}

function sameValue(before: KeyValue, after: KeyValue): boolean {
  if (before.value.state === "open" && after.value.state === "open")
    return before.value.base64 === after.value.base64 && before.entry.valueBytes === after.entry.valueBytes;
  if (before.value.state === "closed" && after.value.state === "closed")
    return before.value.fingerprint === after.value.fingerprint;
  return false;
}

const formWords = { json: "JSON", text: "text", binary: "binary" } as const;

/** JSON, text or binary; `text to JSON` where that changed. */
export function formOf({ before, after }: Values): string {
  const [from, to] = [before, after].map((side) =>
    side?.value.state === "open" ? formWords[side.value.form] : null,
  );
  if (from != null && to != null && from !== to) return `${from} to ${to}`;
  return to ?? from ?? "";
}

/** Why there are no lines to read, in a sentence. */
export function bytesNote(data: Values): string {
  const { before, after } = data;
  const one = after ?? before;
  if (before !== null && after !== null && sameValue(before, after)) return "The value is the same in both.";
  const binary = [before, after].some((side) => side?.value.state === "open" && side.value.form === "binary");
  if (before === null || after === null) {
    const bytes = one?.entry.valueBytes ?? 0;
    if (bytes === 0) return "The value is empty.";
    if (binary) return `A binary value of ${formatBytes(bytes)}.`;
    return data.without ?? `A value of ${formatBytes(bytes)}.`;
  }
  if (binary) {
    const [from, to] = [formatBytes(before.entry.valueBytes), formatBytes(after.entry.valueBytes)];
    return from === to ? `Binary values of ${to} each differ.` : `Binary values of ${from} and ${to} differ.`;
  }
  return data.without ?? "The values differ.";
}

/** Flags, lock and session of a key in both, where they differ. */
export function entryNotes(before: KeyEntry | null, after: KeyEntry | null): string[] {
  if (before === null || after === null) return only(after ?? before);
  const notes: string[] = [];
  if (before.flags !== after.flags) notes.push(`Flags changed from ${before.flags} to ${after.flags}.`);
  if (before.session !== after.session) notes.push(sessionWords(before.session, after.session));
  if (before.lockIndex !== after.lockIndex)
    notes.push(
      `It was locked ${formatNumber(before.lockIndex)} times in A and ${formatNumber(after.lockIndex)} times in B.`,
    );
  return notes;
}

function sessionWords(before: string, after: string): string {
  if (before === "") return `Locked in B by session ${after}; in A nobody held it.`;
  if (after === "") return `No longer locked; in A session ${before} held it.`;
  return `Locked by another session: ${before} in A, ${after} in B.`;
}

/** Of a key that is on one side only, what isn't as usual. */
function only(entry: KeyEntry | null): string[] {
  if (entry === null) return [];
  const notes: string[] = [];
  if (entry.flags !== "0") notes.push(`Flags are ${entry.flags}.`);
  if (entry.session !== "") notes.push(`Locked by session ${entry.session}.`);
  return notes;
}
