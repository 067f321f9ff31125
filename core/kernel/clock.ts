/** The one source of time. Tests inject their own, so that a clock that jumps is a case like any other. */
export type Clock = {
  /** Wall-clock time, milliseconds since the Unix epoch. It may jump. */
  nowMs(): number;
  /** Milliseconds that only grow; for durations. */
  monotonicMs(): number;
};

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};
