import { AppError } from "#core/kernel/errors.ts";
import { compareArchives } from "../compare/compare-archives.ts";
import {
  type CompareResult,
  type CompareSummary,
  churnOfKind,
  type KindCounts,
} from "../compare/contract.ts";
import type { VerifyReport } from "../contract.ts";
import type { RecordKind } from "../records/visitor.ts";
import { createDifferenceLines, type DifferenceLine, openArchiveThread } from "../thread/index.ts";
import type { IdentityReport, KindIdentity } from "./contract.ts";
import { idOfRecord, nodeOfRecord } from "./restore-facts.ts";

export type IdentityOptions = {
  /** Reads the archive that should be there, from its beginning. */
  readonly wanted: () => Promise<AsyncIterable<Buffer>>;
  /** Reads the archive that was fetched. */
  readonly found: () => Promise<AsyncIterable<Buffer>>;
  /** The raft index of the target before: what has a higher one was written since. Null: nothing is excused by that. */
  readonly sinceIndex: number | null;
  /** Records that Consul takes away by itself, see RestoreFacts: that they are missing has a reason. */
  readonly endsByItself?: readonly string[];
  /** Nodes that stay until somebody removes them, see RestoreFacts: that they, or what they have, are missing has none. */
  readonly externalNodes?: readonly string[];
  /** Without, a thread does the work. A program that is one file has none to start. */
  readonly inProcess?: boolean;
  readonly signal?: AbortSignal;
};

/**
 * Kinds that live by themselves: agents register and deregister, sessions end, locks go with them. A difference
 * there says nothing about which archive a datacenter was restored from.
 */
const movingKinds: ReadonlySet<RecordKind> = new Set([
  "node",
  "service",
  "check",
  "session",
  "service-virtual-ip",
  "free-virtual-ip",
  // What raft holds of a large write that isn't whole yet; it has no index, and Consul before 1.7 wrote no such record.
  "chunking-state",
]);
/** Names of removed keys that are held until the tombstones, which come last, say when they went. */
const heldKeysMax = 200_000;
const examplesMax = 10;

/**
 * Compares two archives record by record in a thread, and says for every difference whether it has a reason.
 * @throws AppError `archive_invalid` when one of the two does not verify.
 */
export async function compareIdentity(options: IdentityOptions): Promise<IdentityReport> {
  const judge = createJudge(
    options.sinceIndex,
    new Set(options.endsByItself),
    new Set(options.externalNodes),
  );
  const result = await (options.inProcess === true ? compareHere : compareInThread)(options, judge.take);
  if (result.summary === null) throw notCompared(result.reports, result.outcome);
  return judge.report(result.summary, result.reports[1].meta?.index ?? null);
}

type Take = (line: DifferenceLine) => void;

async function compareInThread(options: IdentityOptions, take: Take): Promise<CompareResult> {
  const { signal } = options;
  const lines = createLineReader(take);
  const thread = openArchiveThread({ kind: "compare" }, { onOutput: lines.write });
  const onAbort = () => thread.abort();
  signal?.addEventListener("abort", onAbort);
  const feed = async (side: 0 | 1, open: IdentityOptions["wanted"]): Promise<void> => {
    for await (const chunk of await open()) await thread.sources[side].write(chunk);
    thread.sources[side].end();
  };
  try {
    signal?.throwIfAborted();
    const [{ result }] = await Promise.all([thread.result, feed(0, options.wanted), feed(1, options.found)]);
    signal?.throwIfAborted();
    return result;
  } catch (error) {
    thread.abort();
    throw signal?.aborted && signal.reason instanceof Error ? signal.reason : error;
  } finally {
    signal?.removeEventListener("abort", onAbort);
  }
}

async function compareHere(options: IdentityOptions, take: Take): Promise<CompareResult> {
  const { signal, wanted, found } = options;
  const made = createDifferenceLines();
  const lines = createLineReader(take);
  return compareArchives(await wanted(), await found(), {
    includeChurn: true,
    onDifference: (difference) => lines.write(made.next(difference)),
    ...(signal !== undefined && { signal }),
  });
}

type Tally = { moved: number; writtenSince: number; unexplained: number };

const catalogKinds: ReadonlySet<RecordKind> = new Set(["node", "service", "check"]);

function createJudge(
  sinceIndex: number | null,
  endsByItself: ReadonlySet<string>,
  externalNodes: ReadonlySet<string>,
) {
  const tallies = new Map<string, Tally>();
  const examples: string[] = [];
  const removedKeys = new Set<string>();
  const isSince = (index: number | null | undefined) =>
    sinceIndex !== null && index !== null && index !== undefined && index > sinceIndex;

  function tallyOf(line: Pick<DifferenceLine, "kind" | "typeName">): Tally {
    const name = `${line.kind}\0${line.typeName}`;
    const known = tallies.get(name);
    if (known !== undefined) return known;
    const made = { moved: 0, writtenSince: 0, unexplained: 0 };
    tallies.set(name, made);
    return made;
  }

  function unexplained(line: Pick<DifferenceLine, "kind" | "typeName" | "change">, label: string): void {
    tallyOf(line).unexplained += 1;
    if (examples.length < examplesMax) examples.push(`${words[line.change]} ${line.kind} ${label}`);
  }

  function settleKey(id: string): void {
    unexplained({ kind: "kv", typeName: "KVS", change: "removed" }, keyText(id));
  }

  return {
    take(line: DifferenceLine): void {
      if (line.kind === "tombstone") {
        // A key that was deleted after the restore leaves a tombstone that is newer than it.
        const key = Buffer.from(line.id).toString("base64url");
        if (line.change !== "removed" && isSince(line.after?.modifyIndex) && removedKeys.delete(key))
          tallyOf({ kind: "kv", typeName: "KVS" }).writtenSince += 1;
        return;
      }
      if (line.churn) return;
      const tally = tallyOf(line);
      const isLockOnly =
        line.kind === "kv" &&
        line.parts.length > 0 &&
        line.parts.every((part) => part === "session" || part === "lockIndex");
      const hasEnded = line.change === "removed" && endsByItself.has(idOfRecord(line.kind, line.id));
      const isKept =
        line.change === "removed" &&
        catalogKinds.has(line.kind) &&
        externalNodes.has(nodeOfRecord(line.kind, line.id));
      if ((movingKinds.has(line.kind) && !isKept) || isLockOnly || hasEnded) tally.moved += 1;
      else if (isSince(line.after?.modifyIndex)) tally.writtenSince += 1;
      else if (
        line.kind === "kv" &&
        line.change === "removed" &&
        sinceIndex !== null &&
        line.place === "" &&
        removedKeys.size < heldKeysMax
      )
        removedKeys.add(line.id);
      else unexplained(line, line.kind === "kv" ? keyText(line.id) : line.id);
    },

    report(summary: CompareSummary, foundIndex: number | null): IdentityReport {
      for (const id of removedKeys) settleKey(id);
      const kept = summary.kinds.filter(({ kind }) => churnOfKind(kind) !== "always");
      const kinds = kept.map((counts) =>
        toKindIdentity(counts, tallies.get(`${counts.kind}\0${counts.typeName}`)),
      );
      const sum = (name: keyof Tally | "wanted" | "found" | "equal") =>
        kinds.reduce((total, kind) => total + kind[name], 0);
      const unexplainedTotal = sum("unexplained");
      return {
        matches: unexplainedTotal === 0,
        isExact: summary.identical,
        wanted: sum("wanted"),
        found: sum("found"),
        equal: sum("equal"),
        moved: sum("moved"),
        writtenSince: sum("writtenSince"),
        unexplained: unexplainedTotal,
        kinds,
        examples,
        foundIndex,
      };
    },
  };
}

const words = { added: "unknown", changed: "other", removed: "missing", touched: "touched" } as const;

function keyText(id: string): string {
  return Buffer.from(id, "base64url").toString("utf8");
}

function toKindIdentity(counts: KindCounts, tally: Tally | undefined): KindIdentity {
  const { kind, typeName, added, changed, removed, churn, identical } = counts;
  // What is churn here was written again with the same content: both sides have the record.
  const equal = identical + churn;
  return {
    kind,
    typeName,
    wanted: equal + changed + removed,
    found: equal + changed + added,
    equal,
    moved: tally?.moved ?? 0,
    writtenSince: tally?.writtenSince ?? 0,
    unexplained: tally?.unexplained ?? 0,
  };
}

/** Lines of JSON out of chunks that end anywhere. */
function createLineReader(take: (line: DifferenceLine) => void) {
  let rest = "";
  const decoder = new TextDecoder();
  return {
    write(bytes: Buffer): void {
      const parts = (rest + decoder.decode(bytes, { stream: true })).split("\n");
      rest = parts.pop() ?? "";
      for (const part of parts) take(JSON.parse(part) as DifferenceLine);
    },
  };
}

function notCompared(reports: readonly [VerifyReport, VerifyReport], outcome: string): AppError {
  const bad = reports.findIndex((report) => !report.ok);
  const which = bad === 1 ? "The archive that was fetched" : "The archive";
  const why = reports[bad]?.findings[0]?.text ?? `the comparison ended with ${outcome}`;
  return new AppError({ code: "archive_invalid", userMessage: `${which} does not verify: ${why}` });
}
