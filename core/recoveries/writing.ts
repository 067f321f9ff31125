import type { ChangeOutcome } from "./answers.ts";
import type { KeyChange } from "./key-changes.ts";
import type { ItemResult, Journal } from "./results.ts";
import type { RunDeps } from "./run.ts";
import { type Sender, sendChunk } from "./send-keys.ts";

/** How items are written, there and back: each is in the journal before it is sent and once it has a result, then counts. */
export function createWriting(
  { reading, isStopping, onProgress }: RunDeps,
  journal: Journal,
  onResults: (journal: Journal) => Promise<void>,
  toResult: (outcome: ChangeOutcome, journal: Journal) => ItemResult & { n: number },
) {
  const sender: Sender = {
    reading,
    isStopping,
    sent: journal.sent,
    told: (all) => journal.result(all.map((one) => toResult(one, journal))),
  };
  let done = 0;
  const count = async (items: number): Promise<void> => {
    done += items;
    onProgress(done);
    await onResults(journal);
  };
  return {
    /** @returns null; or why there is no use in going on. */
    async keys(chunk: readonly KeyChange[]): Promise<string | null> {
      if (chunk.length === 0) return null;
      const stoppedBy = await sendChunk(sender, chunk);
      await count(chunk.length);
      return stoppedBy;
    },
    async record(n: number, write: () => Promise<ItemResult>): Promise<void> {
      await journal.sent([n]);
      await journal.result([{ n, ...(await write()) }]);
      await count(1);
    },
  };
}
