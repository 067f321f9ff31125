import { writeSync } from "node:fs";
import { Readable } from "node:stream";
import { type RestoreFacts, readRestoreFacts } from "#core/archive/identity/index.ts";
import { assertUnchanged, type Outcome, sendArchive } from "#core/consul/index.ts";
import { isAppError } from "#core/kernel/errors.ts";
import { type ArchiveFile, findArchive, unreadable } from "../archive-file.ts";
import { askOnTerminal } from "../ask.ts";
import { type ExitCode, exitCodes, UsageError } from "../exit.ts";
import { complainOfFindings } from "../findings-text.ts";
import { type CommandIo, complain } from "../io.ts";
import { countOf, formatBytes, formatCount } from "../numbers.ts";
import { visible } from "../visible-text.ts";
import { checkRestore } from "./check.ts";
import { type RestoreOptions, readRestoreOptions } from "./options.ts";
import { exitOf, fromCheck, fromRefusal, nextSteps, type RestoreFound } from "./outcome.ts";
import { assertFree, type Safety, safetyFileOf, takeSafety } from "./safety.ts";
import { openTarget, type RestoreTarget, wordsOf } from "./target.ts";
import { warningsOf } from "./warnings.ts";

/** An hour: whatever expires while the restore runs is gone in the look after it. */
const restoreMayTakeMs = 3_600_000;
const terminated = 143;

type Say = (text: string) => Promise<void>;

/** `snapkeep restore FILE`. Needs no server and no records: a file, and Consul's own variables. */
export async function run(args: readonly string[], io: CommandIo): Promise<ExitCode> {
  const options = readRestoreOptions(args);
  const archive = await findArchive(options.name, io);
  if (!archive.canReopen)
    throw new UsageError("restore reads its FILE more than once, so it can't be a pipe.");
  const say: Say = async (text) => {
    io.progress.hide();
    await io.errors.write(`${text}\n`);
    await io.errors.flush();
  };
  await say(`Verifying ${visible(options.name)}…`);
  const facts = await readFacts(archive);
  if (!facts.report.ok) {
    await complainOfFindings(io, options.name, facts.report);
    await say("Nothing was sent to Consul.");
    return exitCodes.found;
  }
  await say(factsText(facts));
  let target: RestoreTarget;
  let safety: Safety | null;
  try {
    target = await openTarget(options.datacenter);
    await say(
      `${target.datacenter} at ${target.address}: leader ${target.leader}, Consul ${target.version}${indexText(target)}`,
    );
    for (const warning of warningsOf(facts, target)) await say(`Warning: ${visible(warning)}`);
    await confirm(options, target, io);
    safety = await keepSafety(options, target, say);
    await assertUnchanged(sourceOf(archive, facts), new AbortController().signal);
  } catch (error) {
    if (!isAppError(error)) throw unreadable(options.safetyFile ?? options.name, error);
    await complain(io, notSent(error.userMessage));
    return exitCodes.found;
  }
  return await sendAndTell({ options, archive, facts, target, safety, say, io });
}

/** Consul's own words end as they like. */
function notSent(words: string): string {
  const told = words.replace(/ ?Nothing was sent to Consul\.$/, "");
  return `${told}${/[.!?]$/.test(told) ? "" : "."} Nothing was sent to Consul.`;
}

function readFacts(archive: ArchiveFile): Promise<RestoreFacts> {
  return readRestoreFacts({
    open: async () => archive.open(),
    inThread: false,
    signal: new AbortController().signal,
    sampleKeys: 1,
    endsBeforeMs: Date.now() + restoreMayTakeMs,
  }).catch((error: unknown) => Promise.reject(unreadable(archive.name, error)));
}

function factsText({ report, datacenter, versions }: RestoreFacts): string {
  const { meta, records, archiveBytes } = report;
  const from = datacenter === null ? "" : `, of ${visible(datacenter)}`;
  const version = versions[0] === undefined ? "" : `, Consul ${visible(versions.join(", "))}`;
  return `Verified: ${formatBytes(archiveBytes)}, ${countOf(records.total, "record")}, raft index ${formatCount(meta?.index ?? 0)}${from}${version}`;
}

function indexText({ appliedIndex }: RestoreTarget): string {
  return appliedIndex === null ? "" : `, raft index ${formatCount(appliedIndex)}`;
}

/** @throws UsageError unless the name of the datacenter was given or is typed now */
async function confirm(options: RestoreOptions, target: RestoreTarget, io: CommandIo): Promise<void> {
  const name = target.datacenter;
  const question = `All data of ${name} is replaced. Type ${name} to go on: `;
  const typed = options.confirm ?? (await askOnTerminal(io, question));
  if (typed !== name)
    throw new UsageError(
      `'${visible(typed)}' is not ${name}, the datacenter that would be replaced. Nothing was sent to Consul.`,
    );
}

async function keepSafety(
  { withoutSafety, safetyFile }: RestoreOptions,
  target: RestoreTarget,
  say: Say,
): Promise<Safety | null> {
  if (withoutSafety !== null) {
    await say(`No safety snapshot: ${visible(withoutSafety)}`);
    return null;
  }
  const file = safetyFile ?? safetyFileOf(target.datacenter, Date.now());
  await assertFree(file);
  await say(`Taking a snapshot of what ${target.datacenter} holds now…`);
  const safety = await takeSafety(target, file);
  await say(
    `Kept in ${visible(file)}: ${formatBytes(safety.bytes)}, raft index ${formatCount(safety.raftIndex)}, verified`,
  );
  return safety;
}

type Run = {
  readonly options: RestoreOptions;
  readonly archive: ArchiveFile;
  readonly facts: RestoreFacts;
  readonly target: RestoreTarget;
  readonly safety: Safety | null;
  readonly say: Say;
  readonly io: CommandIo;
};

async function sendAndTell(run: Run): Promise<ExitCode> {
  const { options, target, safety, facts, io } = run;
  const sent = await send(run);
  io.progress.hide();
  const isSent = sent.state === "succeeded" || sent.state === "unknown";
  const told = isSent ? await look(run, sent) : fromRefusal(sent);
  const found: RestoreFound = {
    file: options.name,
    datacenter: target.datacenter,
    consulStatus: sent.consulStatus,
    safetyFile: safety?.file ?? null,
    nextSteps: nextSteps(told.outcome, facts.hasAclTokens, safety?.file ?? null),
    ...told,
  };
  if (options.format === "json") await io.out.write(`${JSON.stringify(found)}\n`);
  else await writeFound(io, found);
  return exitOf[found.outcome];
}

async function send({ archive, facts, target, say }: Run): Promise<Outcome> {
  await say(`Sending ${formatBytes(facts.report.archiveBytes)} to ${target.address}…`);
  const outcome = await sendArchive({
    client: target.client,
    datacenter: target.datacenter,
    token: undefined,
    archive: sourceOf(archive, facts),
    idleTimeoutMs: target.timeouts.idleMs,
    // As for a snapshot: it may take as long to read an archive as to write one.
    answerTimeoutMs: target.timeouts.firstByteMs,
    signal: new AbortController().signal,
    beforeFirstByte: async () => warnWhenKilled(target),
    onBytes: () => undefined,
    // Whether it shows or not has no part in how this ends.
    onAllSent: () => void say("All sent; Consul is applying it…").catch(() => undefined),
  });
  await say(outcome.text);
  return outcome;
}

/** From the first byte on, whoever ends this process has to know what that leaves. */
function warnWhenKilled({ datacenter, address }: RestoreTarget): void {
  const words = `\nsnapkeep: Bytes of the archive had been sent to ${address}, so the data of ${datacenter} may have been replaced. Look at the datacenter before anything else.\n`;
  // The process ends in the same moment, so it is written at once.
  const warn = (): void => void writeSync(2, words);
  process.prependListener("SIGINT", warn);
  process.once("SIGTERM", () => {
    warn();
    process.exit(terminated);
  });
}

async function look(run: Run, sent: Outcome) {
  const { options, archive, facts, target, safety, say } = run;
  await say(`Comparing a fresh snapshot of ${target.datacenter} with ${visible(options.name)}…`);
  const checked = await checkRestore({
    target,
    open: () => asBuffers(archive.open()),
    endsByItself: facts.endsByItself,
    safetyFile: safety?.file ?? null,
    liveIndex: safety?.raftIndex ?? target.appliedIndex,
    snapshotIndex: facts.report.meta?.index ?? 0,
    stateBytes: facts.report.stateBytes,
    tokens: options.tokenAfter === null ? [undefined] : [options.tokenAfter, undefined],
    isUnanswered: sent.state !== "succeeded",
    say,
  }).catch((error: unknown) => ({ problem: wordsOf(error, target.address), isDenied: false }));
  return fromCheck(target.datacenter, sent, checked, safety !== null);
}

async function writeFound({ out }: CommandIo, found: RestoreFound): Promise<void> {
  await out.write(`${found.datacenter}: ${found.outcome === "not_sent" ? "not sent" : found.outcome}\n`);
  await out.write(`  ${visible(found.text)}\n`);
  for (const example of found.verdict === "neither" ? (found.report?.examples ?? []) : [])
    await out.write(`  ${visible(example)}\n`);
  if (found.nextSteps.length > 0) await out.write("\nNext:\n");
  for (const step of found.nextSteps) await out.write(`- ${visible(step)}\n`);
}

function sourceOf(archive: ArchiveFile, { report }: RestoreFacts) {
  return {
    bytes: report.archiveBytes,
    sha256: report.digests.archiveSha256,
    open: async () => Readable.from(asBuffers(archive.open())),
  };
}

async function* asBuffers(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  for await (const chunk of source) yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}
