import { addAbortSignal, Readable } from "node:stream";
import type { VerifyReport } from "../contract.ts";
import type { RecordVisitor } from "../records/visitor.ts";
import { createFlow } from "./flow.ts";
import { createPace } from "./pace.ts";

/** The part of an archive verifier that a comparison uses. */
export type PushVerifier = {
  readonly write: (chunk: Uint8Array) => Promise<void> | undefined;
  readonly end: () => Promise<VerifyReport>;
  readonly abort: () => void;
};

/** Makes a verifier that calls the visitor for each record, the values of keys included. */
export type StartVerifier = (visitor: RecordVisitor) => PushVerifier;

/** Where the records of one archive go. */
export type RecordSink = Required<RecordVisitor> & {
  /** Whether the archive is not to be read on for now. */
  readonly full: () => boolean;
  /** Forgets what waits, and whatever comes: the archive is only verified from now on. */
  readonly discard: () => void;
};

/** One archive that is being read. */
export type Side = {
  /** Resolves with its report when it is read whole; rejects with the source's error or the signal's reason. */
  readonly done: Promise<VerifyReport>;
  /** The report, once there is one. */
  readonly report: () => VerifyReport | null;
  /** To be called after records were taken from the sink. */
  readonly taken: () => void;
  readonly discard: () => void;
};

/** Reads an archive to its end, verifying it, no faster than its sink takes the records. */
export function readSide(
  source: AsyncIterable<Uint8Array>,
  sink: RecordSink,
  start: StartVerifier,
  signal: AbortSignal,
): Side {
  const flow = createFlow();
  const pace = createPace();
  let report: VerifyReport | null = null;
  const verifier = start({
    kv: (record) => {
      pace.seen(record.offset + record.bytes);
      sink.kv(record);
    },
    other: (record) => {
      pace.seen(record.offset + record.bytes);
      sink.other(record);
    },
  });
  const stop = (): void => {
    verifier.abort();
    sink.discard();
    flow.wake();
  };
  signal.addEventListener("abort", stop, { once: true });
  if (source instanceof Readable) {
    addAbortSignal(signal, source);
  }

  const run = async (): Promise<VerifyReport> => {
    for await (const chunk of source) {
      for (let at = 0; at < chunk.length; ) {
        await flow.until(() => !sink.full());
        signal.throwIfAborted();
        const piece = chunk.subarray(at, at + pace.pieceBytes());
        at += piece.length;
        await verifier.write(piece);
        await pace.written(piece.length);
      }
      signal.throwIfAborted();
    }
    report = await verifier.end();
    signal.removeEventListener("abort", stop);
    return report;
  };

  return {
    done: run(),
    report: () => report,
    taken: flow.wake,
    discard: () => {
      sink.discard();
      flow.wake();
    },
  };
}
