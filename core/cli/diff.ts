import {
  type ArchiveSource,
  type CompareResult,
  compareArchives,
  type Difference,
} from "#core/archive/compare/index.ts";
import { type ArchiveFile, findArchive, unreadable } from "./archive-file.ts";
import { createDiffForm, type DiffForm } from "./diff-form.ts";
import { type DiffQuestion, isWanted, parseDiffQuestion } from "./diff-question.ts";
import { type ExitCode, exitCodes, UsageError } from "./exit.ts";
import { complainOfFindings } from "./findings-text.ts";
import { createHeldOutput } from "./held-output.ts";
import { type CommandIo, complain } from "./io.ts";
import { visible } from "./visible-text.ts";

type Archives = readonly [ArchiveFile, ArchiveFile];

/** `snapkeep diff A B`: what differs, in the order of `differenceOrder`; keys by their bytes. */
export async function run(args: readonly string[], io: CommandIo): Promise<ExitCode> {
  const question = parseDiffQuestion(args);
  const archives: Archives = [await findArchive(question.a, io), await findArchive(question.b, io)];
  const pipe = archives.find(({ canReopen }) => !canReopen);
  if (question.values && pipe !== undefined) {
    throw new UsageError(
      `--values reads each archive twice, and ${visible(pipe.name)} can be read once only.`,
    );
  }
  try {
    const { result, count } = await (question.values ? tellValues : tell)(archives, question, io);
    if (result.outcome === "compared") return count > 0 ? exitCodes.found : exitCodes.fine;
    await complainOfFindings(io, question.a, result.reports[0]);
    await complainOfFindings(io, question.b, result.reports[1]);
    if (result.outcome === "keys-unsorted") await complain(io, unsortedSentence);
    return exitCodes.found;
  } catch (error) {
    throw unreadable(`${question.a} or ${question.b}`, error);
  }
}

const unsortedSentence =
  "The keys of an archive do not stand in order, as a server's always do. Comparing it takes a file, not a pipe, and differences that fit into memory; what was listed is void.";

type Told = { readonly result: CompareResult; readonly count: number };

/** Lists the differences while the archives are being read. */
async function tell(archives: Archives, question: DiffQuestion, io: CommandIo): Promise<Told> {
  // Lines are for programs that want them at once: each tells its own story, and the last one whether they count.
  const held = question.format === "jsonl" ? null : createHeldOutput(io.out);
  let form: DiffForm = createDiffForm(question, (held ?? io.out).write);
  let count = 0;
  let isVoid = false;
  const result = await compare(archives, question, {
    onDifference: (difference) => {
      if (isVoid || !isWanted(question, difference)) return undefined;
      count += 1;
      return form.add({ difference, values: null });
    },
    onRestart: () => {
      isVoid ||= count > 0 && held?.drop() !== true;
      count = 0;
      form = isVoid ? form : createDiffForm(question, (held ?? io.out).write);
    },
  });
  io.progress.hide();
  const outcome = isVoid ? ({ ...result, outcome: "keys-unsorted", summary: null } as const) : result;
  if (outcome.outcome !== "compared" && held?.drop() === true) {
    form = createDiffForm(question, held.write);
  }
  await form.end(outcome);
  await held?.release();
  return { result: outcome, count };
}

/** Lists them when all are known, and reads both archives again for what was in them. */
async function tellValues(archives: Archives, question: DiffQuestion, io: CommandIo): Promise<Told> {
  const differences: Difference[] = [];
  const result = await compare(archives, question, {
    onDifference: (difference) => {
      if (isWanted(question, difference)) differences.push(difference);
      return undefined;
    },
    onRestart: () => void differences.splice(0),
  });
  const form = createDiffForm(question, io.out.write);
  if (result.outcome === "compared") {
    const [{ withValues }, { createRunSeal }] = await Promise.all([
      import("./diff-values.ts"),
      import("./seal.ts"),
    ]);
    for await (const told of withValues(differences, archives, question, createRunSeal())) {
      await form.add(told);
    }
  }
  io.progress.hide();
  await form.end(result);
  return { result, count: differences.length };
}

type Listeners = {
  readonly onDifference: (difference: Difference) => Promise<void> | undefined;
  readonly onRestart: () => void;
};

function compare(
  [a, b]: Archives,
  { includeChurn }: DiffQuestion,
  { onDifference, onRestart }: Listeners,
): Promise<CompareResult> {
  const source = (archive: ArchiveFile): ArchiveSource => (archive.canReopen ? archive.open : archive.open());
  return compareArchives(source(a), source(b), {
    includeChurn,
    onDifference: (difference) => onDifference(difference) ?? undefined,
    onRestart,
  });
}
