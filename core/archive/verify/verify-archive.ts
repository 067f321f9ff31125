import { addAbortSignal, Readable } from "node:stream";
import type { VerifyReport } from "../contract.ts";
import { type ArchiveVerifierOptions, createArchiveVerifier } from "./verifier.ts";

type VerifyArchiveOptions = ArchiveVerifierOptions & { readonly signal?: AbortSignal };

/**
 * Verifies an archive that can be read from its beginning. What is wrong with the archive is in the report; it
 * rejects when the source fails (with the source's error), the visitor throws (with what it threw) or `signal`
 * aborts (with its reason). A stream is destroyed in all cases; with another iterable, the signal is looked at between chunks.
 */
export async function verifyArchive(
  source: Readable | AsyncIterable<Uint8Array>,
  { signal, ...options }: VerifyArchiveOptions = {},
): Promise<VerifyReport> {
  const verifier = createArchiveVerifier(options);
  if (signal !== undefined && source instanceof Readable) {
    addAbortSignal(signal, source);
  }
  try {
    for await (const chunk of source) {
      signal?.throwIfAborted();
      await verifier.write(chunk);
      if (verifier.isBroken()) {
        break;
      }
    }
    signal?.throwIfAborted();
    return await verifier.end();
  } catch (error) {
    verifier.abort();
    signal?.throwIfAborted();
    throw error;
  }
}
