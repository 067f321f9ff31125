import { type CompareSummary, compareArchives } from "#core/archive/compare/index.ts";
import {
  createDifferenceLines,
  type DifferenceSection,
  openArchiveThread,
} from "#core/archive/thread/index.ts";
import { AppError } from "#core/kernel/errors.ts";
import type { InsideArchive } from "#core/snapshots/index.ts";
import type { ArchiveStore } from "#core/storage/index.ts";

export type RunOptions = {
  readonly id: string;
  readonly sides: readonly [InsideArchive, InsideArchive];
  /** Where the differences are put down. */
  readonly results: ArchiveStore;
  readonly signal: AbortSignal;
  readonly onBytes: (bytes: number) => void;
};
export type RunResult = { readonly summary: CompareSummary; readonly sections: readonly DifferenceSection[] };

/**
 * Compares two archives in a thread, and puts the differences down under the comparison's id.
 * @throws AppError `archive_invalid` when one no longer verifies; nothing is left then.
 */
export async function runComparison(options: RunOptions): Promise<RunResult> {
  const { id, sides, results, signal, onBytes } = options;
  const writer = await results.create(id);
  const thread = openArchiveThread({ kind: "compare" }, { onOutput: (bytes) => writer.write(bytes) });
  const onAbort = () => thread.abort();
  signal.addEventListener("abort", onAbort);
  const feed = async (side: 0 | 1): Promise<void> => {
    for await (const chunk of await sides[side].store.open(sides[side].id)) {
      onBytes(chunk.length);
      await thread.sources[side].write(chunk);
    }
    thread.sources[side].end();
  };
  try {
    const [{ result, sections }] = await Promise.all([thread.result, feed(0), feed(1)]);
    signal.throwIfAborted();
    if (result.outcome === "keys-unsorted") {
      await writer.abort();
      return await runInMemory(options);
    }
    if (result.summary === null) throw notVerified(result.reports);
    await writer.commit();
    return { summary: result.summary, sections };
  } catch (error) {
    thread.abort();
    await writer.abort();
    throw signal.aborted && signal.reason instanceof Error ? signal.reason : error;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/**
 * For keys that stand in no order, which no Consul writes: both archives are read twice, and all keys held. Here
 * and not in the thread, since a thread is only sent what it can't ask for again.
 */
async function runInMemory({ id, sides, results, signal }: RunOptions): Promise<RunResult> {
  let writer = await results.create(id);
  let lines = createDifferenceLines();
  let restarted: Promise<void> = Promise.resolve();
  const open = (side: InsideArchive) =>
    async function* () {
      yield* (await side.store.open(side.id)) as AsyncIterable<Buffer>;
    };
  const restart = async (): Promise<void> => {
    await writer.abort();
    writer = await results.create(id);
    lines = createDifferenceLines();
  };
  const [a, b] = [open(sides[0]), open(sides[1])];
  try {
    const result = await compareArchives(
      () => a(),
      () => b(),
      {
        signal,
        includeChurn: true,
        onRestart: () => {
          restarted = restart();
        },
        onDifference: async (difference) => {
          await restarted;
          await writer.write(lines.next(difference));
        },
      },
    );
    await restarted;
    if (result.summary === null) throw notVerified(result.reports);
    await writer.commit();
    return { summary: result.summary, sections: lines.sections };
  } catch (error) {
    await writer.abort();
    throw error;
  }
}

function notVerified(
  reports: readonly { readonly ok: boolean; readonly findings: readonly { readonly text: string }[] }[],
) {
  const side = reports.findIndex((report) => !report.ok);
  const text = reports[side]?.findings[0]?.text ?? "it is not whole";
  return new AppError({
    code: "archive_invalid",
    userMessage: `The archive of ${side === 0 ? "A" : "B"} no longer verifies: ${text}`,
  });
}
