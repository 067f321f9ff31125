import { createHash } from "node:crypto";
import { createGzipReader, type GzipReader } from "../container/gzip-reader.ts";
import { findAppendedText } from "../container/gzip-tail.ts";
import {
  type ArchiveFindingCode,
  type ArchiveLimits,
  defaultArchiveLimits,
  type VerifyReport,
} from "../contract.ts";
import { ArchiveFormatError } from "../format-error.ts";
import type { RecordDecoderOptions } from "../records/record-decoder.ts";
import { unwrapVisitorError } from "../records/visitor-error.ts";
import { inConsulWords } from "./consul-words.ts";
import { toFindings } from "./findings.ts";
import { createTarContents, type TarContents } from "./tar-contents.ts";

/** Enough of the archive's end to find an error text there. */
const lastBytesKept = 1024;

export type ArchiveVerifierOptions = RecordDecoderOptions & { readonly limits?: Partial<ArchiveLimits> };

type ArchiveVerifier = {
  /**
   * Takes the next bytes of the archive, in pieces of any size; they must not be changed afterwards. Returns
   * undefined when more may come at once, else a promise to wait for first. It never rejects: what is wrong with
   * the bytes is in the report, and after a fault the rest is only hashed and counted.
   */
  readonly write: (chunk: Uint8Array) => Promise<void> | undefined;
  /** No more bytes will come. Rejects only after `abort`, for what a visitor threw, or for a fault of our own. */
  readonly end: () => Promise<VerifyReport>;
  /** Whether `end` can only reject, so that there is no use in more bytes. */
  readonly isBroken: () => boolean;
  /** Frees everything at once; waiting writes go on, and `end` rejects. Safe at any time, also twice. */
  readonly abort: () => void;
};

/**
 * Verifies an archive that is pushed into it, in memory that does not grow with the archive. A visitor is shown the
 * records on the way, before it is known whether the archive is good. What it throws is what `end` rejects with.
 */
export function createArchiveVerifier(options: ArchiveVerifierOptions = {}): ArchiveVerifier {
  return new PushVerifier({ ...defaultArchiveLimits, ...options.limits }, options);
}

class PushVerifier implements ArchiveVerifier {
  readonly #limits: ArchiveLimits;
  readonly #archiveHash = createHash("sha256");
  readonly #faults: ArchiveFormatError[] = [];
  readonly #gzip: GzipReader;
  readonly #contents: TarContents;
  #archiveBytes = 0;
  #gunzippedBytes = 0;
  #lastBytes = Buffer.alloc(0);
  /** Set by `abort` and by an error that is no finding: there will be no report. */
  #broken: { readonly reason: unknown } | null = null;

  constructor(limits: ArchiveLimits, decoding: RecordDecoderOptions) {
    this.#limits = limits;
    this.#contents = createTarContents(limits, decoding, (fault) => this.#addFault(fault));
    this.#gzip = createGzipReader((output) => this.#takeOutput(output));
  }

  write = (chunk: Uint8Array): Promise<void> | undefined => {
    if (this.#broken !== null) {
      return undefined;
    }
    this.#archiveHash.update(chunk);
    this.#archiveBytes += chunk.length;
    const before = chunk.length < lastBytesKept ? this.#lastBytes : Buffer.alloc(0);
    this.#lastBytes = Buffer.concat([before, chunk.subarray(-lastBytesKept)]).subarray(-lastBytesKept);
    return this.#gzip.write(chunk);
  };

  end = async (): Promise<VerifyReport> => {
    const gzipFault = await this.#gzip.end();
    if (this.#broken !== null) {
      throw this.#broken.reason;
    }
    if (gzipFault !== null) {
      this.#addGzipFault(gzipFault);
    }
    const { metaSha256, stateSha256, ...contents } = this.#contents.end(
      gzipFault === null || !hidesTheRest(gzipFault.code),
    );
    const findings = toFindings(this.#faults);
    return {
      ok: findings.length === 0,
      findings,
      ...contents,
      digests: { archiveSha256: this.#archiveHash.digest("hex"), metaSha256, stateSha256 },
      archiveBytes: this.#archiveBytes,
    };
  };

  isBroken = (): boolean => this.#broken !== null;

  abort = (): void => this.#break(new DOMException("The verification was aborted.", "AbortError"));

  #break(reason: unknown): void {
    this.#broken ??= { reason };
    this.#gzip.fail(new ArchiveFormatError("GZIP_TRUNCATED", "aborted"));
  }

  #takeOutput(output: Buffer): void {
    this.#gunzippedBytes += output.length;
    const { expansionRatioMax, expansionFreeBytes } = this.#limits;
    if (this.#gunzippedBytes > Math.max(expansionFreeBytes, this.#gzip.usedBytes() * expansionRatioMax)) {
      const text = `The archive expands to more than ${expansionRatioMax} times its size; reading stopped there.`;
      this.#gzip.fail(new ArchiveFormatError("EXPANSION_LIMIT", text, { offset: this.#gunzippedBytes }));
      return;
    }
    try {
      this.#contents.write(output);
    } catch (error) {
      this.#break(unwrapVisitorError(error));
    }
  }

  #addGzipFault(fault: ArchiveFormatError): void {
    const text = mayEndInText(fault.code) ? findAppendedText(this.#lastBytes, this.#archiveBytes) : null;
    if (text !== null) {
      // The text was inflated as if it were data, so whatever was found in the last contents may be its doing.
      this.#faults.length = 0;
      this.#addFault(text);
    }
    this.#addFault(fault);
  }

  #addFault(fault: ArchiveFormatError): void {
    this.#faults.push(inConsulWords(fault, this.#contents.position()));
  }
}

/** Whether the archive began well and then went wrong, which is where a server's error text may be found. */
function mayEndInText(code: ArchiveFindingCode): boolean {
  return code === "GZIP_DATA" || code === "GZIP_TRUNCATED" || code === "GZIP_CRC" || code === "GZIP_LENGTH";
}

const codesThatHideTheRest: ReadonlySet<ArchiveFindingCode> = new Set([
  "EMPTY",
  "GZIP_HEADER",
  "GZIP_DATA",
  "GZIP_TRUNCATED",
  "EXPANSION_LIMIT",
  "GZIP_SECOND_MEMBER",
]);

/** Whether not all of the tar was seen, so that its missing end says nothing new. */
function hidesTheRest(code: ArchiveFindingCode): boolean {
  return codesThatHideTheRest.has(code);
}
