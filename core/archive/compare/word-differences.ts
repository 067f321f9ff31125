// Which words of a line changed. Browser-safe.
import { diffWordsWithSpace } from "diff";

export type TextPart = { readonly text: string; readonly changed: boolean };

type MarkedLines = {
  readonly removed: readonly (readonly TextPart[])[];
  readonly added: readonly (readonly TextPart[])[];
};

/** In a longer line, words are not looked at. */
const lineCharactersMax = 4_000;
const lineEditsMax = 300;
const lineTimeMsMax = 20;
/** With less than this share in common, a line is another one, and marked words would only be noise. */
const commonShareMin = 0.3;

/** A line as one part, without its line feed. */
export function wholeLine(line: string, changed: boolean): TextPart[] {
  const text = withoutEnd(line);
  return text === "" ? [] : [{ text, changed }];
}

function withoutEnd(line: string): string {
  return line.endsWith("\n") ? line.slice(0, -1) : line;
}

/**
 * Marks the words that changed between lines that were replaced: the first removed against the first added, and so
 * on. Lines without a partner, too long or too different are not marked in part.
 *
 * @param budget word edits that may still be looked for in the whole text; it is used up
 */
export function markWords(
  removed: readonly string[],
  added: readonly string[],
  budget: { edits: number },
): MarkedLines {
  const pairs = removed.map((line, at) => markPair(line, added[at], budget));
  return {
    removed: pairs.map(({ before }) => before),
    added: added.map((line, at) => pairs[at]?.after ?? wholeLine(line, false)),
  };
}

type MarkedPair = { readonly before: TextPart[]; readonly after: TextPart[] };

function markPair(lineBefore: string, lineAfter: string | undefined, budget: { edits: number }): MarkedPair {
  const before = withoutEnd(lineBefore);
  const after = withoutEnd(lineAfter ?? "");
  const unmarked = { before: wholeLine(before, false), after: wholeLine(after, false) };
  if (
    lineAfter === undefined ||
    budget.edits <= 0 ||
    Math.max(before.length, after.length) > lineCharactersMax
  ) {
    return unmarked;
  }
  const maxEditLength = Math.min(lineEditsMax, budget.edits);
  const runs = diffWordsWithSpace(before, after, { maxEditLength, timeout: lineTimeMsMax });
  const edits = runs?.reduce((sum, run) => sum + (run.added || run.removed ? run.count : 0), 0);
  budget.edits -= edits ?? maxEditLength;
  if (runs === undefined) {
    return unmarked;
  }
  const common = runs.reduce((sum, run) => sum + (run.added || run.removed ? 0 : run.value.length), 0);
  if (common < commonShareMin * Math.max(before.length, after.length)) {
    return unmarked;
  }
  return {
    before: runs
      .filter(({ added }) => !added)
      .map(({ value, removed }) => ({ text: value, changed: removed })),
    after: runs
      .filter(({ removed }) => !removed)
      .map(({ value, added }) => ({ text: value, changed: added })),
  };
}
