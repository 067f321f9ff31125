import { openArchiveThread } from "../thread/index.ts";
import { verifyArchive } from "../verify/verify-archive.ts";
import { createRestoreFacts, type RestoreFacts, type RestoreFactsOptions } from "./restore-facts.ts";

type ReadFactsOptions = RestoreFactsOptions & {
  readonly open: () => Promise<AsyncIterable<Uint8Array>>;
  /** Where somebody waits for pages meanwhile. A program that is one file has no thread to start. */
  readonly inThread: boolean;
  readonly signal: AbortSignal;
};

/** Verifies an archive and collects what one has to know of it before it is restored. A bad one is told in the report. */
export async function readRestoreFacts(options: ReadFactsOptions): Promise<RestoreFacts> {
  const { open, inThread, signal, sampleKeys, endsBeforeMs } = options;
  if (!inThread) {
    const facts = createRestoreFacts({ sampleKeys, endsBeforeMs });
    return facts.result(await verifyArchive(await open(), { visitor: facts.visitor, values: true, signal }));
  }
  const thread = openArchiveThread({ kind: "facts", sampleKeys, endsBeforeMs });
  const onAbort = () => thread.abort();
  signal.addEventListener("abort", onAbort);
  const feed = async (): Promise<void> => {
    for await (const chunk of await open()) await thread.sources[0].write(Buffer.from(chunk));
    thread.sources[0].end();
  };
  try {
    signal.throwIfAborted();
    const [facts] = await Promise.all([thread.result, feed()]);
    return facts;
  } catch (error) {
    thread.abort();
    throw signal.aborted && signal.reason instanceof Error ? signal.reason : error;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
