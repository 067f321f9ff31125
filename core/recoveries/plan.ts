import { toKeyName } from "#core/archive/contents-index/index.ts";
import { credentialRule } from "#core/archive/redaction/index.ts";
import { isAppError } from "#core/kernel/errors.ts";
import type { InsideArchive } from "#core/snapshots/index.ts";
import { kindsWithoutCas, type Selection } from "./contract.ts";
import type { Appender, RecoveryFiles } from "./files.ts";
import { isPathKey, isTransactionKey, transactionValueBytesMax } from "./keys.ts";
import { readWanted, type Wanted } from "./plan-archive.ts";
import type { PlanItem } from "./plan-item.ts";
import { type LiveKeys, readLive } from "./plan-live.ts";
import { type PlanNotes, toNotes } from "./plan-notes.ts";
import { planRecords } from "./plan-records.ts";
import type { Reading } from "./read-keys.ts";
import { type Choice, keyOfName, toChoice } from "./selection.ts";

export type Planned = { create: number; update: number; unchanged: number; notes: string[] };
type PlanDeps = { files: RecoveryFiles; id: string; archive: InsideArchive; reading: Reading };

/**
 * Compares what was chosen with the datacenter, and puts the plan down: items in the order of applying, values in a file
 * of their own. Nothing is written to Consul.
 * @throws AppError with the reason; then there is no plan.
 */
export async function makePlan(deps: PlanDeps, selections: readonly Selection[]): Promise<Planned> {
  const { files, id, archive, reading } = deps;
  const choice = toChoice(selections);
  const plan = await files.append(id, "plan");
  const items = await files.append(id, "items");
  try {
    const wanted = await readWanted(archive, choice, plan, reading.signal);
    const live = await readLive(reading, choice, wanted, plan);
    const planned = await writeItems({ choice, wanted, live, reading, plan, items });
    await plan.close();
    await items.close();
    return planned;
  } catch (error) {
    await plan.abandon();
    await items.abandon();
    throw isAppError(reading.signal.reason) ? reading.signal.reason : error;
  }
}

type Found = {
  choice: Choice;
  wanted: Wanted;
  live: LiveKeys;
  reading: Reading;
  plan: Appender;
  items: Appender;
};

async function writeItems(found: Found): Promise<Planned> {
  const { choice, wanted, live, reading, plan, items } = found;
  const planned = { create: 0, update: 0, unchanged: 0 };
  const notes: PlanNotes = {
    locked: wanted.locked,
    lockedLive: live.locked,
    liveOnly: live.liveOnly,
    elsewhere: wanted.elsewhere,
    hidden: live.hidden.size,
    unreachable: 0,
    missing: [...choice.keys].filter((name) => !wanted.keys.has(name)).length,
    emptyPrefixes: choice.prefixes.filter((prefix) => !hasKeyBelow(wanted, prefix)).length,
    withoutCas: 0,
    records: [],
  };
  let n = 0;
  const add = (item: Omit<PlanItem, "n">) => {
    items.addLine({ n, ...item });
    planned[item.action] += 1;
    n += 1;
  };
  for (const name of [...wanted.keys.keys()].sort(byBytes)) {
    if (live.hidden.has(name)) continue;
    const item = toKeyItem(name, wanted, live);
    if (item === null) notes.unreachable += 1;
    else add(item);
    if (items.isFull()) await items.flush();
  }
  const records = await planRecords(reading, choice, wanted, plan);
  for (const item of records.items) {
    add(item);
    if (item.want !== null && kindsWithoutCas.some((kind) => kind === item.kind)) notes.withoutCas += 1;
  }
  notes.records = records.notes;
  return { ...planned, notes: toNotes(notes) };
}

/** Null for a key that neither of Consul's ways can carry. */
function toKeyItem(name: string, wanted: Wanted, live: LiveKeys): Omit<PlanItem, "n"> | null {
  const want = wanted.keys.get(name);
  const key = keyOfName(name);
  if (want === undefined) return null;
  const fits = isTransactionKey(key) && want.bytes <= transactionValueBytesMax;
  if (!fits && !isPathKey(key)) return null;
  const match = live.matches.get(name);
  const { keyId, text } = toKeyName(key);
  const common = { kind: "kv" as const, id: keyId, label: text, closed: credentialRule(text) };
  const snapshotBytes = want.bytes;
  if (match === undefined) {
    const none = { index: 0, liveBytes: null, parts: [], before: null };
    return { ...common, action: "create", snapshotBytes, want: want.value, ...none };
  }
  const { index, bytes: liveBytes, parts, before } = match;
  const action = before === null ? "unchanged" : "update";
  return { ...common, action, index, liveBytes, snapshotBytes, parts, want: before && want.value, before };
}

const byBytes = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function hasKeyBelow(wanted: Wanted, prefix: string): boolean {
  for (const name of wanted.keys.keys()) if (name.startsWith(prefix)) return true;
  return false;
}
