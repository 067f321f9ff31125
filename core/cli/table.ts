/** A line of cells; numbers are set to the right. */
export type Row = readonly (string | { readonly right: string })[];

type Write = (text: string) => Promise<void> | undefined;

/** The widths are those of the first rows: to know all of them would mean to hold all of them. */
const rowsHeld = 500;
const cellCharsMax = 60;
const gap = "  ";

/**
 * Sets rows in columns as they come. Cells must be visible text already. The last cell of a row is as long as it
 * likes; another one pushes the rest of its row aside when it is wider than what was seen in the first rows.
 */
export function createTable(write: Write, headings: Row) {
  let held: Row[] | null = [headings];
  let widths: number[] = [];
  const release = async (): Promise<void> => {
    if (held === null) return;
    const rows = held;
    held = null;
    widths = headings.map((_, at) =>
      Math.min(cellCharsMax, Math.max(...rows.map((row) => charsOf(row[at] ?? "")))),
    );
    for (const row of rows) await write(setRow(row, widths));
  };
  return {
    add: (row: Row): Promise<void> | undefined => {
      if (held === null) return write(setRow(row, widths));
      held.push(row);
      return held.length > rowsHeld ? release() : undefined;
    },
    /** Once, after the last row. */
    end: release,
  };
}

/** The same for rows that are all there. */
export async function writeTable(write: Write, headings: Row, rows: readonly Row[]): Promise<void> {
  const table = createTable(write, headings);
  for (const row of rows) await table.add(row);
  await table.end();
}

function setRow(row: Row, widths: readonly number[]): string {
  const cells = row.map((cell, at) => {
    const text = typeof cell === "string" ? cell : cell.right;
    const missing = " ".repeat(Math.max(0, (widths[at] ?? 0) - charsOf(cell)));
    if (typeof cell !== "string") return missing + text;
    return at === row.length - 1 ? text : text + missing;
  });
  return `${cells.join(gap).trimEnd()}\n`;
}

function charsOf(cell: Row[number]): number {
  return [...(typeof cell === "string" ? cell : cell.right)].length;
}
