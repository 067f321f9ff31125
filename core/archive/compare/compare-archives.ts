import type { ArchiveLimits } from "../contract.ts";
import { createArchiveVerifier } from "../verify/verifier.ts";
import { comparePass, type OnDifference } from "./compare-pass.ts";
import type { CompareResult } from "./contract.ts";
import type { StartVerifier } from "./side.ts";

/** An archive, as its bytes or as a function that opens it anew at each call. */
export type ArchiveSource = AsyncIterable<Uint8Array> | (() => AsyncIterable<Uint8Array>);

export type CompareOptions = {
  /**
   * Takes each difference as it is found: keys while the archives are still being read, so every difference is
   * provisional until the result says `compared`. A promise is waited for; an error ends the comparison with it.
   */
  readonly onDifference?: OnDifference;
  /** Told when the archives are read again: every difference so far is void. */
  readonly onRestart?: () => void;
  /** Whether `onDifference` is to get churn as well; it is counted in any case. */
  readonly includeChurn?: boolean;
  readonly signal?: AbortSignal;
  readonly limits?: Partial<ArchiveLimits>;
  /** The most keys of one archive that may be held in memory when keys do not stand in order; 4 million. */
  readonly keysInMemoryMax?: number;
};

const keysInMemoryMaxDefault = 4_000_000;

/**
 * Tells what differs between two snapshots, A before and B after, and verifies both in the same pass. Differences
 * come in `differenceOrder`, keys by their bytes, other records by identity.
 *
 * Keys are merged as they come and need a few MiB; every other record needs some 300 bytes until the end. Should
 * the keys of an archive not stand in order (Consul's always do), both are opened again and all keys are held in
 * memory; where a source is no function, that ends in `keys-unsorted`.
 *
 * What is wrong with an archive is in its report. Rejects when a source fails (with its error), `signal` aborts
 * (with its reason) or `onDifference` throws; streams are destroyed then.
 */
export async function compareArchives(
  a: ArchiveSource,
  b: ArchiveSource,
  options: CompareOptions = {},
): Promise<CompareResult> {
  const { limits } = options;
  return await compareWith(a, b, options, (visitor) =>
    createArchiveVerifier({ visitor, values: true, ...(limits !== undefined && { limits }) }),
  );
}

/** The same with another reader of archives, for tests. */
export async function compareWith(
  a: ArchiveSource,
  b: ArchiveSource,
  options: CompareOptions,
  start: StartVerifier,
): Promise<CompareResult> {
  const { keysInMemoryMax = keysInMemoryMaxDefault } = options;
  const canReopen = typeof a === "function" && typeof b === "function";
  const pass = { ...options, start, keysInMemoryMax };
  const result = await comparePass([open(a), open(b)], {
    ...pass,
    keys: canReopen ? "stop-unsorted" : "merge",
  });
  if (result !== null) {
    return result;
  }
  options.onRestart?.();
  const again = await comparePass([open(a), open(b)], { ...pass, keys: "in-memory" });
  if (again === null) {
    throw new Error("A comparison in memory does not depend on the order of keys.");
  }
  return again;
}

function open(source: ArchiveSource): AsyncIterable<Uint8Array> {
  return typeof source === "function" ? source() : source;
}
