import { cleanText } from "#core/consul/index.ts";
import { toAppError } from "#core/kernel/errors.ts";
import type { ValueReader } from "./files.ts";
import type { PlanItem } from "./plan-item.ts";
import { parseStoredRecord, type StoredRecord } from "./plan-records.ts";
import type { Reading } from "./read-keys.ts";
import { differingFields, endpointOf, type LiveRecord, type Said } from "./records/index.ts";
import type { ItemResult } from "./results.ts";
import { movedSinceText, movedText, unknownIndexText } from "./run.ts";

/**
 * Writes a record through its endpoint, if it still stands as it did when the plan was made. These endpoints know no
 * transaction, and all but config entries no check-and-set: a write of somebody else in the moment between the look and
 * ours is lost.
 */
export async function putRecord(reading: Reading, item: PlanItem, values: ValueReader): Promise<ItemResult> {
  if (item.kind === "kv" || item.want === null) throw new Error("Not a record to write.");
  const wanted = parseStoredRecord(await values.read(item.want.at));
  const endpoint = endpointOf(item.kind);
  return guarded(async () => {
    const live = await endpoint.find(reading, wanted.body, wanted.ref);
    if ((live?.index ?? 0) !== item.index) return { result: "conflict", index: 0, text: movedText };
    const said = await endpoint.put(reading, wanted.body, live).catch(toSaid);
    if (said.status === 200 && said.text.trim() === "false")
      return { result: "conflict", index: 0, text: movedText };
    const now = await endpoint.find(reading, wanted.body, idIn(said) ?? wanted.ref).catch(() => null);
    const isThere = isInPlace(now, wanted, item.index);
    if (said.status !== 200 && !isThere) return refusedOr(said, "unknown");
    const isNew = live === null && endpoint.newIdText !== "" && now !== null && now.ref !== wanted.ref;
    // Without an answer the one in place may be somebody else's, which no way back may take.
    const isOurs = isThere && said.status === 200;
    const newId = isNew ? `Consul gave it a new ID, ${now.ref}. ${endpoint.newIdText}` : "";
    // What is not ours any more a moment later has no way back.
    const text = isOurs ? newId : [newId, unknownIndexText].filter((one) => one !== "").join(" ");
    return { result: "applied", index: isOurs ? (now?.index ?? 0) : 0, text, ref: now?.ref ?? wanted.ref };
  });
}

/** The way back: what was made goes, what was changed gets its former content. */
export async function undoRecord(
  reading: Reading,
  item: PlanItem,
  applied: ItemResult,
  values: ValueReader,
): Promise<ItemResult> {
  if (item.kind === "kv" || item.want === null) throw new Error("Not a record to take back.");
  const endpoint = endpointOf(item.kind);
  const wanted = parseStoredRecord(await values.read(item.want.at));
  const before = item.before === null ? null : parseStoredRecord(await values.read(item.before.at));
  const found = await guarded(async () => {
    const live = await endpoint.find(reading, wanted.body, applied.ref ?? wanted.ref);
    if (live === null && before === null) return { result: "undone", index: 0, text: "" };
    if (live === null || live.index !== applied.index)
      return { result: "undo_conflict", index: 0, text: movedSinceText };
    const work = before === null ? endpoint.remove(reading, live) : endpoint.put(reading, before.body, live);
    const said = await work.catch(toSaid);
    if (said.status === 200 && said.text.trim() === "false")
      return { result: "undo_conflict", index: 0, text: movedSinceText };
    if (said.status === 200) return { result: "undone", index: 0, text: "" };
    return refusedOr(said, "unknown");
  });
  // What Consul refused to take back is still in place, and may be tried again.
  return found.result === "refused" ? { ...applied, text: found.text } : found;
}

/** What a restart can tell of a write whose answer nobody heard. Null: nothing was written. */
export async function settleRecord(
  reading: Reading,
  item: PlanItem,
  values: ValueReader,
): Promise<ItemResult | null> {
  if (item.kind === "kv" || item.want === null) return null;
  const wanted = parseStoredRecord(await values.read(item.want.at));
  const now = await endpointOf(item.kind).find(reading, wanted.body, wanted.ref);
  if (isInPlace(now, wanted, item.index))
    return { result: "applied", index: 0, text: unknownIndexText, ref: now?.ref ?? wanted.ref };
  if ((now?.index ?? 0) === item.index) return null;
  return { result: "conflict", index: 0, text: movedText };
}

function isInPlace(now: LiveRecord | null, wanted: StoredRecord, indexBefore: number): boolean {
  return now !== null && now.index !== indexBefore && differingFields(now.body, wanted.body).length === 0;
}

function idIn(said: Said): string | null {
  return said.status === 200 ? (/"ID":\s*"([^"]+)"/.exec(said.text)?.[1] ?? null) : null;
}

const toSaid = (error: unknown): Said => ({ status: 0, text: toAppError(error).userMessage });

/** Consul answers 500 to what it finds wrong, too; without any answer nobody knows. */
function refusedOr(said: Said, otherwise: "unknown"): ItemResult {
  const text = cleanText(said.text) || `Consul answered ${said.status} without a text`;
  return { result: said.status === 0 ? otherwise : "refused", index: 0, text };
}

/** Consul refuses to show it, or can't be reached: nothing was written. */
async function guarded(work: () => Promise<ItemResult>): Promise<ItemResult> {
  try {
    return await work();
  } catch (error) {
    return { result: "refused", index: 0, text: toAppError(error).userMessage };
  }
}
