export type PulledBytes = {
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Resolves when the chunk has been pulled. */
  readonly push: (chunk: Uint8Array) => Promise<void>;
  readonly end: () => void;
};

/** Bytes that are pushed on one side and pulled on the other; what is pushed is acknowledged when it is pulled. */
export function createPulledBytes(): PulledBytes {
  const waiting: { readonly chunk: Uint8Array; readonly pulled: () => void }[] = [];
  let isOver = false;
  let wake: () => void = () => undefined;
  async function* pull(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const next = waiting.shift();
      if (next !== undefined) {
        next.pulled();
        yield next.chunk;
      } else if (isOver) {
        return;
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  }
  return {
    bytes: pull(),
    push: (chunk) =>
      new Promise((pulled) => {
        waiting.push({ chunk, pulled });
        wake();
      }),
    end: () => {
      isOver = true;
      wake();
    },
  };
}
