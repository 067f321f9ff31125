import { readFile } from "node:fs/promises";
import path from "node:path";
import {
  type ArchiveFinding,
  type Inspection,
  inspectArchive,
  inspectState,
  type SnapshotMeta,
  toConsulInspectJson,
  type VerifyReport,
} from "#core/archive/index.ts";
import { type ArchiveFile, findArchive, unreadable } from "./archive-file.ts";
import { names, oneOf, parseArguments, wholeNumber } from "./arguments.ts";
import { type ExitCode, exitCodes } from "./exit.ts";
import { complainOfFindings } from "./findings-text.ts";
import { writeInspection } from "./inspect-text.ts";
import type { CommandIo } from "./io.ts";

/** What an archive's report and a bare state.bin's have in common. */
export type Inspected = {
  readonly report: Pick<VerifyReport, "ok" | "meta" | "records" | "lastIndex"> & {
    readonly findings: readonly ArchiveFinding[];
    readonly meta: SnapshotMeta | null;
  };
  readonly inspection: Inspection;
};

const flags = {
  format: { type: "string" },
  "kv-details": { type: "boolean" },
  "kv-depth": { type: "string" },
  "kv-filter": { type: "string" },
} as const;

/** `snapkeep inspect FILE`. Of an archive that is not good it shows what came before the fault, and says so. */
export async function run(args: readonly string[], io: CommandIo): Promise<ExitCode> {
  const { values, positionals } = parseArguments(args, flags);
  const format = oneOf("format", values.format, ["pretty", "json", "full"], "pretty");
  const [name = ""] = names(positionals, 1, 1, "one FILE");
  const options = { kvDepth: wholeNumber("kv-depth", values["kv-depth"]), kvFilter: values["kv-filter"] };
  const archive = await findArchive(name, io);
  const { report, inspection } = await read(archive, options).catch((error: unknown) =>
    Promise.reject(unreadable(name, error)),
  );
  io.progress.hide();
  const kvDetails = values["kv-details"] === true;
  if (format === "full") {
    const { ok, findings, meta, lastIndex } = report;
    await io.out.write(`${JSON.stringify({ file: name, ok, findings, meta, lastIndex, inspection })}\n`);
  } else if (format === "pretty") {
    if (report.meta !== null) await writeInspection(io.out.write, { report, inspection }, kvDetails);
  } else if (report.ok) {
    // Programs that read Consul's JSON must not get the half of it; Consul gives none either.
    const shown = kvDetails ? inspection : withoutKeys(inspection);
    await io.out.write(`${toConsulInspectJson(report, shown)}\n`);
  }
  await complainOfFindings(io, name, report);
  return report.ok ? exitCodes.fine : exitCodes.found;
}

/** A file of this name is no archive but what raft keeps in a server's data folder; Consul tells by the name, too. */
async function read(
  archive: ArchiveFile,
  options: { kvDepth: number | undefined; kvFilter: string | undefined },
): Promise<Inspected> {
  if (archive.file === null || path.basename(archive.file) !== "state.bin") {
    return await inspectArchive(archive.open(), options);
  }
  const metaJson = await readFile(path.join(path.dirname(archive.file), "meta.json"));
  return await inspectState(archive.open(), metaJson, options);
}

/** Without `-kvdetails` Consul counts no keys at all. */
function withoutKeys(inspection: Inspection): Inspection {
  return { ...inspection, kv: { ...inspection.kv, prefixes: [], unlisted: { count: 0, bytes: 0 } } };
}
