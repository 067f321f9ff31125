import type { CompareSummary } from "#core/archive/compare/index.ts";
import type { DifferenceSection } from "#core/archive/thread/index.ts";
import type { Clock } from "#core/kernel/clock.ts";
import { AppError, noSuch } from "#core/kernel/errors.ts";
import type { InsideArchive } from "#core/snapshots/index.ts";
import type { Comparison, ComparisonSide } from "./contract.ts";

/** A comparison that nobody looks at any more is forgotten after this; the page then simply asks for it again. */
const idleMsMax = 60 * 60_000;
const sweepEveryMs = 60_000;
const entriesMax = 12;

export type Entry = {
  readonly id: string;
  readonly key: string;
  a: ComparisonSide;
  b: ComparisonSide;
  state: Comparison["state"];
  phase: Comparison["phase"];
  failureText: string | null;
  bytesDone: number;
  bytesTotal: number;
  summary: CompareSummary | null;
  sections: readonly DifferenceSection[];
  archives: readonly [InsideArchive, InsideArchive] | null;
  /** Archives that are here for this comparison alone. */
  readonly liveIds: string[];
  readonly startedAtMs: number;
  usedAtMs: number;
  readonly controller: AbortController;
};

/** The comparisons of this process. `release` lets go of an entry's files. */
export function createRegister(clock: Clock, release: (entry: Entry) => Promise<void>) {
  const entries = new Map<string, Entry>();
  const drop = async (entry: Entry): Promise<void> => {
    entries.delete(entry.id);
    entry.controller.abort(stopped());
    await release(entry);
  };
  const settled = () => [...entries.values()].filter((entry) => entry.state !== "running");
  const tidy = (): void => {
    const nowMs = clock.monotonicMs();
    const byUse = settled().sort((one, other) => one.usedAtMs - other.usedAtMs);
    const tooMany = byUse.slice(0, Math.max(0, entries.size - entriesMax));
    const old = byUse.filter((entry) => nowMs - entry.usedAtMs > idleMsMax);
    for (const entry of new Set([...tooMany, ...old])) void drop(entry).catch(() => undefined);
  };
  const timer = setInterval(tidy, sweepEveryMs);
  timer.unref();

  return {
    add(begun: { id: string; input: unknown; a: ComparisonSide; b: ComparisonSide }): Entry {
      const nowMs = clock.monotonicMs();
      const entry: Entry = {
        id: begun.id,
        key: JSON.stringify(begun.input),
        a: begun.a,
        b: begun.b,
        state: "running",
        phase: "comparing",
        failureText: null,
        bytesDone: 0,
        bytesTotal: 0,
        summary: null,
        sections: [],
        archives: null,
        liveIds: [],
        startedAtMs: clock.nowMs(),
        usedAtMs: nowMs,
        controller: new AbortController(),
      };
      entries.set(entry.id, entry);
      tidy();
      return entry;
    },
    /** The one that was asked for in the same words and has not failed. */
    find(input: unknown): Entry | null {
      const key = JSON.stringify(input);
      return [...entries.values()].find((entry) => entry.key === key && entry.state !== "failed") ?? null;
    },
    /** @throws AppError `not_found`. */
    get(id: string): Entry {
      const entry = entries.get(id);
      if (entry === undefined) throw noSuch("comparison");
      entry.usedAtMs = clock.monotonicMs();
      return entry;
    },
    /** Ends what runs and lets go of all. */
    async stop(): Promise<void> {
      clearInterval(timer);
      for (const entry of [...entries.values()]) await drop(entry).catch(() => undefined);
    },
  };
}

function stopped(): AppError {
  return new AppError({
    code: "stopping",
    userMessage: "Snapkeep was stopped in the middle.",
    retryable: true,
  });
}
