import { createInflateRaw } from "node:zlib";

/** Each run of zlib fills at most one buffer of this size, so it also bounds one slice of work on the main thread. */
const outputChunkBytes = 1024 * 1024;

type InflaterEvents = {
  readonly onOutput: (output: Buffer) => void;
  /** The input of the last `inflate` is used up to `usedBytes`: fewer than given exactly when the stream is over. */
  readonly onUsed: (usedBytes: number) => void;
  /** The input is no deflate stream. Nothing follows. */
  readonly onInvalid: (zlibMessage: string) => void;
};

export type Inflater = {
  /** Inflates in zlib's thread, one call at a time: the next may be made from within `onUsed`. */
  readonly inflate: (input: Uint8Array) => void;
  /** Bytes used since the start. */
  readonly usedBytes: () => number;
  /** Frees zlib's memory; no event follows. */
  readonly close: () => void;
};

/**
 * A raw inflate stream that tells how many bytes it used. Node's Gunzip is no help here: it goes on with a second
 * gzip member and passes over appended zeros without a word, so the header and the trailer are read by us.
 *
 * `onOutput` runs in a microtask, which is after `onUsed` has had the chance to give zlib's thread its next piece:
 * hashing on the main thread and inflating then overlap.
 */
export function createInflater(events: InflaterEvents): Inflater {
  const stream = createInflateRaw({ chunkSize: outputChunkBytes });
  const unlessClosed = (act: () => void) => () => {
    if (!stream.destroyed) {
      act();
    }
  };
  stream.on("data", (output: Buffer) => queueMicrotask(unlessClosed(() => events.onOutput(output))));
  stream.on("error", (error) => events.onInvalid(error.message));

  return {
    inflate: (input) => {
      const usedBefore = stream.bytesWritten;
      stream.write(input, (error) => {
        if (error || stream.destroyed) {
          return;
        }
        // Flowing output has been handed out by now; this only guards against a stream that was still paused.
        while (stream.readableLength > 0) {
          stream.read();
        }
        events.onUsed(stream.bytesWritten - usedBefore);
      });
    },
    usedBytes: () => stream.bytesWritten,
    close: () => {
      stream.destroy();
    },
  };
}
