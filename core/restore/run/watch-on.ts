import { conflict, isAppError } from "#core/kernel/errors.ts";
import type { RestoreSample } from "../contract.ts";
import { elsewhereText, isElsewhere } from "../elsewhere.ts";
import { duration } from "../preflight/line.ts";
import type { RestoreRecord } from "../store.ts";
import type { Live, RunDeps, Secrets } from "./deps.ts";
import { writeSurely } from "./settle.ts";
import { createSteps } from "./steps.ts";
import { stateLine, watch } from "./watch.ts";

type Look = (row: RestoreRecord, token: string | undefined) => Promise<RestoreSample>;

/** Watches until the time is over, somebody says that all is well, or another restore begins there. */
export function createWatch(deps: RunDeps, keepSample: Look) {
  const { store, clusters, clock, log } = deps;

  return async function watchOn(row: RestoreRecord, live: Live, secrets: Secrets): Promise<void> {
    const steps = createSteps({ store, clock, restoreId: row.id, write: live.write });
    // By the clock that only grows: one that is set back must not keep a restore watched for days.
    const leftMs = (row.watchUntil?.getTime() ?? 0) - clock.nowMs();
    const forMs = Math.max(0, Math.min(deps.watchMs, leftMs));
    const ended = await steps.beginOrGoOn("watch");
    const last = await watch({
      look: async () => {
        if (await isElsewhere(clusters, row)) live.watching.abort(conflict(`${elsewhereText}.`));
        return keepSample(row, secrets.tokenAfter);
      },
      onFailure: (error) => log.warn({ err: error, restoreId: row.id }, "a look of a watch failed"),
      log: steps.log,
      clock,
      forMs,
      signal: AbortSignal.any([live.watching.signal, live.controller.signal]),
    });
    // A stop of Snapkeep leaves the rest of the watch to the next start.
    if (live.controller.signal.aborted) return;
    const at = new Date(clock.nowMs());
    const watchedMs = at.getTime() - (row.finishedAt ?? at).getTime();
    if (last === null) await ended("skipped", `Nobody could look.${whyEnded(live)}`);
    else await ended("done", `${duration(Math.max(0, watchedMs))}: ${stateLine(last)}.${whyEnded(live)}`);
    await writeSurely(log, row.id, live, () =>
      store.update(row.id, { phase: "done", watchEndedAt: at, runner: null }),
    );
    live.phase = "done";
  };
}

/** Empty where its time was over. */
function whyEnded({ watching: { signal } }: Live): string {
  if (!signal.aborted) return "";
  return isAppError(signal.reason) ? ` ${signal.reason.userMessage}` : " Ended by hand.";
}
