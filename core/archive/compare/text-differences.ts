// Differences of two texts, line by line and word by word. Browser-safe.
import { toPrettyJson } from "./json-text.ts";
import { type LinePair, matchLines } from "./line-matches.ts";
import { markWords, type TextPart, wholeLine } from "./word-differences.ts";

/** `before` and `after` are line numbers from 1; null on the side where the line is not. */
export type DiffLine = {
  readonly kind: "same" | "removed" | "added";
  readonly before: number | null;
  readonly after: number | null;
  /** The line without its line feed, in parts of which some changed. */
  readonly parts: readonly TextPart[];
  /** True for a last line that no line feed ends. */
  readonly open: boolean;
};

/** Lines that changed, and the ones around them; removed ones stand before the added ones. */
export type DiffHunk = {
  readonly beforeStart: number;
  readonly beforeLines: number;
  readonly afterStart: number;
  readonly afterLines: number;
  readonly lines: readonly DiffLine[];
};

export type TextDiff =
  | {
      readonly kind: "lines";
      /** Whether both were JSON, and their pretty forms were compared. */
      readonly pretty: boolean;
      /** Empty when nothing differs: with `pretty`, then only the layout or the order of names can. */
      readonly hunks: readonly DiffHunk[];
      readonly removed: number;
      readonly added: number;
    }
  | {
      /** `too-large`: not compared; `too-different`: given up. Both are known to differ. */
      readonly kind: "too-large" | "too-different";
    };

export type DiffTextOptions = {
  /** Compares pretty forms where both texts are JSON. */
  readonly pretty?: boolean;
  /** Unchanged lines around a change; 3 unless told. */
  readonly contextLines?: number;
  readonly charactersMax?: number;
  readonly linesMax?: number;
};

const defaults = { contextLines: 3, charactersMax: 1024 * 1024, linesMax: 20_000 };
/** Word edits that are looked for in all lines together. */
const editsMax = 4_000;

/** Compares two texts. It takes some 1.5 s at the most, so large values belong into a worker thread. */
export function diffTexts(before: string, after: string, options: DiffTextOptions = {}): TextDiff {
  const { contextLines, charactersMax, linesMax } = { ...defaults, ...options };
  const [a, b, pretty] = inShape(before, after, options.pretty === true);
  if (a === b) {
    return { kind: "lines", pretty, hunks: [], removed: 0, added: 0 };
  }
  if (Math.max(a.length, b.length) > charactersMax) {
    return { kind: "too-large" };
  }
  const linesA = toLines(a);
  const linesB = toLines(b);
  if (Math.max(linesA.length, linesB.length) > linesMax) {
    return { kind: "too-large" };
  }
  const pairs = matchLines(linesA, linesB);
  if (pairs === null) {
    return { kind: "too-different" };
  }
  const lines = toDiffLines(linesA, linesB, pairs);
  const count = (kind: DiffLine["kind"]) => lines.filter((line) => line.kind === kind).length;
  return {
    kind: "lines",
    pretty,
    hunks: toHunks(lines, contextLines),
    removed: count("removed"),
    added: count("added"),
  };
}

function inShape(before: string, after: string, pretty: boolean): [string, string, boolean] {
  const isSmall = Math.max(before.length, after.length) <= defaults.charactersMax;
  const a = pretty && isSmall ? toPrettyJson(before) : null;
  const b = a === null ? null : toPrettyJson(after);
  return a === null || b === null ? [before, after, false] : [a, b, true];
}

/** Lines with their line feeds, so that a last line without one differs. */
function toLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function toDiffLines(
  linesA: readonly string[],
  linesB: readonly string[],
  pairs: readonly LinePair[],
): DiffLine[] {
  const lines: DiffLine[] = [];
  const budget = { edits: editsMax };
  let a = 0;
  let b = 0;
  for (const [endA, endB] of [...pairs, [linesA.length, linesB.length] as const]) {
    const removed = linesA.slice(a, endA);
    const added = linesB.slice(b, endB);
    const marked = markWords(removed, added, budget);
    for (const [at, text] of removed.entries()) {
      lines.push(diffLine("removed", a + at + 1, null, text, marked.removed[at]));
    }
    for (const [at, text] of added.entries()) {
      lines.push(diffLine("added", null, b + at + 1, text, marked.added[at]));
    }
    const same = linesA[endA];
    if (same !== undefined) {
      lines.push(diffLine("same", endA + 1, endB + 1, same, wholeLine(same, false)));
    }
    a = endA + 1;
    b = endB + 1;
  }
  return lines;
}

function diffLine(
  kind: DiffLine["kind"],
  before: number | null,
  after: number | null,
  text: string,
  parts: readonly TextPart[] = [],
): DiffLine {
  return { kind, before, after, parts, open: !text.endsWith("\n") };
}

function toHunks(lines: readonly DiffLine[], contextLines: number): DiffHunk[] {
  const hunks: DiffHunk[] = [];
  let from = -1;
  let lastChange = -1;
  const close = (end: number): void => {
    if (from >= 0) {
      hunks.push(toHunk(lines, from, Math.min(end, lastChange + contextLines + 1)));
    }
  };
  for (const [at, line] of lines.entries()) {
    if (line.kind === "same") {
      continue;
    }
    if (from < 0 || at - lastChange > 2 * contextLines + 1) {
      close(lines.length);
      from = Math.max(0, at - contextLines);
    }
    lastChange = at;
  }
  close(lines.length);
  return hunks;
}

function toHunk(all: readonly DiffLine[], from: number, to: number): DiffHunk {
  const lines = all.slice(from, to);
  const start = (side: "before" | "after"): number => {
    const first = lines.find((line) => line[side] !== null);
    if (first !== undefined) {
      return first[side] ?? 0;
    }
    const previous = all.slice(0, from).findLast((line) => line[side] !== null);
    return (previous?.[side] ?? 0) + 1;
  };
  return {
    beforeStart: start("before"),
    beforeLines: lines.filter((line) => line.before !== null).length,
    afterStart: start("after"),
    afterLines: lines.filter((line) => line.after !== null).length,
    lines,
  };
}

/** The rows of a split view: what was removed stands beside what was added. */
export function toSplitRows(
  hunk: DiffHunk,
): { readonly before: DiffLine | null; readonly after: DiffLine | null }[] {
  const rows: { before: DiffLine | null; after: DiffLine | null }[] = [];
  let free = 0;
  for (const line of hunk.lines) {
    const row = rows[free];
    if (line.kind === "added" && row !== undefined && row.after === null) {
      row.after = line;
      free += 1;
    } else if (line.kind === "removed") {
      rows.push({ before: line, after: null });
    } else {
      rows.push({ before: line.kind === "same" ? line : null, after: line });
      free = rows.length;
    }
  }
  return rows;
}
