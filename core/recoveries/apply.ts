import type { ChangeOutcome } from "./answers.ts";
import { createChunks } from "./chunks.ts";
import { toApplyChange } from "./key-changes.ts";
import { parsePlanItem } from "./plan-item.ts";
import { putRecord } from "./put-record.ts";
import { type ItemResult, type Journal, openJournal } from "./results.ts";
import { type Ended, movedText, type RunDeps, unknownIndexText } from "./run.ts";
import { createWriting } from "./writing.ts";

/**
 * Writes a plan to the datacenter: keys in transactions, then the other records one by one. Ends early when Snapkeep
 * stops, or when Consul says what it would say to everything else, too.
 */
export async function applyPlan(
  deps: RunDeps,
  onResults: (journal: Journal) => Promise<void>,
): Promise<Ended> {
  const { files, id, reading, isStopping } = deps;
  const values = await files.openValues(id);
  const journal = await openJournal(files, id, false);
  const writing = createWriting(deps, journal, onResults, toResult);
  const chunks = createChunks();
  try {
    for await (const { text } of files.lines(id, "items")) {
      if (isStopping()) return { stoppedBy: null };
      const item = parsePlanItem(text);
      if (item.want === null) continue;
      if (item.kind !== "kv") {
        const left = await writing.keys(chunks.rest());
        if (left !== null) return { stoppedBy: left };
        await writing.record(item.n, () => putRecord(reading, item, values));
        continue;
      }
      const change = await toApplyChange(item, values);
      const stoppedBy = change === null ? null : await writing.keys(chunks.add(change));
      if (stoppedBy !== null) return { stoppedBy };
    }
    return { stoppedBy: isStopping() ? null : await writing.keys(chunks.rest()) };
  } finally {
    await journal.close();
    await values.close();
  }
}

function toResult({ change, kind, index, text }: ChangeOutcome): ItemResult & { n: number } {
  const { n } = change;
  switch (kind) {
    case "done":
      return { n, result: "applied", index, text: index === 0 ? unknownIndexText : text };
    case "stale":
      return { n, result: "conflict", index: 0, text: movedText };
    case "refused":
    case "unknown":
      return { n, result: kind, index: 0, text };
    default:
      return kind satisfies never;
  }
}
