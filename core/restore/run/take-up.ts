import type { AuditSubject } from "#core/audit/index.ts";
import { toAppError } from "#core/kernel/errors.ts";
import { surely } from "#core/kernel/surely.ts";
import type { RestoreRecord } from "../store.ts";
import { brokeOff, markInterrupted, settleUnsent } from "./broken-off.ts";
import type { createConclusion } from "./conclude.ts";
import type { Live, RunDeps, Secrets } from "./deps.ts";
import { createSteps } from "./steps.ts";

type Work = (row: RestoreRecord, live: Live, secrets: Secrets, subject: AuditSubject) => Promise<void>;

/**
 * Goes on with a run that broke off on a fault of Snapkeep's own, as the next start would, until its row says how it
 * ended. Till then nobody else may write to the datacenter, so it must not wait for a start. It still has the tokens that
 * were typed.
 */
export function createTakeUp(deps: RunDeps, conclusion: ReturnType<typeof createConclusion>) {
  const { store, clock, log } = deps;

  const takeUp: Work = async (begun, live, secrets, subject) => {
    live.controller.signal.throwIfAborted();
    const found = await store.find(begun.id);
    if (found === null) return;
    if (found.phase === "watching") return conclusion.watchOn(found, live, secrets);
    // It has ended; if the row says that it is looked at, that is somebody else's look.
    if (live.settled) return;
    if (found.state !== "running" && found.state !== "interrupted") return;
    live.phase = "comparing";
    const steps = createSteps({ store, clock, restoreId: found.id, write: live.write });
    await steps.log(brokeOff.line);
    if (found.firstByteSentAt === null) {
      await settleUnsent(deps, found, brokeOff, subject);
      live.phase = "done";
      return;
    }
    const left = await markInterrupted(deps, found, brokeOff, found.runner);
    await conclusion.conclude(left, live, secrets, subject);
  };

  return function untilEnded(work: Work): Work {
    return async (row, live, secrets, subject) => {
      const onFailure = (error: unknown) =>
        log.error({ err: toAppError(error), restoreId: row.id }, "a restore broke off; taking it up again");
      try {
        await work(row, live, secrets, subject);
      } catch (error) {
        if (live.stopped.signal.aborted) throw error;
        onFailure(error);
        const again = () => takeUp(row, live, secrets, subject);
        await surely(again, { stopped: live.stopped.signal, onFailure });
      }
    };
  };
}
