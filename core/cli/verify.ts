import { type VerifyReport, verifyArchive } from "#core/archive/index.ts";
import { findArchive, unreadable } from "./archive-file.ts";
import { names, oneOf, parseArguments } from "./arguments.ts";
import { type ExitCode, exitCodes, UsageError } from "./exit.ts";
import { writeFindings } from "./findings-text.ts";
import { type CommandIo, complain } from "./io.ts";
import { countOf, formatBytes } from "./numbers.ts";
import { visible } from "./visible-text.ts";

/** `snapkeep verify FILE…`. A file that can't be read does not keep the others from being verified. */
export async function run(args: readonly string[], io: CommandIo): Promise<ExitCode> {
  const { values, positionals } = parseArguments(args, { format: { type: "string" } });
  const format = oneOf("format", values.format, ["pretty", "json"], "pretty");
  const files = names(positionals, 1, Number.POSITIVE_INFINITY, "FILE…");
  if (files.filter((name) => name === "-").length > 1) throw new UsageError("stdin can be read once only.");
  let worst: ExitCode = exitCodes.fine;
  for (const name of files) {
    try {
      const report = await verifyArchive((await findArchive(name, io)).open());
      io.progress.hide();
      await (format === "json" ? io.out.write(toJsonLine(name, report)) : writeReport(io, name, report));
      // Each as it is known: the next may be a large one.
      await io.out.flush();
      if (!report.ok && worst === exitCodes.fine) worst = exitCodes.found;
    } catch (error) {
      const told = unreadable(name, error);
      if (!(told instanceof UsageError) || files.length === 1) throw told;
      await complain(io, told.message);
      worst = exitCodes.wrongUse;
    }
  }
  return worst;
}

/** An object on a line of its own, so that one file and many are read in the same way. */
function toJsonLine(file: string, report: VerifyReport): string {
  return `${JSON.stringify({ file, ...report })}\n`;
}

async function writeReport({ out }: CommandIo, name: string, report: VerifyReport): Promise<void> {
  const { meta, records, digests } = report;
  await out.write(`${visible(name)}: ${report.ok ? "verified" : "not good"}\n`);
  if (!report.ok) await writeFindings(out.write, report.findings);
  if (meta !== null) {
    await out.write(`  ${visible(meta.id)}: raft index ${meta.index}, term ${meta.term}\n`);
  }
  const seen = report.ok ? "" : " before the first fault";
  await out.write(
    `  ${formatBytes(report.archiveBytes)}; ${countOf(records.total, "record")} in ${formatBytes(report.stateBytes)} of state${seen}\n` +
      `  SHA-256 ${digests.archiveSha256}\n`,
  );
}
