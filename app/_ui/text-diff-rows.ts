/** A line of a difference; numbers count from 1 and are null on the side where the line isn't. */
export type TextDiffLine = {
  kind: "same" | "removed" | "added";
  beforeLine: number | null;
  afterLine: number | null;
  /** Pieces of the line; the marked ones are the words that differ. */
  parts: readonly { text: string; marked: boolean }[];
};
export type TextDiffHunk = { lines: readonly TextDiffLine[] };
export type SplitRow = { before: TextDiffLine | null; after: TextDiffLine | null };

/** The rows of the view with two columns: removed lines stand beside the added ones that follow them. */
export function toSplitRows(lines: readonly TextDiffLine[]): SplitRow[] {
  const rows: SplitRow[] = [];
  // The first row of the current run of changes whose right half is still free.
  let free = 0;
  for (const line of lines) {
    const row = rows[free];
    if (line.kind === "same") {
      rows.push({ before: line, after: line });
      free = rows.length;
    } else if (line.kind === "removed") {
      // Removed after added begins another run.
      if (rows.length > 0 && rows.at(-1)?.before === null) free = rows.length;
      rows.push({ before: line, after: null });
    } else if (row !== undefined && row.after === null) {
      row.after = line;
      free += 1;
    } else {
      rows.push({ before: null, after: line });
      free = rows.length;
    }
  }
  return rows;
}

/** How many lines, the same on both sides, stand unseen before this hunk. */
export function linesBefore(hunk: TextDiffHunk, previous: TextDiffHunk | undefined): number {
  const [first] = hunk.lines;
  const start = first?.beforeLine ?? first?.afterLine ?? 1;
  const side = first?.beforeLine === null ? "afterLine" : "beforeLine";
  const last = previous?.lines.reduce((number, line) => line[side] ?? number, 0) ?? 0;
  return Math.max(0, start - last - 1);
}

/** The first `linesMax` lines of all hunks: a page of many thousand rows takes seconds to lay out. */
export function firstLines(hunks: readonly TextDiffHunk[], linesMax: number): readonly TextDiffHunk[] {
  const shown: TextDiffHunk[] = [];
  let left = linesMax;
  for (const hunk of hunks) {
    if (left <= 0) break;
    shown.push(hunk.lines.length <= left ? hunk : { lines: hunk.lines.slice(0, left) });
    left -= hunk.lines.length;
  }
  return shown;
}

type Part = TextDiffLine["parts"][number];

/** The beginning of a line, and how many characters more it has: one endless line is as slow as many. */
export function cutLine(parts: readonly Part[], charsMax: number): { parts: readonly Part[]; more: number } {
  const length = parts.reduce((sum, part) => sum + part.text.length, 0);
  if (length <= charsMax) return { parts, more: 0 };
  const shown: Part[] = [];
  let left = charsMax;
  for (const part of parts) {
    if (left <= 0) break;
    shown.push({ text: part.text.slice(0, left), marked: part.marked });
    left -= part.text.length;
  }
  return { parts: shown, more: length - charsMax };
}
