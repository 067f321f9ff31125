import type { Worker } from "node:worker_threads";
import type { ToThread } from "./messages.ts";

/** Bytes cross in blocks of this size: a message costs some ten microseconds, however large it is. */
const blockBytes = 256 * 1024;
/** Bytes of one source that may be in the thread and not taken in yet. */
const underWayBytesMax = 1024 * 1024;

/** The bytes of one archive on their way into a thread. */
export type ThreadSource = {
  /** Copies the chunk. A promise means: wait for it before the next chunk. It rejects when the thread failed. */
  readonly write: (chunk: Uint8Array) => Promise<void> | undefined;
  readonly end: () => void;
};

export type HostedSource = ThreadSource & {
  readonly taken: (bytes: number) => void;
  readonly fail: (reason: unknown) => void;
};

export function createThreadSource(worker: Worker, source: number): HostedSource {
  let block = Buffer.allocUnsafeSlow(blockBytes);
  let filled = 0;
  let underWayBytes = 0;
  let failure: { readonly reason: unknown } | null = null;
  let wake: (() => void)[] = [];

  const flush = (): void => {
    if (filled === 0) return;
    underWayBytes += filled;
    const message: ToThread = { say: "data", source, bytes: block.subarray(0, filled) };
    worker.postMessage(message, [block.buffer]);
    block = Buffer.allocUnsafeSlow(blockBytes);
    filled = 0;
  };
  const wakeAll = (): void => {
    const waiting = wake;
    wake = [];
    for (const resolve of waiting) resolve();
  };
  const room = async (): Promise<void> => {
    while (failure === null && underWayBytes > underWayBytesMax) {
      await new Promise<void>((resolve) => wake.push(resolve));
    }
    if (failure !== null) throw failure.reason;
  };

  return {
    write: (chunk) => {
      for (let at = 0; at < chunk.length; ) {
        const part = chunk.subarray(at, at + blockBytes - filled);
        block.set(part, filled);
        filled += part.length;
        at += part.length;
        if (filled === blockBytes) flush();
      }
      return failure !== null || underWayBytes > underWayBytesMax ? room() : undefined;
    },
    end: () => {
      flush();
      block = Buffer.alloc(0);
      const message: ToThread = { say: "end", source };
      worker.postMessage(message);
    },
    taken: (bytes) => {
      underWayBytes -= bytes;
      if (underWayBytes <= underWayBytesMax) wakeAll();
    },
    fail: (reason) => {
      failure ??= { reason };
      wakeAll();
    },
  };
}
