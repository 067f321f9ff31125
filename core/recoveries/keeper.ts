import type { Clock } from "#core/kernel/clock.ts";
import type { Logger } from "#core/kernel/logger.ts";
import type { RecoveryCounts } from "./contract.ts";
import type { RecoveryFiles } from "./files.ts";
import { loadResults, type ResultName } from "./results.ts";
import { valuesKeptUntilMs } from "./rows.ts";
import { countResults } from "./run.ts";
import type { RecoveryStore } from "./store.ts";

const sweepEveryMs = 3_600_000;

/** Removes values that are no longer kept. A file without a row is left alone. */
export function createKeeper(deps: {
  store: RecoveryStore;
  files: RecoveryFiles;
  clock: Clock;
  log: Logger;
}) {
  const { store, files, clock, log } = deps;
  let timer: NodeJS.Timeout | null = null;
  let sweeping: Promise<void> = Promise.resolve();

  async function sweep(): Promise<void> {
    const rows = await store.findAll(await files.withValues());
    const old = rows.filter(
      (row) => valuesKeptUntilMs(row) <= clock.nowMs() && row.state !== "applying" && row.state !== "undoing",
    );
    for (const { id } of old) await files.removeValues(id);
    if (old.length > 0) log.info({ recoveries: old.length }, "values of old recoveries removed");
  }

  function sweepSoon(): void {
    sweeping = sweep().catch((error: unknown) => log.warn({ err: error }, "the sweep of recoveries failed"));
  }

  return {
    /** By the results that are on the disk. What had been sent without one is unknown. */
    async count(id: string, planned: RecoveryCounts): Promise<RecoveryCounts> {
      const { of, open } = await loadResults(files, id);
      const results = new Map<number, { result: ResultName }>(of);
      for (const n of open) results.set(n, { result: "unknown" });
      return countResults(planned, results.values());
    },
    start(): void {
      timer ??= setInterval(sweepSoon, sweepEveryMs);
      timer.unref();
      sweepSoon();
    },
    async stop(): Promise<void> {
      if (timer !== null) clearInterval(timer);
      timer = null;
      await sweeping;
    },
  };
}
export type Keeper = ReturnType<typeof createKeeper>;
