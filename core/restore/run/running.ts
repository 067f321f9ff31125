import type { AuditSubject } from "#core/audit/index.ts";
import { AppError } from "#core/kernel/errors.ts";
import type { Logger } from "#core/kernel/logger.ts";
import type { SnapshotService } from "#core/snapshots/index.ts";
import type { RestoreRecord, RestoreStore } from "../store.ts";
import type { Live, Secrets } from "./deps.ts";
import { createEventWriter, flushEvents } from "./events.ts";
import type { Runner } from "./run.ts";

export type Running = ReturnType<typeof createRunning>;

/** The restores that this process works on, and the tokens that were typed for them. */
export function createRunning(deps: {
  store: RestoreStore;
  runner: Runner;
  snapshots: SnapshotService;
  log: Logger;
}) {
  const { store, runner, snapshots, log } = deps;
  const all = new Map<string, Live>();
  const secretsOf = new Map<string, Secrets>();
  let stopping = false;

  /** Begins work on a row that is committed. What throws is a stop: the row is left as it is, for the next start. */
  function begin(found: RestoreRecord, isSent: boolean, work: (live: Live) => Promise<void>): void {
    const live: Live = {
      controller: new AbortController(),
      phase: isSent ? "comparing" : "checking",
      bytesSent: 0,
      firstByteSent: isSent,
      safetyId: null,
      watching: new AbortController(),
      stopped: new AbortController(),
      settled: false,
      write: createEventWriter(log),
      done: Promise.resolve(),
    };
    const about = { restoreId: found.id };
    all.set(found.id, live);
    // A commit that was under way when the stop took its list.
    if (stopping) end(live);
    live.done = work(live)
      .catch((error: unknown) => {
        if (stopping) log.info(about, "a restore is left to the next start");
        else log.error({ ...about, err: error }, "a restore could not be settled; the next start will");
      })
      .finally(() => flushEvents(live.write))
      .finally(() => {
        // The row may have ended a moment before, and another look at it have begun.
        if (all.get(found.id) === live) all.delete(found.id);
        secretsOf.delete(found.id);
      });
  }

  /** A restore that begins ends the watch of those before it: what comes is not their doing. */
  async function endWatchesBut(found: RestoreRecord): Promise<void> {
    for (const other of await store.watchingIn(found.clusterId ?? "", found.datacenter))
      if (other.id !== found.id) all.get(other.id)?.watching.abort(overtaken(other));
  }

  return {
    get: (id: string): Live | null => all.get(id) ?? null,
    begin,
    /** What begins a run once its row and its audit intent are committed. */
    startOf(found: RestoreRecord, secrets: Secrets): (subject: AuditSubject) => void {
      return (subject) => {
        endWatchesBut(found).catch((error: unknown) => log.warn({ err: error }, "a watch goes on"));
        begin(found, false, (live) => runner.run(found, live, secrets, subject));
      };
    },
    secrets: secretsOf,
    /** @throws AppError `stopping`. */
    assertNotStopping(): void {
      if (!stopping) return;
      const userMessage = "Snapkeep is stopping. Nothing was started.";
      throw new AppError({ code: "stopping", userMessage, retryable: true });
    },
    /** Restores that have not sent anything end at once; one under way gets time to hear Consul's answer. */
    async stop(graceMs: number): Promise<void> {
      stopping = true;
      const lives = [...all.values()];
      for (const live of lives) {
        if (isSending(live)) continue;
        end(live);
        if (live.safetyId !== null) await snapshots.cancel(live.safetyId, "a stop").catch(() => undefined);
      }
      await heard(lives, graceMs);
      for (const live of lives) end(live);
      await Promise.all(lives.map((live) => live.done));
    },
  };
}

function end(live: Live): void {
  live.controller.abort(new AppError({ code: "stopping", userMessage: "Snapkeep was stopped." }));
  live.stopped.abort();
}

const overtaken = ({ datacenter }: RestoreRecord) =>
  new AppError({ code: "conflict", userMessage: `Another restore of ${datacenter} has begun.` });

const isSending = ({ phase, firstByteSent }: Live): boolean =>
  firstByteSent && (phase === "sending" || phase === "applying");

async function heard(lives: readonly Live[], graceMs: number): Promise<void> {
  const untilMs = performance.now() + graceMs;
  while (lives.some(isSending) && performance.now() < untilMs)
    await new Promise((resolve) => setTimeout(resolve, 50));
}
