import type { AuditService } from "#core/audit/index.ts";
import type { Logger } from "#core/kernel/logger.ts";

const firstAfterMs = 5_000;
const everyMs = 3_600_000;

/**
 * Checks the audit log's chain soon after the start and every hour, so that the page always has a word on it and a
 * broken log is told in the output even when nobody opens the page. And moves old segments into archive files.
 */
export function createChainWatch(deps: { audit: AuditService; keepDays: number | null; log: Logger }) {
  const { audit, keepDays, log } = deps;
  let timer: NodeJS.Timeout | null = null;
  let round: Promise<unknown> = Promise.resolve();

  async function look(): Promise<void> {
    const { broken } = await audit.verify();
    if (broken !== null) {
      log.error(
        { entry: broken.entry, kind: broken.kind, words: broken.words },
        "the audit log's chain is broken",
      );
      return;
    }
    if (keepDays === null) return;
    const report = await audit.archive(keepDays);
    if (report.archived.length > 0)
      log.info({ report }, "old entries of the audit log moved to archive files");
  }

  function next(afterMs: number): void {
    timer = setTimeout(() => {
      round = look().catch((error: unknown) =>
        log.warn({ err: error }, "the audit log could not be checked"),
      );
      next(everyMs);
    }, afterMs);
    timer.unref();
  }

  return {
    start: () => next(firstAfterMs),
    async stop(): Promise<void> {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      await round;
    },
  };
}
