import { createReadStream, rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import {
  compareIdentity,
  type IdentityReport,
  readRestoreFacts,
  type Verdict,
  verdictOf,
} from "#core/archive/identity/index.ts";
import { applyMayTakeMs, deniedAfterRestoreMs } from "#core/consul/index.ts";
import { isAppError } from "#core/kernel/errors.ts";
import { fetchSnapshot } from "./fetch-snapshot.ts";
import { type RestoreTarget, wordsOf } from "./target.ts";

/** Right after a restore Consul leads itself anew; then it takes longer. */
const pausesMs = [250, 500, 1_000, 2_000, 5_000];
/** After this a datacenter that still can't be read is told so. */
const examineForMs = 10 * 60_000;
/** A token that ends between the fresh snapshot and the comparison is one that ended. */
const endsSoonMs = 60_000;
const readBytes = 1024 * 1024;

export type CheckOptions = {
  readonly target: RestoreTarget;
  readonly open: () => AsyncIterable<Buffer>;
  readonly endsByItself: readonly string[];
  /** Null: there is none to compare with. */
  readonly safetyFile: string | null;
  /** The raft index of the target before the restore; null: not known. */
  readonly liveIndex: number | null;
  readonly snapshotIndex: number;
  /** Of the state in the file, unpacked: what Consul has to apply. */
  readonly stateBytes: number;
  /** Tried in their order while Consul denies; undefined is the one of the environment. */
  readonly tokens: readonly (string | undefined)[];
  /** Whether no answer of 200 came: then both files are compared, and what is not the snapshot is looked at twice. */
  readonly isUnanswered: boolean;
  readonly say: (text: string) => Promise<void>;
};

export type Examination = {
  readonly verdict: Verdict;
  readonly snapshot: IdentityReport;
  readonly safety: IdentityReport | null;
};
export type Checked = Examination | { readonly problem: string; readonly isDenied: boolean };

const holds: Record<Verdict, string> = {
  snapshot: "the snapshot",
  safety: "what it held before",
  both: "what both files hold",
  neither: "neither of the two",
};

/** Compares a fresh snapshot of the target with the file that was sent, and with what it held before. */
export async function checkRestore(options: CheckOptions): Promise<Checked> {
  const folder = await mkdtemp(path.join(tmpdir(), "snapkeep-check-"));
  const onExit = () => rmSync(folder, { recursive: true, force: true });
  process.on("exit", onExit);
  try {
    const first = await examineUntil(options, path.join(folder, "first.snap"));
    if ("problem" in first || !options.isUnanswered || first.verdict === "snapshot") return first;
    // Consul may have had the whole archive and still be reading it; then it is replaced a moment later.
    const settleMs = applyMayTakeMs(options.target.timeouts.settleMs, options.stateBytes);
    await options.say(
      `So far it holds ${holds[first.verdict]}. Looking once more in ${Math.round(settleMs / 1_000)} s…`,
    );
    await pause(settleMs);
    return await examineUntil(options, path.join(folder, "second.snap"));
  } finally {
    process.off("exit", onExit);
    await rm(folder, { recursive: true, force: true });
  }
}

/** Looks until it can be told, or until it has taken too long. */
async function examineUntil(options: CheckOptions, file: string): Promise<Checked> {
  const startedMs = performance.now();
  let deniedSinceMs: number | null = null;
  let told = "";
  for (let round = 0; ; round += 1) {
    try {
      await takeFresh(options, file);
      break;
    } catch (error) {
      if (!isAppError(error)) throw error;
      const problem = wordsOf(error, options.target.address);
      const nowMs = performance.now();
      const isDenied = error.code === "consul_denied";
      deniedSinceMs = isDenied ? (deniedSinceMs ?? nowMs) : null;
      const isOver =
        nowMs - startedMs > examineForMs ||
        (deniedSinceMs !== null && nowMs - deniedSinceMs > deniedAfterRestoreMs);
      // A disk that is full stays so.
      if (isOver || error.code === "storage_failed") return { problem, isDenied };
      if (problem !== told) await options.say(`${problem} Trying again…`);
      told = problem;
      await pause(pausesMs[Math.min(round, pausesMs.length - 1)] ?? 0);
    }
  }
  try {
    return await compare(options, file);
  } catch (error) {
    return { problem: wordsOf(error, options.target.address), isDenied: false };
  }
}

async function takeFresh({ target, tokens }: CheckOptions, file: string): Promise<void> {
  for (const [at, token] of tokens.entries()) {
    try {
      await fetchSnapshot(target, file, token);
      return;
    } catch (error) {
      const isNext = isAppError(error) && error.code === "consul_denied" && at < tokens.length - 1;
      if (!isNext) throw error;
    }
  }
}

async function compare(options: CheckOptions, file: string): Promise<Examination> {
  const { open, safetyFile, liveIndex, isUnanswered } = options;
  const readFile = (name: string) => async () => createReadStream(name, { highWaterMark: readBytes });
  const against = (
    wanted: () => Promise<AsyncIterable<Buffer>>,
    sinceIndex: number | null,
    endsByItself: readonly string[],
  ) => compareIdentity({ wanted, found: readFile(file), sinceIndex, endsByItself, inProcess: true });
  const snapshot = await against(async () => open(), writtenSinceIndex(options), options.endsByItself);
  // The other file only matters where this one doesn't fit, or where nobody said that it was taken.
  if (safetyFile === null || (!isUnanswered && snapshot.matches))
    return { verdict: await verdictOf(snapshot, null), snapshot, safety: null };
  const before = readFile(safetyFile);
  const safety = await against(before, liveIndex, await endsByItselfIn(before));
  const areAlike = async () => {
    const both = { wanted: async () => open(), found: before, sinceIndex: null, inProcess: true };
    const { matches, moved } = await compareIdentity(both);
    return matches && moved === 0;
  };
  return { verdict: await verdictOf(snapshot, safety, areAlike), snapshot, safety };
}

/**
 * Above which raft index a record was written after the restore. Raft goes on from the higher of the target's and the
 * file's. Where the target's is not known, only a 200 tells that whatever was there before is gone.
 */
function writtenSinceIndex({ liveIndex, snapshotIndex, isUnanswered }: CheckOptions): number | null {
  if (liveIndex === null) return isUnanswered ? null : snapshotIndex;
  return Math.max(liveIndex, snapshotIndex);
}

async function endsByItselfIn(open: () => Promise<AsyncIterable<Buffer>>): Promise<readonly string[]> {
  const signal = new AbortController().signal;
  const endsBeforeMs = Date.now() + endsSoonMs;
  return (await readRestoreFacts({ open, inThread: false, signal, sampleKeys: 1, endsBeforeMs }))
    .endsByItself;
}
