import type { ArchiveFinding, ArchiveFindingCode } from "#core/archive/contract.ts";
import { type CommandIo, complain } from "./io.ts";
import { formatCount } from "./numbers.ts";
import { type Row, writeTable } from "./table.ts";
import { visible } from "./visible-text.ts";

/** A report, of an archive or of a bare state.bin. */
type Report = { readonly ok: boolean; readonly findings: readonly ArchiveFinding[] };

/** The findings as a table, the outermost layer first. */
export async function writeFindings(
  write: (text: string) => Promise<void> | undefined,
  findings: readonly ArchiveFinding[],
): Promise<void> {
  await writeTable(write, ["  CODE", "WHERE", "WHAT"], findings.map(toRow));
}

/** Says on stderr that an archive is not good, and why. */
export async function complainOfFindings(io: CommandIo, name: string, report: Report): Promise<void> {
  if (report.ok) return;
  await complain(io, `${visible(name)} is not good:`);
  await writeFindings(io.errors.write, report.findings);
  await io.errors.flush();
}

function toRow(finding: ArchiveFinding): Row {
  return [`  ${finding.code}`, toPlace(finding), visible(finding.text)];
}

/** Offsets count in the layer that the code belongs to, see `ArchiveFinding`. */
function toPlace({ code, offset, member }: ArchiveFinding): string {
  if (offset === undefined) return member === undefined ? "-" : visible(member).slice(0, 40);
  return `byte ${formatCount(offset)} of ${layerOf(code, member)}`;
}

function layerOf(code: ArchiveFindingCode, member: string | undefined): string {
  if (code === "EMPTY" || code === "APPENDED_TEXT" || (code.startsWith("GZIP_") && member === undefined)) {
    return "the file";
  }
  if (/^(TAR|MEMBER)_|^DOUBLE_GZIP$|^EXPANSION_LIMIT$/.test(code)) return "the tar";
  return member === undefined ? "its member" : visible(member).slice(0, 40);
}
