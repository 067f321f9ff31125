// What `consul snapshot inspect` prints, to the byte (command/snapshot/inspect/formatter.go).
import type { Inspection } from "./contract.ts";
import type { InspectedReport } from "./inspector.ts";

type Line = { readonly name: string; readonly count: number; readonly bytes: number };

function keyLines({ kv }: Inspection): Line[] {
  return kv.prefixes.map(({ prefix, count, bytes }) => ({ name: prefix, count, bytes }));
}

function keyBytes({ kv }: Inspection): number {
  return kv.prefixes.reduce((sum, { bytes }) => sum + bytes, kv.unlisted.bytes);
}

/**
 * The output of `-kvdetails -format=json`, without the line break at its end. Of a state with more different
 * prefixes than an inspection keeps, the rest are only in the total.
 *
 * @throws Error when there is no meta.json
 */
export function toConsulInspectJson(report: InspectedReport, inspection: Inspection): string {
  const { id, sizeBytes, index, term, version } = metaOf(report);
  const toStats = ({ name, bytes, count }: Line) => ({ Name: name, Sum: bytes, Count: count });
  const keys = keyLines(inspection).map(toStats);
  const output = {
    Meta: { ID: id, Size: sizeBytes, Index: index, Term: term, Version: version },
    Stats: inspection.types.map(toStats),
    StatsKV: keys.length === 0 ? null : keys,
    TotalSize: inspection.stateBytes,
    TotalSizeKV: keyBytes(inspection),
  };
  return escapeAsGo(JSON.stringify(output, null, 3));
}

/** Go writes these as escapes, so that its JSON can stand in a page. */
function escapeAsGo(json: string): string {
  return json.replace(
    /[<>&\u2028\u2029]/g,
    (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** The output of `-kvdetails` without a format, or of no option at all; without the line break at its end. */
export function toConsulInspectTable(
  report: InspectedReport,
  inspection: Inspection,
  { kvDetails = true }: { readonly kvDetails?: boolean } = {},
): string {
  const { id, sizeBytes, index, term, version } = metaOf(report);
  const about = [
    ["ID", id],
    ["Size", String(sizeBytes)],
    ["Index", String(index)],
    ["Term", String(term)],
    ["Version", String(version)],
  ];
  const types = tableRows("Type", inspection.types, inspection.stateBytes);
  const keys = keyLines(inspection);
  const blocks = [about, types];
  if (kvDetails && keys.length > 0) {
    blocks.push(tableRows("Key Name", keys, keyBytes(inspection)));
  }
  return blocks.map(alignColumns).join("\n");
}

function tableRows(heading: string, lines: readonly Line[], totalBytes: number): string[][] {
  return [
    [heading, "Count", "Size"],
    ["----", "----", "----"],
    ...lines.map(({ name, count, bytes }) => [name, String(count), toByteText(bytes)]),
    ["----", "----", "----"],
    ["Total", "", toByteText(totalBytes)],
  ];
}

const cellWidthMin = 8;
const cellGap = 6;

/** Go's tabwriter: every column as wide as its widest cell and a gap, and the last cell of a line as it is. */
function alignColumns(rows: readonly string[][]): string {
  const indented = rows.map(([first = "", ...rest]) => [` ${first}`, ...rest]);
  const widths = [0, 1].map((column) =>
    Math.max(cellWidthMin, ...indented.map((row) => widthOf(row, column))),
  );
  const toLine = (row: readonly string[]) =>
    row.map((cell, at) => (at === row.length - 1 ? cell : pad(cell, widths[at] ?? 0))).join("");
  return indented.map((row) => `${toLine(row)}\n`).join("");
}

/** The last cell of a line is in no column. */
function widthOf(row: readonly string[], column: number): number {
  return column < row.length - 1 ? characters(row[column] ?? "") + cellGap : 0;
}

function pad(cell: string, width: number): string {
  return cell + " ".repeat(Math.max(0, width - characters(cell)));
}

function characters(text: string): number {
  return [...text].length;
}

const units = ["B", "KB", "MB", "GB", "TB"];

/** In steps of 1,024, with one decimal at most. */
export function toByteText(bytes: number): string {
  if (bytes === 0) {
    return "0";
  }
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${roundHalfToEven(value * 10) / 10}${units[unit]}`;
}

/** As Go rounds; JavaScript rounds halves up. */
function roundHalfToEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 === 1 ? rounded - 1 : rounded;
}

function metaOf(report: InspectedReport): NonNullable<InspectedReport["meta"]> {
  if (report.meta === null) {
    throw new Error("A snapshot without its meta.json has no such output.");
  }
  return report.meta;
}
