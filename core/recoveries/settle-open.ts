import { toAppError } from "#core/kernel/errors.ts";
import type { ValueReader } from "./files.ts";
import { settle, toApplyChange, toUndoChange } from "./key-changes.ts";
import { type PlanItem, parsePlanItem } from "./plan-item.ts";
import { settleRecord } from "./put-record.ts";
import { type Reading, readKeys } from "./read-keys.ts";
import { type ItemResult, type Journal, openJournal } from "./results.ts";
import { movedSinceText, movedText, type RunDeps } from "./run.ts";

/** Null: it was not written. */
type Told = ItemResult | null;
type SettleDeps = Pick<RunDeps, "files" | "id" | "reading">;

/**
 * For the start after a crash: at most one transaction had been sent without an answer. Its keys are asked what became of
 * it. What stands as before is told as not written; a request that Consul gets even later than our question is not seen.
 */
export async function settleOpen(deps: SettleDeps): Promise<Journal["results"]> {
  const { files, id } = deps;
  const journal = await openJournal(files, id, false);
  try {
    const { open, openIsUndo } = journal.results;
    if (open.length > 0) {
      const values = await files.openValues(id);
      const undone = new Set(openIsUndo ? open : []);
      await settleItems(deps, journal, values, new Set(open), undone).finally(() => values.close());
      await journal.sent([]);
    }
  } finally {
    await journal.close();
  }
  return journal.results;
}

/** Before a way back: what could not be told when it was applied may be told now. */
export async function settleUnknown(deps: SettleDeps, journal: Journal, values: ValueReader): Promise<void> {
  const { of, open } = journal.results;
  const told = [...of].flatMap(([n, { result }]) => (result === "unknown" ? [n] : []));
  const unknown = [...new Set([...told, ...open])];
  if (unknown.length === 0) return;
  const before = new Map(unknown.map((n) => [n, of.get(n)]));
  // A way back that is unknown keeps the index of the write that it was for.
  const undone = unknown.filter((n) => (before.get(n)?.index ?? 0) > 0);
  await settleItems(deps, journal, values, new Set(unknown), new Set(undone));
  const still = unknown.filter((n) => of.get(n) === before.get(n));
  const text = "No answer came from Consul, and it was not written.";
  await journal.result(still.map((n) => ({ n, result: "refused", index: 0, text })));
}

async function settleItems(
  { files, id, reading }: SettleDeps,
  journal: Journal,
  values: ValueReader,
  ns: ReadonlySet<number>,
  undone: ReadonlySet<number>,
): Promise<void> {
  for await (const { text } of files.lines(id, "items")) {
    const item = parsePlanItem(text);
    if (!ns.has(item.n)) continue;
    const before = journal.results.of.get(item.n);
    const told = await tell(reading, item, values, undone.has(item.n) ? before : undefined).catch(
      (error: unknown): Told => ({
        result: "unknown",
        index: before?.index ?? 0,
        text: `Snapkeep was stopped before Consul's answer came, and could not ask afterwards: ${toAppError(error).userMessage}`,
      }),
    );
    if (told !== null) await journal.result([{ n: item.n, ...told }]);
  }
}

async function tell(
  reading: Reading,
  item: PlanItem,
  values: ValueReader,
  applied: ItemResult | undefined,
): Promise<Told> {
  if (item.kind !== "kv") {
    if (applied === undefined) return settleRecord(reading, item, values);
    const text = "Snapkeep was stopped while this was taken back. Look at it in Consul.";
    return { ...applied, result: "unknown", text };
  }
  const change =
    applied === undefined ? await toApplyChange(item, values) : await toUndoChange(item, applied, values);
  if (change === null) return null;
  const [now = "hidden"] = await readKeys(reading, [change.key]);
  const found = settle(change, now);
  switch (found.kind) {
    case "done":
      return { result: applied === undefined ? "applied" : "undone", index: found.index, text: "" };
    case "untouched":
      return applied === undefined ? null : { ...applied, result: "applied" };
    case "moved":
      return applied === undefined
        ? { result: "conflict", index: 0, text: movedText }
        : { result: "undo_conflict", index: 0, text: movedSinceText };
    case "hidden":
      return { result: "unknown", index: 0, text: "The stored token may not read this key." };
    default:
      return found satisfies never;
  }
}
