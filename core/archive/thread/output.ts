import type { FromThread } from "./messages.ts";

/** Small pieces are put together: a message costs more than a kilobyte is worth. */
const pieceBytes = 64 * 1024;
/** Bytes that may have been put out and not been written yet. */
const waitingBytesMax = 2 * 1024 * 1024;

export type ThreadOutput = {
  /** Takes the bytes over. */
  readonly put: (bytes: Uint8Array) => void;
  /** Undefined when more may be put out, else a promise to wait for. */
  readonly room: () => Promise<void> | undefined;
  readonly written: (bytes: number) => void;
  readonly flush: () => void;
};

/** What a job puts out on its way to whoever writes it down. */
export function createThreadOutput(say: (message: FromThread) => void): ThreadOutput {
  let pieces: Uint8Array[] = [];
  let pending = 0;
  let waiting = 0;
  let wake: (() => void)[] = [];
  const flush = (): void => {
    if (pending === 0) return;
    waiting += pending;
    say({ say: "output", bytes: Buffer.concat(pieces) });
    pieces = [];
    pending = 0;
  };
  return {
    put: (bytes) => {
      pieces.push(bytes);
      pending += bytes.length;
      if (pending >= pieceBytes) flush();
    },
    room: () => (waiting > waitingBytesMax ? new Promise<void>((resolve) => wake.push(resolve)) : undefined),
    written: (bytes) => {
      waiting -= bytes;
      if (waiting > waitingBytesMax) return;
      const woken = wake;
      wake = [];
      for (const resolve of woken) resolve();
    },
    flush,
  };
}
