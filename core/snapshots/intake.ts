import { createArchiveVerifier, type VerifyReport } from "#core/archive/index.ts";
import { AppError } from "#core/kernel/errors.ts";
import type { ArchiveStore, ArchiveWriter } from "#core/storage/index.ts";

export type Intake = {
  report: VerifyReport;
  /** Holds every byte, not yet visible: the caller commits or aborts. */
  writer: ArchiveWriter;
};

/**
 * Reads an archive to its end, into the store and through the verifier at once; nothing is kept in memory.
 * An archive becomes visible only by `writer.commit()`, which the caller does for a good report alone.
 * On any failure nothing is left in the store.
 * @throws what the source throws, AppError `storage_full`/`storage_failed`, or the abort reason.
 */
export async function takeIn(options: {
  id: string;
  source: AsyncIterable<Buffer>;
  store: ArchiveStore;
  signal: AbortSignal;
  onBytes: (bytes: number) => void;
}): Promise<Intake> {
  const { id, source, store, signal, onBytes } = options;
  const writer = await store.create(id);
  const verifier = createArchiveVerifier();
  try {
    for await (const chunk of source) {
      signal.throwIfAborted();
      onBytes(chunk.length);
      // Both get the same bytes; the slower of the two sets the pace.
      await Promise.all([writer.write(chunk), verifier.write(chunk)]);
    }
    signal.throwIfAborted();
    return { report: await verifier.end(), writer };
  } catch (error) {
    verifier.abort();
    await writer.abort();
    throw signal.aborted && signal.reason instanceof Error ? signal.reason : error;
  }
}

/** The failure that a bad report means, in the words of its first finding. */
export function badArchive(report: VerifyReport, from: "consul" | "upload"): AppError {
  const first = report.findings[0];
  const text = first?.text ?? "The archive does not verify.";
  if (from === "upload") return new AppError({ code: "archive_invalid", userMessage: text });
  const appended = first?.code === "APPENDED_TEXT";
  return new AppError({
    code: "consul_broken_stream",
    userMessage: appended ? text : `Consul's answer is not a whole archive: ${text}`,
    retryable: true,
  });
}
