import type { VerifyReport } from "#core/archive/contract.ts";
import { openArchiveThread } from "#core/archive/thread/index.ts";
import type { InsideArchive } from "#core/snapshots/index.ts";

/** Reads the stored archive once more, from the first byte to the last, and decodes every record. */
export async function verifyStored(archive: InsideArchive, signal: AbortSignal): Promise<VerifyReport> {
  const thread = openArchiveThread({ kind: "verify" });
  const onAbort = () => thread.abort();
  signal.addEventListener("abort", onAbort);
  try {
    signal.throwIfAborted();
    const [source] = thread.sources;
    for await (const chunk of await archive.store.open(archive.id)) await source.write(chunk);
    source.end();
    return (await thread.result).report;
  } catch (error) {
    thread.abort();
    throw error;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
