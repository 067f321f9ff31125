import { stringify } from "csv-stringify/sync";
import { type AuditEntry, auditEntry, type ExportFormat } from "./contract.ts";
import type { Cursor, Filter } from "./filter-sql.ts";
import { type AuditReads, toCursor } from "./reads.ts";
import { toEntry } from "./rows.ts";

const stepRows = 1_000;

/** As many columns as an entry has fields, in their order. */
const csvColumns = auditEntry.keyof().options;

export const exportTypes: Record<ExportFormat, string> = {
  csv: "text/csv; charset=utf-8",
  jsonl: "application/jsonl; charset=utf-8",
};

/** Every row that the filter matches, newest first, as pieces of text of some thousand rows at most. */
export async function* exportRows(
  reads: AuditReads,
  filter: Filter,
  format: ExportFormat,
): AsyncGenerator<string, void, undefined> {
  let cursor: Cursor | null = null;
  if (format === "csv") yield csv([csvColumns]);
  for (;;) {
    const rows = await reads.step(filter, cursor, stepRows);
    const entries = rows.map(toEntry);
    if (entries.length > 0)
      yield format === "csv"
        ? csv(entries.map(toCells))
        : entries.map((entry) => `${JSON.stringify(entry)}\n`).join("");
    const last = rows.at(-1);
    if (last === undefined || rows.length < stepRows) return;
    cursor = toCursor(last);
  }
}

const toCells = (entry: AuditEntry) =>
  csvColumns.map((column) => {
    const value = entry[column];
    return typeof value === "object" && value !== null ? JSON.stringify(value) : value;
  });

/** A cell that a spreadsheet would take for a formula gets an apostrophe in front. */
const csv = (rows: readonly (readonly (string | number | null)[])[]) =>
  stringify(
    rows.map((row) => [...row]),
    { escape_formulas: true, record_delimiter: "windows" },
  );
