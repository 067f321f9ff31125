import { diffArrays, diffWordsWithSpace } from "diff";
import type { TextDiffHunk, TextDiffLine } from "#app/_ui/text-diff-rows.ts";
import { type FieldLine, toFieldLines } from "./change-lines.ts";

type Fields = Readonly<Record<string, unknown>>;
export type ChangeDiff = {
  hunks: readonly TextDiffHunk[];
  /** Fields that were added, removed or got another value. */
  changed: number;
};
type Run = { removed: FieldLine[]; added: FieldLine[] };
type Parts = TextDiffLine["parts"];

/** Two records line by line. Fields of both stand in the same order, so a changed one stands beside itself. */
export function diffFields(before: Fields | null, after: Fields | null): ChangeDiff {
  const [a, b] = [toFieldLines(before), toFieldLines(after)];
  const lines: TextDiffLine[] = [];
  const at = { before: 1, after: 1 };
  let run: Run = { removed: [], added: [] };
  let changed = 0;

  function endRun() {
    changed += Math.max(run.removed.filter(isField).length, run.added.filter(isField).length);
    lines.push(...runLines(run, at));
    run = { removed: [], added: [] };
  }

  const changes = diffArrays(a, b, { comparator: (left, right) => left.text === right.text });
  for (const change of changes) {
    if (change.removed) run.removed.push(...change.value);
    else if (change.added) run.added.push(...change.value);
    else {
      endRun();
      for (const { text } of change.value) {
        lines.push({ kind: "same", beforeLine: at.before, afterLine: at.after, parts: plain(text) });
        at.before += 1;
        at.after += 1;
      }
    }
  }
  endRun();
  return { hunks: lines.length === 0 ? [] : [{ lines }], changed };
}

/** A changed field's two lines stand together, as long as both sides have one. */
function runLines({ removed, added }: Run, at: { before: number; after: number }): TextDiffLine[] {
  const lines: TextDiffLine[] = [];
  for (let place = 0; place < Math.max(removed.length, added.length); place += 1) {
    const [old, now] = [removed[place]?.text, added[place]?.text];
    const marked = markWords(old, now);
    if (old !== undefined) {
      lines.push({ kind: "removed", beforeLine: at.before, afterLine: null, parts: marked.before });
      at.before += 1;
    }
    if (now !== undefined) {
      lines.push({ kind: "added", beforeLine: null, afterLine: at.after, parts: marked.after });
      at.after += 1;
    }
  }
  return lines;
}

/** Words are compared within one field only; two different fields have nothing to say about each other. */
function markWords(before: string | undefined, after: string | undefined): { before: Parts; after: Parts } {
  const name = nameOf(before);
  if (before === undefined || after === undefined || name !== nameOf(after)) {
    return { before: plain(before ?? ""), after: plain(after ?? "") };
  }
  const words = diffWordsWithSpace(before.slice(name.length), after.slice(name.length));
  return {
    before: [
      ...plain(name),
      ...words.filter((word) => !word.added).map((word) => ({ text: word.value, marked: word.removed })),
    ],
    after: [
      ...plain(name),
      ...words.filter((word) => !word.removed).map((word) => ({ text: word.value, marked: word.added })),
    ],
  };
}

const isField = (line: FieldLine) => !line.heading;
const plain = (text: string): Parts => [{ text, marked: false }];
/** The indentation, the name and the colon; of an item of a list, up to its dash. */
const nameOf = (line: string | undefined): string => /^ *(?:- |[^:]*: ?)/.exec(line ?? "")?.[0] ?? "";
