import type { ThreadResults } from "./messages.ts";

/** The work of a thread: bytes of one or two archives go in, one answer comes out. */
export type Job = {
  /** A promise means: wait before giving more of this source. */
  readonly write: (source: number, bytes: Uint8Array) => Promise<void> | undefined;
  readonly end: (source: number) => void;
  readonly result: Promise<ThreadResults[keyof ThreadResults]>;
};
