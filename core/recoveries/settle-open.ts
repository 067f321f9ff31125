import { toAppError } from "#core/kernel/errors.ts";
import type { ValueReader } from "./files.ts";
import { type KeyChange, type Settled, settleTogether, toApplyChange, toUndoChange } from "./key-changes.ts";
import { type PlanItem, parsePlanItem } from "./plan-item.ts";
import { settleRecord } from "./put-record.ts";
import { type Reading, readKeys } from "./read-keys.ts";
import { type ItemResult, type Journal, openJournal } from "./results.ts";
import { movedSinceText, movedText, type RunDeps, unknownIndexText } from "./run.ts";

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
  const keys: { apply: PlanItem[]; undo: PlanItem[] } = { apply: [], undo: [] };
  for await (const { text } of files.lines(id, "items")) {
    const item = parsePlanItem(text);
    if (!ns.has(item.n)) continue;
    const before = undone.has(item.n) ? journal.results.of.get(item.n) : undefined;
    if (item.kind === "kv") (before === undefined ? keys.apply : keys.undo).push(item);
    else await tell([item], async () => [await tellRecord(reading, item, values, before)]);
  }
  await tell(keys.apply, () => tellApplied(reading, keys.apply, values));
  await tell(keys.undo, () => tellUndone(reading, keys.undo, values, journal));

  async function tell(items: readonly PlanItem[], ask: () => Promise<Told[]>): Promise<void> {
    const told = await ask().catch((error: unknown): Told[] => {
      const text = `Snapkeep was stopped before Consul's answer came, and could not ask afterwards: ${toAppError(error).userMessage}`;
      return items.map(({ n }) => ({
        result: "unknown",
        index: journal.results.of.get(n)?.index ?? 0,
        text,
      }));
    });
    const known = items.flatMap(({ n }, at) => {
      const one = told[at] ?? null;
      return one === null ? [] : [{ n, ...one }];
    });
    if (known.length > 0) await journal.result(known);
  }
}

async function tellRecord(
  reading: Reading,
  item: PlanItem,
  values: ValueReader,
  applied: ItemResult | undefined,
): Promise<Told> {
  if (applied === undefined) return settleRecord(reading, item, values);
  const text = "Snapkeep was stopped while this was taken back. Look at it in Consul.";
  return { ...applied, result: "unknown", text };
}

const hiddenText = "The stored token may not read this key.";

/** Keys that went in one transaction, or what of it is not known yet. */
async function tellApplied(
  reading: Reading,
  items: readonly PlanItem[],
  values: ValueReader,
): Promise<Told[]> {
  const changes: KeyChange[] = [];
  for (const item of items) {
    const change = await toApplyChange(item, values);
    if (change !== null) changes.push(change);
  }
  const settled = await askTogether(reading, changes);
  return items.map(({ n }): Told => {
    const found = settled.get(n);
    switch (found?.kind) {
      case undefined:
      case "untouched":
        return null;
      case "done":
        return { result: "applied", index: found.index, text: found.index === 0 ? unknownIndexText : "" };
      case "moved":
        return { result: "conflict", index: 0, text: movedText };
      case "hidden":
        return { result: "unknown", index: 0, text: hiddenText };
      default:
        return found satisfies never;
    }
  });
}

async function tellUndone(
  reading: Reading,
  items: readonly PlanItem[],
  values: ValueReader,
  { results }: Journal,
): Promise<Told[]> {
  const changes: KeyChange[] = [];
  for (const item of items) {
    const applied = results.of.get(item.n);
    if (applied !== undefined) changes.push(await toUndoChange(item, applied, values));
  }
  const settled = await askTogether(reading, changes);
  return items.map(({ n }): Told => {
    const [found, applied] = [settled.get(n), results.of.get(n)];
    if (found === undefined || applied === undefined) return null;
    switch (found.kind) {
      case "done":
        return { result: "undone", index: 0, text: "" };
      case "untouched":
        return { ...applied, result: "applied" };
      case "moved":
        return { result: "undo_conflict", index: 0, text: movedSinceText };
      case "hidden":
        // With the index of the write that it was for, so that it can be asked again.
        return { result: "unknown", index: applied.index, text: hiddenText };
      default:
        return found satisfies never;
    }
  });
}

async function askTogether(reading: Reading, changes: readonly KeyChange[]): Promise<Map<number, Settled>> {
  const now = await readKeys(
    reading,
    changes.map(({ key }) => key),
  );
  const settled = settleTogether(changes, now);
  return new Map(changes.flatMap(({ n }, at) => (settled[at] ? [[n, settled[at]] as const] : [])));
}
