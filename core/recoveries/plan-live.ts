import { plannedBytesMax, transactionOpsMax } from "./contract.ts";
import type { Appender } from "./files.ts";
import { isClearInLists, isTransactionKey, toListPath } from "./keys.ts";
import { type LiveKey, parseKey } from "./kv-json.ts";
import { digestOf, tooMuch, type Wanted, type WantedKey } from "./plan-archive.ts";
import type { StoredValue } from "./plan-item.ts";
import { type Reading, readKeys } from "./read-keys.ts";
import { type Choice, keyOfName, nameOfKey } from "./selection.ts";

/** What a wanted key is in the datacenter now. */
export type LiveMatch = {
  index: number;
  bytes: number;
  parts: string[];
  /** Null where nothing differs. */
  before: StoredValue | null;
};
export type LiveKeys = {
  matches: Map<string, LiveMatch>;
  /** Keys that the token may not read: nothing can be planned for them. */
  hidden: Set<string>;
  /** Keys under the chosen prefixes that the snapshot hasn't. */
  liveOnly: number;
  locked: number;
};

const listing = {
  itemBytesMax: 64 * 1024 * 1024,
  // A leader that lists a million keys thinks for a while before its first byte.
  firstByteTimeoutMs: 120_000,
  idleTimeoutMs: 60_000,
};

/**
 * Looks at the chosen keys as they are now: prefixes as lists, which are read as they come, the rest one by one. The
 * values before go into the plan's file where a value would change.
 */
export async function readLive(
  reading: Reading,
  choice: Choice,
  wanted: Wanted,
  plan: Appender,
): Promise<LiveKeys> {
  const found: LiveKeys = { matches: new Map(), hidden: new Set(), liveOnly: 0, locked: 0 };
  let plannedBytes = 0;
  const take = (name: string, want: WantedKey, live: LiveKey): void => {
    const parts: string[] = [];
    if (live.value.length !== want.bytes || digestOf(live.value) !== want.digest) parts.push("value");
    if (live.flags !== want.value.flags) parts.push("flags");
    if (live.session !== "" && parts.length > 0) found.locked += 1;
    plannedBytes += parts.length > 0 ? live.value.length : 0;
    if (plannedBytes > plannedBytesMax) throw tooMuch();
    const before = parts.length === 0 ? null : { at: plan.add(live.value), flags: live.flags };
    found.matches.set(name, { index: live.index, bytes: live.value.length, parts, before });
  };

  for (const prefix of choice.prefixes) {
    for await (const { name, live } of list(reading, prefix)) {
      const want = wanted.keys.get(name);
      if (want === undefined) found.liveOnly += 1;
      else take(name, want, live);
      if (plan.isFull()) await plan.flush();
    }
  }
  const single = [...wanted.keys.keys()].filter((name) => choice.keys.has(name) || !isListed(name));
  for (let from = 0; from < single.length; from += transactionOpsMax) {
    const names = single.slice(from, from + transactionOpsMax);
    const answers = await readKeys(reading, names.map(keyOfName));
    for (const [at, name] of names.entries()) {
      const live = answers[at] ?? "hidden";
      const want = wanted.keys.get(name);
      if (live === "hidden") found.hidden.add(name);
      else if (live !== "absent" && want !== undefined) take(name, want, live);
    }
    await plan.flush();
  }
  return found;
}

function isListed(name: string): boolean {
  const key = keyOfName(name);
  return isTransactionKey(key) && isClearInLists(key.toString("utf8"));
}

async function* list({ client, datacenter, token, signal }: Reading, prefix: string) {
  const path = `${toListPath(keyOfName(prefix))}?recurse=&dc=${encodeURIComponent(datacenter)}&consistent=`;
  for await (const text of client.getItems(path, { token, signal, ...listing })) {
    const { key, live } = parseKey(text);
    const name = nameOfKey(Buffer.from(key));
    if (isClearInLists(key) && name.startsWith(prefix)) yield { name, live };
  }
}
