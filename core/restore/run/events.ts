import type { Logger } from "#core/kernel/logger.ts";

/** Writes one event, or keeps it for later. Never throws. */
export type WriteEvent = (work: () => Promise<void>) => Promise<void>;

/** Enough for a long night; whoever reads it wants the newest. */
const keptMax = 200;

/**
 * Steps and lines are for people: that one could not be written must not change how a restore ends. What failed is
 * written before the next one, in its order.
 */
export function createEventWriter(log: Logger): WriteEvent {
  const waiting: (() => Promise<void>)[] = [];
  let tail: Promise<void> = Promise.resolve();

  async function drain(): Promise<void> {
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      try {
        await next();
      } catch (error) {
        log.warn({ err: error, waiting: waiting.length }, "an event of a restore could not be written yet");
        return;
      }
      waiting.shift();
    }
  }

  return (work) => {
    waiting.push(work);
    // The first one may be under way.
    if (waiting.length > keptMax) waiting.splice(1, 1);
    tail = tail.then(drain);
    return tail;
  };
}

/** Once more, for what could not be written when it happened. */
export const flushEvents = (write: WriteEvent): Promise<void> => write(async () => undefined);
