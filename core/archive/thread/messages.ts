import type { CompareResult } from "../compare/contract.ts";
import type { ArchiveLimits, VerifyReport } from "../contract.ts";
import type { RestoreFacts } from "../identity/restore-facts.ts";
import type { Inspection } from "../inspect/contract.ts";
import type { RecordKind } from "../records/visitor.ts";

/**
 * Verifies an archive. With `index`, the records are summed up and the index of the contents is put out on the
 * way; `fingerprintKey` is what the fingerprints of secrets in it are made with.
 */
export type VerifyJob = {
  readonly kind: "verify";
  readonly limits?: Partial<ArchiveLimits>;
  readonly index?: { readonly fingerprintKey: string };
};

/** Compares two archives; puts out a line of JSON per difference (`DifferenceLine`), churn included. */
export type CompareJob = { readonly kind: "compare"; readonly limits?: Partial<ArchiveLimits> };

/** Verifies an archive and collects what one has to know of it before it is restored somewhere. */
export type FactsJob = { readonly kind: "facts"; readonly sampleKeys: number; readonly endsBeforeMs: number };

/** What an archive thread can be asked to do with the bytes that it is sent. */
export type ThreadJob = VerifyJob | CompareJob | FactsJob;

export type VerifyJobResult = {
  readonly report: VerifyReport;
  /** Null when no index was asked for. */
  readonly inspection: Inspection | null;
  /** Whether the index that was put out is whole; false for a bad archive, too. */
  readonly isIndexed: boolean;
  /** Why it is not, when the archive is good. */
  readonly indexFault: string | null;
};

/** Where the lines of one kind stand among those put out, in bytes. */
export type DifferenceSection = { readonly kind: RecordKind; readonly from: number; readonly to: number };
export type CompareJobResult = {
  readonly result: CompareResult;
  readonly sections: readonly DifferenceSection[];
};

/** What each job answers with. */
export type ThreadResults = { verify: VerifyJobResult; compare: CompareJobResult; facts: RestoreFacts };

/** From the process to its thread. The buffers are handed over, not shared. */
export type ToThread =
  | { readonly say: "data"; readonly source: number; readonly bytes: Uint8Array }
  | { readonly say: "end"; readonly source: number }
  /** So much of what was put out has been written. */
  | { readonly say: "written"; readonly bytes: number };

/** From the thread to its process. */
export type FromThread =
  /** `bytes` of the source have been taken in: as many may be sent again. */
  | { readonly say: "taken"; readonly source: number; readonly bytes: number }
  | { readonly say: "output"; readonly bytes: Uint8Array }
  | { readonly say: "result"; readonly value: ThreadResults[keyof ThreadResults] }
  | { readonly say: "failed"; readonly error: Error };
