import type { TicketService } from "#core/access/index.ts";
import type { AuditService } from "#core/audit/index.ts";
import type { Logger } from "#core/kernel/logger.ts";

const sweepEveryMs = 3_600_000;

/** Sees to it that every intent in the audit log gets its outcome in the end. */
export function createOpenActs(deps: { audit: AuditService; tickets: TicketService; log: Logger }) {
  const { audit, tickets, log } = deps;
  let timer: NodeJS.Timeout | null = null;
  let sweeping: Promise<unknown> = Promise.resolve();

  /** A ticket that nobody used left an intent behind; a day later it gets its end. */
  async function sweep(): Promise<void> {
    const unused = new Set((await tickets.sweep()).map((ticket) => ticket.correlationId));
    if (unused.size === 0) return;
    for (const act of await audit.openActs()) {
      if (unused.has(act.correlationId)) await audit.write(act, "failed", "The link was never used.");
    }
  }

  function sweepSoon(): void {
    sweeping = sweep().catch((error: unknown) => log.warn({ err: error }, "the ticket sweep failed"));
  }

  return {
    /**
     * For the start, after rows have been settled: what is still open belongs to acts that the end of an
     * earlier process cut off.
     * @param goingOn correlation ids of acts that were taken up again.
     * @returns how many there were.
     */
    async settle(goingOn: ReadonlySet<string>): Promise<number> {
      const waiting = await tickets.unused();
      const cutOff = (await audit.openActs()).filter(
        ({ correlationId }) => !waiting.has(correlationId) && !goingOn.has(correlationId),
      );
      for (const act of cutOff)
        await audit.write(act, "unknown", "Snapkeep was stopped before it was finished.");
      return cutOff.length;
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
