import type { ChangeOutcome } from "./answers.ts";
import { createChunks } from "./chunks.ts";
import { toUndoChange } from "./key-changes.ts";
import { type PlanItem, parsePlanItem } from "./plan-item.ts";
import { undoRecord } from "./put-record.ts";
import { type ItemResult, type Journal, openJournal } from "./results.ts";
import { type Ended, movedSinceText, type RunDeps, unknownIndexText } from "./run.ts";
import { settleUnknown } from "./settle-open.ts";
import { createWriting } from "./writing.ts";

/**
 * Takes back what was applied and is still as it was left: what was made goes, what was changed gets its former value.
 * What somebody has changed since is left alone.
 */
export async function undoPlan(
  deps: RunDeps,
  onResults: (journal: Journal) => Promise<void>,
): Promise<Ended> {
  const { files, id, reading, isStopping } = deps;
  const values = await files.openValues(id);
  const journal = await openJournal(files, id, true);
  const records: PlanItem[] = [];
  const writing = createWriting(deps, journal, onResults, toResult);
  const chunks = createChunks();
  try {
    await settleUnknown(deps, journal, values);
    for await (const { text } of files.lines(id, "items")) {
      if (isStopping()) return { stoppedBy: null };
      const item = parsePlanItem(text);
      const applied = journal.results.of.get(item.n);
      if (applied?.result !== "applied") continue;
      if (applied.index === 0) {
        await journal.result([{ n: item.n, result: "undo_conflict", index: 0, text: unknownIndexText }]);
      } else if (item.kind === "kv") {
        const stoppedBy = await writing.keys(chunks.add(await toUndoChange(item, applied, values)));
        if (stoppedBy !== null) return { stoppedBy };
      } else records.push(item);
    }
    const left = isStopping() ? null : await writing.keys(chunks.rest());
    if (left !== null) return { stoppedBy: left };
    // Roles go before the policies that they need.
    for (const item of records.reverse()) {
      if (isStopping()) return { stoppedBy: null };
      const applied = journal.results.of.get(item.n);
      if (applied === undefined) continue;
      await writing.record(item.n, () => undoRecord(reading, item, applied, values));
    }
    return { stoppedBy: null };
  } finally {
    await journal.close();
    await values.close();
  }
}

function toResult({ change, kind, text }: ChangeOutcome, journal: Journal): ItemResult & { n: number } {
  const { n } = change;
  switch (kind) {
    case "done":
      return { n, result: "undone", index: 0, text };
    case "stale":
      return { n, result: "undo_conflict", index: 0, text: movedSinceText };
    case "refused": {
      // It is still in place, and may be tried again with another token.
      const applied = journal.results.of.get(n) ?? { result: "applied", index: 0, text };
      return { n, ...applied, text };
    }
    case "unknown":
      return { n, result: "unknown", index: change.index, text };
    default:
      return kind satisfies never;
  }
}
