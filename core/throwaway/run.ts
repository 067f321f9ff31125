import { createReadStream, createWriteStream } from "node:fs";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import {
  compareIdentity,
  type IdentityReport,
  type RestoreFacts,
  readRestoreFacts,
} from "#core/archive/identity/index.ts";
import { isAppError } from "#core/kernel/errors.ts";
import type { ConsulBinary } from "./binary.ts";
import type { ThrowawayPhase, ThrowawayReport, ThrowawayResult } from "./contract.ts";
import { DrillFailed, deathWords, isEndedByMachine, isFullDisk, oneLine } from "./failure.ts";
import { assertRoom } from "./room.ts";
import { readSample } from "./sample.ts";
import { startThrowaway, type Throwaway } from "./start.ts";

export type RunOptions = {
  readonly binary: ConsulBinary;
  /** Opens the archive from its beginning; called three times. */
  readonly open: () => Promise<AsyncIterable<Buffer>>;
  /** Where the folder of this run is made: on a disk with room, and of nobody else. */
  readonly parent: string;
  readonly name: string;
  /** Null: as the archive says. */
  readonly datacenter: string | null;
  readonly timeLimitMs: number;
  readonly signal: AbortSignal;
  /** Whether threads read the archives, so that others are served meanwhile. */
  readonly inThread: boolean;
  readonly onPhase: (phase: ThrowawayPhase) => void;
};

const sampledKeys = 50;
const readBytes = 1024 * 1024;

/**
 * Restores an archive into a Consul that is started for it, compares what came out, and removes that Consul with
 * all it wrote, however this ends. Nothing outside this machine is touched.
 * @throws AppError `storage_full` when there is no room; the reason of `signal` when that aborts
 */
export async function runThrowaway(options: RunOptions): Promise<ThrowawayResult> {
  const startedMs = performance.now();
  const limit = AbortSignal.timeout(options.timeLimitMs);
  const signal = AbortSignal.any([options.signal, limit]);
  const seen: Seen = { archiveVersions: [], throwaway: null, isSent: false };
  const result = (one: Omit<ThrowawayResult, "archiveVersions" | "durationMs">): ThrowawayResult => ({
    ...one,
    archiveVersions: seen.archiveVersions,
    durationMs: Math.round(performance.now() - startedMs),
  });
  try {
    const report = await restoreAndCompare({ ...options, signal }, seen);
    return result({ ...verdictOn(report, options.binary.version), isProof: true, report });
  } catch (error) {
    if (options.signal.aborted) throw options.signal.reason;
    const failed = { outcome: "failed" as const, report: null };
    if (limit.aborted) return result({ ...failed, text: tooLong(options.timeLimitMs), isProof: false });
    return result({ ...failed, ...(await failureOf(error, seen, options.binary.version)) });
  } finally {
    options.onPhase("removing");
    await seen.throwaway?.consul.remove();
  }
}

type Seen = {
  archiveVersions: readonly string[];
  throwaway: Throwaway | null;
  /** Whether the archive has begun to go to Consul. */
  isSent: boolean;
};

async function restoreAndCompare(options: RunOptions, seen: Seen): Promise<ThrowawayReport> {
  const { binary, open, signal, inThread, onPhase } = options;
  const folder = path.resolve(options.parent, options.name);
  const lap = createLaps();
  onPhase("starting");
  // The real time, whatever clock our caller has: Consul reaps tokens by it.
  const endsBeforeMs = Date.now() + options.timeLimitMs;
  const facts = await readRestoreFacts({ open, inThread, signal, sampleKeys: sampledKeys, endsBeforeMs });
  seen.archiveVersions = facts.versions;
  assertGood(facts);
  await assertRoom(options.parent, facts.report.stateBytes);
  const datacenter = options.datacenter ?? facts.datacenter ?? "dc1";
  const throwaway = await startThrowaway({ binary, folder, datacenter, withAcl: facts.hasAclTokens, signal });
  seen.throwaway = throwaway;
  const startMs = lap();

  onPhase("restoring");
  const liveIndex = await throwaway.appliedIndex();
  const archive = await open();
  seen.isSent = true;
  await put(throwaway, archive, binary.version);
  await throwaway.ready();
  const restoreMs = lap();

  onPhase("comparing");
  const found = path.join(folder, "found.snap");
  await fetchBack(throwaway, found, signal);
  const identity = await compareIdentity({
    wanted: open,
    found: async () => createReadStream(found, { highWaterMark: readBytes }),
    // Raft goes on above both, so whatever has a higher index was written by this Consul after the restore.
    sinceIndex: Math.max(liveIndex, facts.report.meta?.index ?? 0),
    endsByItself: facts.endsByItself,
    externalNodes: facts.externalNodes,
    inProcess: !inThread,
    signal,
  });
  const sampledEqual = await readSample(throwaway.api, facts.sample);
  const compareMs = lap();
  return {
    ...withoutIndex(identity),
    sampledKeys: facts.sample.length,
    sampledEqual,
    startMs,
    restoreMs,
    compareMs,
  };
}

function withoutIndex({ foundIndex: _, ...identity }: IdentityReport): Omit<IdentityReport, "foundIndex"> {
  return identity;
}

function assertGood({ report }: RestoreFacts): void {
  if (!report.ok)
    throw new DrillFailed(`The archive does not verify: ${report.findings[0]?.text ?? "it is not whole."}`);
}

async function put(throwaway: Throwaway, archive: AsyncIterable<Buffer>, version: string): Promise<void> {
  const { status, text } = await throwaway.api.putStream("/v1/snapshot", archive);
  if (status !== 200) throw new DrillFailed(`Consul ${version} answered ${status}: ${oneLine(text)}`);
}

async function fetchBack(throwaway: Throwaway, file: string, signal: AbortSignal): Promise<void> {
  const answer = await throwaway.api.stream("/v1/snapshot");
  if (answer.statusCode !== 200) {
    answer.resume();
    throw new DrillFailed(`Consul answered ${answer.statusCode} when its own snapshot was asked for.`);
  }
  await pipeline(answer, createWriteStream(file, { mode: 0o600 }), { signal });
}

/** Durations of parts that follow each other. */
function createLaps(): () => number {
  let lastMs = performance.now();
  return () => {
    const fromMs = lastMs;
    lastMs = performance.now();
    return Math.round(lastMs - fromMs);
  };
}

function verdictOn(report: ThrowawayReport, version: string): Pick<ThrowawayResult, "outcome" | "text"> {
  const { matches, unexplained, sampledKeys: sampled, sampledEqual, equal } = report;
  if (matches && sampledEqual === sampled)
    return {
      outcome: "passed",
      text: `Consul ${version} holds all of it: ${[`${withCommas(equal)} records are equal`, ...movedWords(report)].join("; ")}.`,
    };
  const others = [
    ...(matches ? [] : [`${withCommas(unexplained)} of ${withCommas(report.wanted)} records differ`]),
    ...(sampledEqual === sampled ? [] : [`${sampled - sampledEqual} of ${sampled} keys read back differ`]),
  ];
  return { outcome: "differs", text: `Consul ${version} took the archive, and ${others.join("; ")}.` };
}

const catalogKinds: ReadonlySet<string> = new Set([
  "node",
  "service",
  "check",
  "service-virtual-ip",
  "free-virtual-ip",
]);

/** What was excused is no proof, and is named beside it. */
function movedWords({ moved, kinds }: ThrowawayReport): string[] {
  const ofCatalog = kinds.reduce((sum, one) => sum + (catalogKinds.has(one.kind) ? one.moved : 0), 0);
  const others = moved - ofCatalog;
  return [
    ...(ofCatalog > 0 ? [`${withCommas(ofCatalog)} of the catalog moved by themselves`] : []),
    ...(others > 0
      ? [`${withCommas(others)} that live by themselves moved (sessions, locks, what had expired)`]
      : []),
  ];
}

const withCommas = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ",");

function tooLong(limitMs: number): string {
  const [count, unit] = limitMs < 120_000 ? [limitMs / 1_000, "second"] : [limitMs / 60_000, "minute"];
  const whole = Math.max(1, Math.round(count));
  return `It took longer than the limit of ${whole} ${unit}${whole === 1 ? "" : "s"} and was ended.`;
}

const deathNoticeMs = 3_000;

type Failure = Pick<ThrowawayResult, "text" | "isProof">;

/** A connection that ends means, as a rule, that Consul died, which the system tells a moment later. */
async function failureOf(error: unknown, seen: Seen, version: string): Promise<Failure> {
  const consul = seen.throwaway?.consul;
  const told = (text: string): Failure => {
    const isOfMachine = isFullDisk(text) || (consul !== undefined && isEndedByMachine(consul));
    return { text, isProof: seen.isSent && !isOfMachine };
  };
  if (error instanceof DrillFailed) return told(error.message);
  if (isAppError(error)) {
    if (error.code === "storage_full") throw error;
    return { text: error.userMessage, isProof: false };
  }
  if (consul !== undefined) {
    const notice = new Promise((resolve) => setTimeout(resolve, deathNoticeMs).unref());
    await Promise.race([consul.ended, notice]);
    if (consul.hasEnded()) return told(deathWords(consul, version));
  }
  throw error;
}
