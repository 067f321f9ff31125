import {
  compareIdentity,
  type IdentityReport,
  type Verdict,
  verdictOf,
} from "#core/archive/identity/index.ts";
import type { ContentsService } from "#core/contents/index.ts";
import type { Clock } from "#core/kernel/clock.ts";
import { AppError, type ErrorCode, isAppError, toAppError } from "#core/kernel/errors.ts";
import type { Logger } from "#core/kernel/logger.ts";
import type { SnapshotService } from "#core/snapshots/index.ts";
import type { ArchiveStore } from "#core/storage/index.ts";
import { endsByItself } from "./ends-by-itself.ts";

/** Right after a restore Consul leads itself anew; then it takes longer. */
const pausesMs = [250, 500, 1_000, 2_000, 5_000];

/** A token that ends between the fresh snapshot and the comparison is one that ended. */
const endsSoonMs = 60_000;

export type ExamineDeps = {
  snapshots: SnapshotService;
  contents: ContentsService;
  clock: Clock;
  /** Holds the snapshots that are taken to look, and nothing else. */
  checks: ArchiveStore;
  log: Logger;
};

export type Examined = {
  restoreId: string;
  snapshotId: string;
  safetySnapshotId: string | null;
  clusterId: string;
  datacenter: string;
  /** The raft index of the target before the restore; null: not known. */
  liveIndex: number | null;
  /** The raft index of the snapshot. */
  snapshotIndex: number | null;
  /** Consul answered 200: then the other snapshot only matters where this one doesn't fit. */
  isAnswered: boolean;
};

export type Examination = {
  verdict: Verdict;
  snapshot: IdentityReport;
  /** Null where there is no safety snapshot, or where it was not asked about. */
  safety: IdentityReport | null;
  /** Whether another token than the first one had to be used. */
  tokenAt: number;
};

/**
 * Takes a fresh snapshot of the target, and compares it with the one that was restored and with the one that was
 * taken before.
 * @param tokens are tried in their order while Consul denies; undefined is the cluster's own.
 * @throws AppError why the target could not be read, or why an archive could not.
 */
export async function examineOnce(
  deps: ExamineDeps,
  about: Examined,
  tokens: readonly (string | undefined)[],
  signal: AbortSignal,
): Promise<Examination> {
  const id = `check-${about.restoreId}`;
  try {
    const tokenAt = await takeFresh(deps, about, id, tokens, signal);
    const stored = async (wantedId: string) => (await deps.snapshots.openArchive(wantedId)).open();
    const against = async (wantedId: string, sinceIndex: number | null) => {
      const index = await deps.contents.indexOf(await deps.snapshots.inside(wantedId));
      return compareIdentity({
        wanted: () => stored(wantedId),
        found: () => deps.checks.open(id),
        sinceIndex,
        endsByItself: await endsByItself(index, deps.clock.nowMs() + endsSoonMs),
        signal,
      });
    };
    const { snapshotId, safetySnapshotId: safetyId } = about;
    const snapshot = await against(snapshotId, writtenSinceIndex(about));
    const isNeeded = safetyId !== null && (!about.isAnswered || !snapshot.matches);
    const safety = isNeeded ? await against(safetyId, about.liveIndex) : null;
    const areAlike = async () => {
      const [wanted, found] = [() => stored(snapshotId), () => stored(safetyId ?? "")];
      const { matches, moved } = await compareIdentity({ wanted, found, sinceIndex: null, signal });
      return matches && moved === 0;
    };
    return { verdict: await verdictOf(snapshot, safety, areAlike), snapshot, safety, tokenAt };
  } finally {
    await deps.checks
      .remove(id)
      .catch((error: unknown) => deps.log.warn({ err: error }, "a check's snapshot stays"));
  }
}

/**
 * Above which raft index a record was written after the restore. Consul goes on from the higher of the target's and the
 * snapshot's. Where the target's is not known, only a 200 tells that whatever was there before is gone.
 */
function writtenSinceIndex({ liveIndex, snapshotIndex, isAnswered }: Examined): number | null {
  if (liveIndex === null) return isAnswered ? snapshotIndex : null;
  return Math.max(liveIndex, snapshotIndex ?? 0);
}

async function takeFresh(
  deps: ExamineDeps,
  { clusterId, datacenter }: Examined,
  id: string,
  tokens: readonly (string | undefined)[],
  signal: AbortSignal,
): Promise<number> {
  let denied: unknown = null;
  for (const [at, token] of tokens.entries()) {
    try {
      const onBytes = () => undefined;
      await deps.snapshots.takeUnkept({
        id,
        clusterId,
        datacenter,
        token,
        store: deps.checks,
        signal,
        onBytes,
      });
      return at;
    } catch (error) {
      if (!isAppError(error) || error.code !== "consul_denied") throw error;
      denied = error;
    }
  }
  throw denied ?? new AppError({ code: "consul_denied", userMessage: "There is no token to look with." });
}

/** Why the datacenter could not be compared. */
export type Unexamined = { problem: string; code: ErrorCode };

export type ExamineLimits = {
  nowMs: () => number;
  untilMs: number;
  deniedUntilMs: number;
  signal: AbortSignal;
  onProblem: (text: string) => void;
};

/**
 * Looks until it can be told, or until `untilMs` on the clock that only grows. A look that goes on by then is given up: a
 * Consul that takes the question and never answers must not keep everybody else out.
 * @returns the last problem where the time was not enough.
 */
export async function examineUntil(
  look: (signal: AbortSignal) => Promise<Examination>,
  limits: ExamineLimits,
): Promise<Examination | Unexamined> {
  let last = "";
  for (let round = 0; ; round += 1) {
    const limit = limitTo(limits);
    try {
      return await look(limit.signal);
    } catch (error) {
      limits.signal.throwIfAborted();
      if (limit.isOver()) return tooLate(last);
      const failure = toAppError(error);
      const problem = failure.code === "internal" ? failure.message : failure.userMessage;
      const { code } = failure;
      limits.onProblem(problem);
      last = problem;
      // An archive of ours that is gone or damaged stays so.
      if (code === "not_found" || (code === "archive_invalid" && !isFresh(problem))) return { problem, code };
      // Right after a restore ACLs may not be there yet; a token that is still denied then will stay so.
      if (code === "consul_denied" && limits.nowMs() > limits.deniedUntilMs) return { problem, code };
      const pauseMs = pausesMs[Math.min(round, pausesMs.length - 1)] ?? 0;
      if (limits.nowMs() + pauseMs > limits.untilMs) return { problem, code };
      await pause(pauseMs, limits.signal);
    } finally {
      limit.end();
    }
  }
}

function tooLate(last: string): Unexamined {
  const before = last === "" ? "" : ` Before that: ${/[.!?]$/.test(last) ? last : `${last}.`}`;
  return {
    problem: `The look was given up, because no whole answer came in time.${before}`,
    code: "consul_unreachable",
  };
}

const limitEveryMs = 250;

/** A signal of its own for one look, aborted with the run's, or when the time is over on the clock that only grows. */
function limitTo({ nowMs, untilMs, signal }: ExamineLimits) {
  const controller = new AbortController();
  let isOver = false;
  const onAbort = () => controller.abort(signal.reason);
  const timer = setInterval(() => {
    if (nowMs() < untilMs) return;
    isOver = true;
    controller.abort(
      new AppError({ code: "consul_unreachable", userMessage: "No whole answer came in time." }),
    );
  }, limitEveryMs);
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort, { once: true });
  return {
    signal: controller.signal,
    isOver: () => isOver,
    end: () => {
      clearInterval(timer);
      signal.removeEventListener("abort", onAbort);
    },
  };
}

/** What was fetched may have broken off; it is fetched again. */
function isFresh(problem: string): boolean {
  return !problem.startsWith("The archive does not verify");
}

/** @throws the signal's reason when it is aborted meanwhile. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal.reason instanceof Error ? signal.reason : new Error("aborted"));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    }, ms);
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
  });
}
