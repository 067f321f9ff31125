import type { Clock } from "#core/kernel/clock.ts";
import type { RestoreStep } from "../contract.ts";
import type { RestoreStore } from "../store.ts";

export type Steps = ReturnType<typeof createSteps>;

/** Writes down what happens in one restore while it happens: a process that dies leaves what it had come to. */
export function createSteps(deps: { store: RestoreStore; clock: Clock; restoreId: string }) {
  const { store, clock, restoreId } = deps;
  const at = () => new Date(clock.nowMs());
  return {
    log: async (text: string): Promise<void> => {
      await store.addEvent({ restoreId, at: at(), kind: "log", text });
    },

    /** A step that was not taken, with the reason. */
    skipped: async (step: RestoreStep, text: string): Promise<void> => {
      await store.addEvent({ restoreId, at: at(), kind: "step", step, state: "skipped", text });
    },

    /** A step that is over as soon as it is known. */
    done: async (step: RestoreStep, text: string): Promise<void> => {
      await store.addEvent({ restoreId, at: at(), kind: "step", step, state: "done", text });
    },

    /** Begins a step. What it throws ends it as failed, with its words. */
    async take<T>(
      step: RestoreStep,
      text: string,
      work: (say: (text: string) => void) => Promise<T>,
    ): Promise<T> {
      const beganMs = clock.monotonicMs();
      const { id } = await store.addEvent({
        restoreId,
        at: at(),
        kind: "step",
        step,
        state: "running",
        text,
      });
      let words = text;
      const end = (state: "done" | "failed") =>
        store.updateEvent(id, {
          state,
          at: at(),
          tookMs: Math.round(clock.monotonicMs() - beganMs),
          text: words,
        });
      try {
        const result = await work((said) => {
          words = said;
        });
        await end("done");
        return result;
      } catch (error) {
        words = error instanceof Error && "userMessage" in error ? String(error.userMessage) : words;
        await end("failed");
        throw error;
      }
    },
  };
}
