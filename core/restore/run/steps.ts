import type { Clock } from "#core/kernel/clock.ts";
import type { RestoreStep } from "../contract.ts";
import type { RestoreStore } from "../store.ts";
import type { WriteEvent } from "./events.ts";

export type Steps = ReturnType<typeof createSteps>;
type EndState = "done" | "failed" | "skipped";

/** Writes down what happens in one restore while it happens: a process that dies leaves what it had come to. */
export function createSteps(deps: {
  store: RestoreStore;
  clock: Clock;
  restoreId: string;
  write: WriteEvent;
}) {
  const { store, clock, restoreId, write } = deps;

  const add = (event: { kind: "log" | "step"; step?: RestoreStep; state?: string; text: string }) => {
    const at = new Date(clock.nowMs());
    return write(async () => {
      await store.addEvent({ restoreId, at, ...event });
    });
  };

  /** Begins a step. @returns what ends it. */
  async function begin(step: RestoreStep, text: string) {
    const beganMs = clock.monotonicMs();
    const at = new Date(clock.nowMs());
    let id: number | null = null;
    await write(async () => {
      const event = { restoreId, at, kind: "step", step, state: "running", text };
      id = (await store.addEvent(event)).id;
    });
    return (state: EndState, words: string) => end(() => id, state, words, beganMs);
  }

  function end(idOf: () => number | null, state: EndState, text: string, beganMs: number): Promise<void> {
    const at = new Date(clock.nowMs());
    const tookMs = Math.round(clock.monotonicMs() - beganMs);
    return write(async () => {
      const id = idOf();
      if (id !== null) await store.updateEvent(id, { state, at, tookMs, text });
    });
  }

  return {
    log: (text: string): Promise<void> => add({ kind: "log", text }),

    /** A step that was not taken, with the reason. */
    skipped: (step: RestoreStep, text: string): Promise<void> =>
      add({ kind: "step", step, state: "skipped", text }),

    /** A step that is over as soon as it is known. */
    done: (step: RestoreStep, text: string): Promise<void> =>
      add({ kind: "step", step, state: "done", text }),
    failed: (step: RestoreStep, text: string): Promise<void> =>
      add({ kind: "step", step, state: "failed", text }),

    /** Begins a step, or goes on with the one that an earlier process has begun. @returns what ends it. */
    async beginOrGoOn(step: RestoreStep): Promise<(state: EndState, text: string) => Promise<void>> {
      const told = await store.steps(restoreId).catch(() => []);
      const open = told.find((event) => event.step === step && event.state === "running");
      if (open === undefined) return begin(step, "");
      const agoMs = Math.max(0, clock.nowMs() - open.at.getTime());
      return (state, text) => end(() => open.id, state, text, clock.monotonicMs() - agoMs);
    },

    /** Begins a step. What it throws ends it as failed, with its words. */
    async take<T>(
      step: RestoreStep,
      text: string,
      work: (say: (text: string) => void) => Promise<T>,
    ): Promise<T> {
      const ended = await begin(step, text);
      let words = text;
      try {
        const result = await work((said) => {
          words = said;
        });
        await ended("done", words);
        return result;
      } catch (error) {
        words = error instanceof Error && "userMessage" in error ? String(error.userMessage) : words;
        await ended("failed", words);
        throw error;
      }
    },
  };
}
