import type { ValueReader } from "./files.ts";
import type { KeyState, LiveKey } from "./kv-json.ts";
import type { PlanItem, StoredValue } from "./plan-item.ts";
import type { KeyReading } from "./read-keys.ts";
import type { ItemResult } from "./results.ts";

/** One check-and-set: only if the key still stands at `index` (0: isn't there) it becomes `to` (null: goes). */
export type KeyChange = { n: number; key: Buffer; index: number; to: KeyState | null };

/**
 * What a key tells of a change whose answer nobody heard. `done`: it is in place. `untouched`: the key stands as it did
 * before. `moved`: somebody else's write came between, or after.
 */
export type Settled =
  /** `index` 0: in place, and whose write it was is not known. */
  { kind: "done"; index: number } | { kind: "untouched" | "moved" | "hidden" };

const keyOf = (item: PlanItem): Buffer => Buffer.from(item.id, "base64url");

async function read(values: ValueReader, stored: StoredValue): Promise<KeyState> {
  return { value: await values.read(stored.at), flags: stored.flags };
}

/** Null for what needs no change. */
export async function toApplyChange(item: PlanItem, values: ValueReader): Promise<KeyChange | null> {
  if (item.want === null) return null;
  return { n: item.n, key: keyOf(item), index: item.index, to: await read(values, item.want) };
}

/** Back to what it was, if it still stands as our write left it. */
export async function toUndoChange(
  item: PlanItem,
  applied: ItemResult,
  values: ValueReader,
): Promise<KeyChange> {
  const to = item.before === null ? null : await read(values, item.before);
  return { n: item.n, key: keyOf(item), index: applied.index, to };
}

export function settle(change: KeyChange, now: KeyReading): Settled {
  if (now === "hidden") return { kind: "hidden" };
  if (now === "absent") {
    if (change.to === null) return { kind: "done", index: 0 };
    return { kind: change.index === 0 ? "untouched" : "moved" };
  }
  if (now.index === change.index) return { kind: "untouched" };
  return change.to !== null && isSame(now, change.to)
    ? { kind: "done", index: now.index }
    : { kind: "moved" };
}

/**
 * Settles the changes of one transaction whose answer nobody heard. Consul gives all writes of a transaction one index:
 * where two keys or more, and all that can be read, stand as wanted at the same one, it was ours. Otherwise equal bytes
 * may be somebody else's, who must not lose them to a way back, so that no index is told.
 */
export function settleTogether(changes: readonly KeyChange[], now: readonly KeyReading[]): Settled[] {
  const all = changes.map((change, at) => settle(change, now[at] ?? "hidden"));
  const readable = all.filter((found, at) => found.kind !== "hidden" && changes[at]?.to !== null);
  const indexes = new Set(readable.map((found) => (found.kind === "done" ? found.index : null)));
  const isOurs = readable.length > 1 && indexes.size === 1;
  return all.map((found) => (found.kind === "done" && !isOurs ? { kind: "done", index: 0 } : found));
}

function isSame(now: LiveKey, wanted: KeyState): boolean {
  return now.flags === wanted.flags && now.value.equals(wanted.value);
}
