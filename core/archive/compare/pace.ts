/**
 * Decides how much of an archive is handed over at once. The verifier inflates in another thread and tells nothing
 * of bytes that hold no whole record, so what is on its way can only be judged by the records that come out: no
 * more than some MiB of records should be, however well the archive is compressed. A guess that is wrong costs a
 * millisecond or some memory, never a record.
 */
export type Pace = {
  readonly pieceBytes: () => number;
  /** Tells how far into state.bin the records have come. */
  readonly seen: (stateBytes: number) => void;
  /** To be awaited after a piece was written. */
  readonly written: (bytes: number) => Promise<void> | undefined;
};

const recordBytesOnTheirWay = 4 * 1024 * 1024;
const archiveBytesOnTheirWay = { min: 32 * 1024, max: 1024 * 1024 };
const piecesOnTheirWay = 4;
/** Until records tell. Go's default compression seldom does better. */
const ratioAtFirst = 16;
/** A record can be longer than what is on its way, so waiting for one must end. */
const waitMs = 1;

export function createPace(): Pace {
  let writtenBytes = 0;
  let stateBytes = 0;
  let unseenBytes = 0;
  let goOn: (() => void) | null = null;

  const onTheirWayMax = (): number => {
    const ratio = stateBytes === 0 ? ratioAtFirst : Math.max(1, stateBytes / writtenBytes);
    const { min, max } = archiveBytesOnTheirWay;
    return Math.min(max, Math.max(min, Math.floor(recordBytesOnTheirWay / ratio)));
  };

  return {
    pieceBytes: () => Math.ceil(onTheirWayMax() / piecesOnTheirWay),
    seen: (bytes) => {
      stateBytes = bytes;
      unseenBytes = 0;
      goOn?.();
      goOn = null;
    },
    written: (bytes) => {
      writtenBytes += bytes;
      unseenBytes += bytes;
      if (unseenBytes < onTheirWayMax()) {
        return undefined;
      }
      unseenBytes = 0;
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, waitMs);
        goOn = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    },
  };
}
