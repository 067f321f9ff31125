import { Worker } from "node:worker_threads";
import type { FromThread, ThreadJob, ThreadResults, ToThread } from "./messages.ts";
import { createThreadSource, type ThreadSource } from "./source.ts";

export type ArchiveThread<Result> = {
  /** The archives to work on: two for a comparison, else one. */
  readonly sources: readonly [ThreadSource, ThreadSource];
  /** Rejects with the fault of the thread, with what `onOutput` threw, or with an AbortError after `abort`. */
  readonly result: Promise<Result>;
  /** Stops the thread at once, wherever it is. Safe at any time, also twice. */
  readonly abort: () => void;
};

export type ThreadOptions = {
  /** Takes what the job puts out, in order. A promise is waited for, so that output does not pile up. */
  readonly onOutput?: (bytes: Buffer) => Promise<void> | void;
};

/**
 * Starts a thread for one job on the bytes of some archives, so that the event loop, and whoever waits for a page,
 * does not wait for hashing and decoding. The thread ends with its job.
 */
export function openArchiveThread<Kind extends ThreadJob["kind"]>(
  job: Extract<ThreadJob, { kind: Kind }>,
  { onOutput }: ThreadOptions = {},
): ArchiveThread<ThreadResults[Kind]> {
  const worker = startWorker(job);
  const sources = [createThreadSource(worker, 0), createThreadSource(worker, 1)] as const;
  const answer = createAnswer<ThreadResults[Kind]>();
  const fail = (reason: unknown): void => {
    answer.reject(reason);
    for (const source of sources) source.fail(reason);
    void worker.terminate();
  };
  let output = Promise.resolve();
  const write = async (bytes: Uint8Array): Promise<void> => {
    // A message carries the bytes of a Buffer, but not that it is one.
    await onOutput?.(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    const message: ToThread = { say: "written", bytes: bytes.length };
    worker.postMessage(message);
  };
  const hear = (message: FromThread): void => {
    switch (message.say) {
      case "taken":
        sources[message.source]?.taken(message.bytes);
        return;
      case "output":
        output = output.then(() => write(message.bytes));
        output.catch(fail);
        return;
      case "result":
        // The last of the output has been heard before, but perhaps not been written.
        output.then(() => answer.resolve(message.value as ThreadResults[Kind]), fail);
        void worker.terminate();
        return;
      case "failed":
        fail(message.error);
        return;
      default:
        message satisfies never;
    }
  };
  let isAnswered = false;
  worker.on("message", (message: FromThread) => {
    isAnswered ||= message.say === "result";
    hear(message);
  });
  worker.on("error", fail);
  worker.on("exit", () => {
    if (!isAnswered) fail(new Error("The archive thread ended before its work was done."));
  });
  return {
    sources,
    result: answer.promise,
    abort: () => fail(new DOMException("The work was aborted.", "AbortError")),
  };
}

/** A promise that is settled from outside; nobody needs to wait for it. */
function createAnswer<T>() {
  let resolve: (value: T) => void = () => undefined;
  let reject: (reason: unknown) => void = () => undefined;
  const promise = new Promise<T>((give, refuse) => {
    resolve = give;
    reject = refuse;
  });
  promise.catch(() => undefined);
  return { promise, resolve, reject };
}

/** The built program has the thread's own bundle beside it; sources are run through tsx. */
function startWorker(job: ThreadJob): Worker {
  const fromSources = import.meta.url.endsWith(".ts");
  const file = new URL(fromSources ? "./from-sources.mjs" : "./archive-thread.mjs", import.meta.url);
  return new Worker(file, {
    workerData: job,
    // Not those of the process: what is preloaded there has no business here.
    execArgv: [],
    // Buffers are given back as often as the young generation is full, so it is as small as can be.
    resourceLimits: { maxYoungGenerationSizeMb: 1 },
  });
}
