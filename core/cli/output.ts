import type { Writable } from "node:stream";
import { OutputFailed, PipeClosed } from "./exit.ts";

/** The only door to stdout and stderr. */
export type Output = {
  /**
   * Takes text or bytes. A promise means: wait for it, the reader is slower than we are.
   *
   * @throws PipeClosed when nobody reads any more; OutputFailed
   */
  readonly write: (piece: string | Uint8Array) => Promise<void> | undefined;
  /** Resolves when all of it is with the system. */
  readonly flush: () => Promise<void>;
};

/** Small pieces go out together: a system call for every line would cost more than what is in it. */
const batchChars = 64 * 1024;

/** @param beforeWrite called when something is about to be shown, so that a progress bar can make room */
export function createOutput(stream: Writable, beforeWrite: () => void = () => undefined): Output {
  let text = "";
  let failure: Error | null = null;
  const fail = (error: unknown): Error => {
    const words = error instanceof Error ? error.message : String(error);
    failure ??= isClosed(error)
      ? new PipeClosed()
      : new OutputFailed(`The output can't be written: ${words}.`);
    return failure;
  };
  // Without a listener the error would end the process with a stack.
  stream.on("error", fail);

  const send = async (bytes: string | Uint8Array): Promise<void> => {
    if (failure !== null) throw failure;
    beforeWrite();
    await new Promise<void>((resolve, reject) => {
      stream.write(bytes, (error) => (error ? reject(fail(error)) : resolve()));
    });
  };
  const flush = async (): Promise<void> => {
    const piece = text;
    text = "";
    if (piece !== "") await send(piece);
    if (failure !== null) throw failure;
  };
  return {
    write: (piece) => {
      if (typeof piece !== "string") return flush().then(() => send(piece));
      text += piece;
      return text.length < batchChars ? undefined : flush();
    },
    flush,
  };
}

function isClosed(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : null;
  return code === "EPIPE" || code === "ERR_STREAM_DESTROYED" || code === "ERR_STREAM_WRITE_AFTER_END";
}
