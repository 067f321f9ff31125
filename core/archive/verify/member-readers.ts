import { createHash } from "node:crypto";
import { decodeMetaText, parseSnapshotMeta } from "../container/meta-json.ts";
import type { MemberSink } from "../container/tar-walker.ts";
import type { ArchiveLimits, SnapshotMeta } from "../contract.ts";
import { ArchiveFormatError } from "../format-error.ts";
import { createRecordDecoder, type RecordDecoderOptions } from "../records/record-decoder.ts";
import { createRecordCounter, type RecordCounter } from "../state/record-counter.ts";
import { createStateReader, type StateReader } from "../state/state-reader.ts";

type OnFault = (fault: ArchiveFormatError) => void;

export type SmallMember = {
  /** The whole content; null when there was too much of it. */
  readonly content: Buffer | null;
  readonly sha256: string;
};

/** Collects a member that is small by nature; a larger one is hashed all the same, and `onTooLarge` is told. */
export function collectMember(
  bytesMax: number,
  onTooLarge: () => void,
  onEnd: (member: SmallMember) => void,
): MemberSink {
  const hash = createHash("sha256");
  let parts: Buffer[] = [];
  let bytes = 0;
  return {
    write: (chunk) => {
      hash.update(chunk);
      if (bytes <= bytesMax && bytes + chunk.length > bytesMax) {
        parts = [];
        onTooLarge();
      }
      bytes += chunk.length;
      if (bytes <= bytesMax) {
        // A copy: a slice would keep the whole buffer that zlib filled alive.
        parts.push(Buffer.from(chunk));
      }
    },
    end: () =>
      onEnd({ content: bytes <= bytesMax ? Buffer.concat(parts) : null, sha256: hash.digest("hex") }),
  };
}

export type MetaResult = {
  readonly meta: SnapshotMeta | null;
  readonly metaJson: string | null;
  readonly sha256: string;
};

export function metaSink(
  bytesMax: number,
  onFault: OnFault,
  onEnd: (result: MetaResult) => void,
): MemberSink {
  const member = "meta.json";
  const onTooLarge = () =>
    onFault(
      new ArchiveFormatError("META_TOO_LARGE", `meta.json has more than ${bytesMax} bytes.`, { member }),
    );
  return collectMember(bytesMax, onTooLarge, ({ content, sha256 }) => {
    const metaJson = content === null ? null : decodeMetaText(content);
    if (content !== null && metaJson === null) {
      const text = "failed to decode snapshot metadata: meta.json is not UTF-8.";
      onFault(new ArchiveFormatError("META_INVALID", text, { member }));
    }
    onEnd({ meta: metaJson === null ? null : parseOrReport(metaJson, onFault), metaJson, sha256 });
  });
}

function parseOrReport(metaJson: string, onFault: OnFault): SnapshotMeta | null {
  return orReport(() => parseSnapshotMeta(metaJson), onFault) ?? null;
}

/** What `act` gives, or undefined after its format error went to `onFault`. */
export function orReport<T>(act: () => T, onFault: OnFault): T | undefined {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof ArchiveFormatError)) {
      throw error;
    }
    onFault(error);
    return undefined;
  }
}

export type StateProgress = {
  readonly reader: StateReader;
  readonly counter: RecordCounter;
  /** Bytes of state.bin seen so far. */
  bytes: number;
  /** Known once the last byte has come. */
  sha256: string | null;
};

/** Hashes state.bin and decodes its records; one that cannot be read ends the decoding, not the hashing. */
export function stateSink(
  stateBytes: number,
  limits: ArchiveLimits,
  options: RecordDecoderOptions,
  onFault: OnFault,
): { sink: MemberSink; progress: StateProgress } {
  const hash = createHash("sha256");
  const counter = createRecordCounter();
  const reader = createStateReader(stateBytes, createRecordDecoder(limits, counter, options), {
    recordBytesMax: limits.recordBytesMax,
    keepsValues: options.values ?? false,
  });
  const progress: StateProgress = { reader, counter, bytes: 0, sha256: null };
  let readable = true;
  const whileReadable = (act: () => void): void => {
    if (readable) {
      readable = false;
      orReport(() => {
        act();
        readable = true;
      }, onFault);
    }
  };
  const sink: MemberSink = {
    write: (chunk) => {
      hash.update(chunk);
      progress.bytes += chunk.length;
      whileReadable(() => reader.write(chunk));
    },
    end: () => {
      progress.sha256 = hash.digest("hex");
      whileReadable(() => reader.end());
    },
  };
  return { sink, progress };
}
