import type { Inspection, VerifyReport } from "#core/archive/index.ts";
import { openArchiveThread } from "#core/archive/thread/index.ts";
import { AppError } from "#core/kernel/errors.ts";
import type { ArchiveStore, ArchiveWriter } from "#core/storage/index.ts";
import { createContentsPart } from "./contents-part.ts";

export type Intake = {
  report: VerifyReport;
  /** Null when the archive is not good. */
  inspection: Inspection | null;
  /** Holds every byte, not yet visible: the caller commits or aborts. */
  writer: ArchiveWriter;
};

/**
 * Reads an archive to its end, into the store and through the verifier at once; nothing is kept in memory. The
 * index of its contents is written on the way, beside it.
 * An archive becomes visible only by `writer.commit()`, which the caller does for a good report alone.
 * On any failure nothing is left in the store.
 * @throws what the source throws, AppError `storage_full`/`storage_failed`, or the abort reason.
 */
export async function takeIn(options: {
  id: string;
  source: AsyncIterable<Buffer>;
  store: ArchiveStore;
  /** Makes the fingerprints of secrets in the index. */
  fingerprintKey: string;
  signal: AbortSignal;
  onBytes: (bytes: number) => void;
}): Promise<Intake> {
  const { id, source, store, signal, onBytes, fingerprintKey } = options;
  const archive = await store.create(id);
  const contents = createContentsPart(store, id);
  const thread = openArchiveThread(
    { kind: "verify", index: { fingerprintKey } },
    { onOutput: (bytes) => contents.write(bytes) },
  );
  const [bytes] = thread.sources;
  try {
    for await (const chunk of source) {
      signal.throwIfAborted();
      onBytes(chunk.length);
      // Both get the same bytes; the slower of the two sets the pace.
      await Promise.all([archive.write(chunk), bytes.write(chunk)]);
    }
    signal.throwIfAborted();
    bytes.end();
    const { report, inspection, isIndexed } = await thread.result;
    if (!isIndexed) await contents.abort();
    return { report, inspection, writer: together(archive, contents) };
  } catch (error) {
    thread.abort();
    await contents.abort();
    await archive.abort();
    throw signal.aborted && signal.reason instanceof Error ? signal.reason : error;
  }
}

/** The index goes first, so that an archive which can be seen has it, unless it could not be written at all. */
function together(archive: ArchiveWriter, contents: ReturnType<typeof createContentsPart>): ArchiveWriter {
  return {
    write: (chunk) => archive.write(chunk),
    async commit() {
      await contents.commit();
      await archive.commit();
    },
    async abort() {
      await contents.abort();
      await archive.abort();
    },
  };
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
