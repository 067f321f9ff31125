import type { ChainReport } from "#core/audit/contract.ts";
import { oneOf, parseArguments, wholeNumber } from "../arguments.ts";
import { type ExitCode, exitCodes, UsageError } from "../exit.ts";
import type { CommandIo } from "../io.ts";
import { visible } from "../visible-text.ts";
import { withRecords } from "./with-records.ts";

/** snapkeep audit verify|archive */
export async function run(args: readonly string[], io: CommandIo): Promise<ExitCode> {
  const [act, ...rest] = args;
  if (act === "verify") return verify(rest, io);
  if (act === "archive") return archive(rest, io);
  throw new UsageError("It is audit verify or audit archive.");
}

async function verify(args: readonly string[], io: CommandIo): Promise<ExitCode> {
  const { values, positionals } = parseArguments(args, { format: { type: "string" } });
  const format = oneOf("format", values.format, ["text", "json"], "text");
  return withRecords(async (local) => {
    if (positionals.length > 0) return verifyFiles(local, positionals, io);
    const report = await local.execute("audit.verify", {});
    await io.out.write(format === "json" ? `${JSON.stringify(report)}\n` : `${wordsOf(report)}\n`);
    return report.state === "broken" ? exitCodes.found : exitCodes.fine;
  });
}

type Local = Parameters<Parameters<typeof withRecords>[0]>[0];

async function verifyFiles(local: Local, files: readonly string[], io: CommandIo): Promise<ExitCode> {
  let code: ExitCode = exitCodes.fine;
  for (const file of files) {
    const { header, broken } = await local.verifyAuditArchive(file);
    if (broken !== null) code = exitCodes.found;
    const range = header === null ? "" : `entries ${header.firstEntry} to ${header.lastEntry}, `;
    const found =
      broken === null
        ? "intact"
        : `broken${broken.entry === null ? "" : ` at entry ${broken.entry}`}: ${broken.words}`;
    await io.out.write(`${visible(file)}: ${range}${found}\n`);
  }
  return code;
}

function wordsOf(report: ChainReport): string {
  if (report.broken !== null)
    return `The hash chain is broken at entry ${report.broken.entry} (${report.broken.kind}): ${report.broken.words}`;
  if (report.state === "empty") return "The audit log is empty.";
  const archived =
    report.archivedThrough === null ? "" : `, entries up to ${report.archivedThrough} in archive files`;
  const anchors = report.anchors.checked === 0 ? "" : `, ${report.anchors.checked} anchors agree`;
  return `The hash chain is intact: ${report.entries} entries up to ${report.lastEntry}${archived}${anchors}. Head ${report.head}`;
}

async function archive(args: readonly string[], io: CommandIo): Promise<ExitCode> {
  const { values } = parseArguments(args, { "keep-days": { type: "string" } });
  const keepDays = wholeNumber("keep-days", values["keep-days"]);
  if (keepDays === undefined) throw new UsageError("--keep-days says how many days stay in the log.");
  return withRecords(async (local) => {
    const report = await local.execute("audit.archive", { keepDays });
    await io.out.write(`${JSON.stringify(report)}\n`);
    return exitCodes.fine;
  });
}
