/** After the last one it goes on at that pace. */
const waitsMs = [250, 1_000, 5_000, 15_000, 60_000];
/** A stop waits for a disk that may have room again in a moment, and not for a minute. */
const triesWhileStopping = 2;

export type SurelyOptions = {
  /** Aborted when Snapkeep stops. A cancelled act has to be written down like any other, so its own signal won't do. */
  stopped: AbortSignal;
  /** Called after each try that failed and is followed by another one. */
  onFailure: (error: unknown) => void;
};

/**
 * Does what has to be done, again and again with growing pauses until it worked: a full disk or a locked database must
 * not leave a row that says running for ever.
 * @throws what the last try threw, only when Snapkeep stops; the next start takes it up.
 */
export async function surely<T>(work: () => Promise<T>, options: SurelyOptions): Promise<T> {
  const { stopped, onFailure } = options;
  let left = triesWhileStopping;
  for (let round = 0; ; round += 1) {
    try {
      return await work();
    } catch (error) {
      if (stopped.aborted && left === 0) throw error;
      if (stopped.aborted) left -= 1;
      onFailure(error);
      await waitOr(stopped.aborted ? 250 : (waitsMs[Math.min(round, waitsMs.length - 1)] ?? 0), stopped);
    }
  }
}

/** A signal that is aborted already cuts nothing short, so that there is some pause between the last tries. */
function waitOr(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end, { once: true });
  });
}
