import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { isAppError } from "#core/kernel/errors.ts";
import type { LocalRuntime } from "#core/runtime/index.ts";
import { names, oneOf, parseArguments } from "../arguments.ts";
import { type ExitCode, exitCodes, UsageError } from "../exit.ts";
import type { CommandIo } from "../io.ts";
import { countOf } from "../numbers.ts";
import { visible } from "../visible-text.ts";
import { withRecords } from "./with-records.ts";

const flags = { cluster: { type: "string" }, format: { type: "string" }, json: { type: "boolean" } } as const;

/** What became of one file; the lines of `--format json` are exactly this. */
type FileImport =
  | { readonly file: string; readonly outcome: "imported"; readonly id: string; readonly how: string }
  | { readonly file: string; readonly outcome: "known"; readonly id: string }
  | {
      readonly file: string;
      readonly outcome: "bad";
      readonly codes: readonly string[];
      readonly text: string;
    }
  | { readonly file: string; readonly outcome: "unreadable"; readonly text: string };

/** snapkeep import FOLDER */
export async function run(args: readonly string[], io: CommandIo): Promise<ExitCode> {
  const { values, positionals } = parseArguments(args, flags);
  const format = oneOf("format", values.format, ["text", "json"], values.json === true ? "json" : "text");
  const [folder = ""] = names(positionals, 1, 1, "one FOLDER");
  const files = await archivesIn(folder);
  return withRecords((local) =>
    local.importing(async (importFile) => {
      const cluster = await clusterOf(local, values.cluster);
      const isInStore = await isSameFolder(folder, local.archivesFolder);
      const counts = { imported: 0, known: 0, bad: 0, unreadable: 0 };
      for (const { name, file, bytes } of files) {
        const onBytes = (more: number) => io.progress.add(name, more, bytes);
        const one = await importOne(name, () => importFile({ file, isInStore, ...cluster, onBytes }));
        io.progress.hide();
        counts[one.outcome] += 1;
        await (format === "json" ? io.out.write(`${JSON.stringify(one)}\n`) : tell(io, one));
        // Each as it is known: the next may be a large one.
        await io.out.flush();
      }
      if (format === "text") await io.out.write(`${sumUp(counts)}\n`);
      return counts.bad + counts.unreadable > 0 ? exitCodes.found : exitCodes.fine;
    }),
  );
}

type ArchiveInFolder = { name: string; file: string; bytes: number; changedMs: number };

/** Oldest first, as far as the files say: so each has the one before it to be compared in size with. */
async function archivesIn(folder: string): Promise<ArchiveInFolder[]> {
  const found = await readdir(folder).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${visible(folder)} is no folder that can be read: ${visible(why)}.`);
  });
  const files: ArchiveInFolder[] = [];
  for (const name of found.filter((each) => each.endsWith(".snap"))) {
    const file = path.resolve(folder, name);
    const facts = await stat(file).catch(() => null);
    if (facts === null || facts.isFile())
      files.push({ name, file, bytes: facts?.size ?? 0, changedMs: facts?.mtimeMs ?? 0 });
  }
  return files.sort((a, b) => a.changedMs - b.changedMs || (a.name < b.name ? -1 : 1));
}

/** By whatever path, link or mount it was named. */
async function isSameFolder(one: string, other: string): Promise<boolean> {
  const [left, right] = await Promise.all([stat(one), stat(other).catch(() => null)]);
  return right !== null && left.dev === right.dev && left.ino === right.ino;
}

/** A cluster that Snapkeep has by this name or id; else the name alone, since the cluster may be gone as well. */
async function clusterOf(local: LocalRuntime, wanted: string | undefined) {
  const known = await local.clusters.list();
  const found = known.find(({ id, name }) => name === wanted || id === wanted);
  return { clusterId: found?.id ?? null, clusterName: found?.name ?? wanted ?? "imported" };
}

type Import = Awaited<ReturnType<Parameters<Parameters<LocalRuntime["importing"]>[0]>[0]>>;

/** A file that can't be read does not keep the others from being imported; a store that can't be written does. */
async function importOne(file: string, work: () => Promise<Import>): Promise<FileImport> {
  try {
    const done = await work();
    switch (done.kind) {
      case "imported":
        return { file, outcome: "imported", id: done.id, how: done.how };
      case "known":
        return { file, outcome: "known", id: done.id };
      case "bad": {
        const codes = done.findings.map(({ code }) => code);
        return { file, outcome: "bad", codes, text: done.findings[0]?.text ?? "It does not verify." };
      }
      default:
        return done satisfies never;
    }
  } catch (error) {
    if (isAppError(error) && error.code === "conflict")
      return { file, outcome: "unreadable", text: error.userMessage };
    if (error instanceof Error && "syscall" in error)
      return { file, outcome: "unreadable", text: `It can't be read: ${error.message}.` };
    throw error;
  }
}

async function tell({ out }: CommandIo, one: FileImport): Promise<void> {
  const name = visible(one.file);
  switch (one.outcome) {
    case "imported":
      await out.write(`${name}: imported as ${one.id}, ${one.how}\n`);
      return;
    case "known":
      await out.write(`${name}: skipped, its bytes are in the history as ${one.id}\n`);
      return;
    case "bad":
      await out.write(
        `${name}: skipped, it does not verify. ${one.codes.join(", ")}: ${visible(one.text)}\n`,
      );
      return;
    case "unreadable":
      await out.write(`${name}: skipped. ${visible(one.text)}\n`);
      return;
    default:
      one satisfies never;
  }
}

function sumUp({ imported, known, bad, unreadable }: Record<FileImport["outcome"], number>): string {
  const parts = [`${countOf(imported, "archive")} imported`];
  if (known > 0) parts.push(`${known} in the history already`);
  if (bad > 0) parts.push(`${bad} not good`);
  if (unreadable > 0) parts.push(`${unreadable} not readable`);
  return `${parts.join(", ")}.`;
}
