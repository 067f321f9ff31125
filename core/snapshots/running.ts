import type { Clock } from "#core/kernel/clock.ts";
import type { TakePhase } from "./contract.ts";

/** How far an act of this process is; fresher than its row, which is written once a second. */
export type LiveProgress = {
  phase: TakePhase;
  bytesDone: number;
  bytesExpected: number | null;
  bytesPerSecond: number | null;
  firstByteMs: number | null;
};

/** The rate is over this much of the past: steady enough to read, quick enough to show a stall. */
const rateWindowMs = 4_000;

export type RunningAct = ReturnType<typeof createRunningAct>;

/** One take or upload under way in this process: its progress, and the way to stop it. */
export function createRunningAct(clock: Clock, bytesExpected: number | null) {
  const controller = new AbortController();
  const samples: { atMs: number; bytes: number }[] = [];
  let phase: TakePhase = "asking";
  let bytesDone = 0;
  let firstByteMs: number | null = null;
  let settled: () => void = () => undefined;
  const done = new Promise<void>((resolve) => {
    settled = resolve;
  });

  function rate(): number | null {
    const nowMs = clock.monotonicMs();
    const oldest = samples.find((sample) => nowMs - sample.atMs <= rateWindowMs);
    if (oldest === undefined || nowMs - oldest.atMs < 200) return null;
    return Math.round(((bytesDone - oldest.bytes) * 1_000) / (nowMs - oldest.atMs));
  }

  return {
    signal: controller.signal,
    abort: (reason: Error) => controller.abort(reason),
    enter(next: TakePhase): void {
      phase = next;
    },
    answered(afterMs: number): void {
      firstByteMs = afterMs;
      phase = "streaming";
    },
    addBytes(bytes: number): void {
      bytesDone += bytes;
      const nowMs = clock.monotonicMs();
      const last = samples.at(-1);
      if (last !== undefined && nowMs - last.atMs < 100) return;
      samples.push({ atMs: nowMs, bytes: bytesDone });
      while ((samples[0]?.atMs ?? nowMs) < nowMs - rateWindowMs) samples.shift();
    },
    progress: (): LiveProgress => ({ phase, bytesDone, bytesExpected, bytesPerSecond: rate(), firstByteMs }),
    /** Whoever stops the process waits for this. */
    done,
    finish: () => settled(),
  };
}
