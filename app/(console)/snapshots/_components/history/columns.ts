/** The columns of the history in their order. `from` is the table's width in px from which one has room. */
export const columns = [
  { key: "state", label: "State", from: 0, fixed: true },
  { key: "taken", label: "Taken", from: 0, fixed: true },
  { key: "datacenter", label: "Datacenter", from: 0, fixed: true },
  { key: "raftIndex", label: "Raft index", from: 640, numeric: true },
  { key: "mode", label: "Mode", from: 0 },
  { key: "leader", label: "Leader", from: 1_080 },
  { key: "lastContact", label: "Last contact", from: 720, numeric: true },
  { key: "size", label: "Size", from: 0, numeric: true },
  { key: "change", label: "Change", from: 960, numeric: true },
  { key: "source", label: "Source", from: 840 },
  { key: "verified", label: "Verified", from: 1_140 },
  { key: "by", label: "By", from: 900 },
  { key: "note", label: "Note", from: 0, optional: true },
] as const satisfies readonly ColumnSpec[];

type ColumnSpec = {
  key: string;
  label: string;
  from: number;
  numeric?: boolean;
  /** Can't be hidden: without it a row can't be told from another. */
  fixed?: boolean;
  /** Hidden until somebody asks for it. */
  optional?: boolean;
};

export type ColumnKey = (typeof columns)[number]["key"];
export type Column = ColumnSpec & { key: ColumnKey };

/** Choices that differ from the default, by column; this is what the browser keeps. */
export type ColumnChoices = Partial<Record<ColumnKey, boolean>>;

export function isChosen(column: Column, choices: ColumnChoices): boolean {
  return column.fixed === true || (choices[column.key] ?? column.optional !== true);
}

/**
 * What is shown in a table of this width. A column that somebody switched on by hand stays, even where it
 * makes the table scroll sideways; the others leave one by one.
 */
export function visibleColumns(choices: ColumnChoices, width: number): Column[] {
  return columns.filter((column: Column) => {
    if (!isChosen(column, choices)) return false;
    return choices[column.key] === true || width >= column.from;
  });
}

/** What a browser has kept, without columns that no longer exist. */
export function readChoices(stored: unknown): ColumnChoices {
  if (typeof stored !== "object" || stored === null) return {};
  const known = Object.entries(stored).filter(
    ([key, shown]) => typeof shown === "boolean" && columns.some((column) => column.key === key),
  );
  return Object.fromEntries(known) as ColumnChoices;
}
