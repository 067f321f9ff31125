import { setImmediate } from "node:timers/promises";
import type { KvEntry, KvSearchPage } from "./contract.ts";
import { checkBudget, checkLimit, decodeCursor, encodeCursor } from "./cursor.ts";
import { type Glob, parseGlob } from "./glob.ts";
import { afterKey, afterPrefix, type KeyInput, startsWith, toKeyBytes } from "./key-bytes.ts";
import type { KvBlock } from "./kv-block.ts";
import { lastEntryIn, toKvEntry } from "./kv-entry.ts";
import type { KvSequence } from "./kv-sequence.ts";

export type SearchQuery = {
  /** Only keys that begin with this. */
  readonly prefix?: KeyInput | undefined;
  /** A glob over the whole key, see `parseGlob`; without one every key below the prefix is found. */
  readonly pattern?: string | undefined;
  readonly limit: number;
  readonly after?: string | undefined;
  /** A page ends after this time, whatever it found; 250 ms by default. At least one block is always looked at. */
  readonly budgetMs?: number | undefined;
};

/** Slices between two looks at the clock; each has up to 256 keys. */
const slicesPerLook = 8;

/**
 * Keys that match, in byte order. A key that stands in state.bin more than once is found once, as its last record.
 *
 * @throws ContentsQueryError; ContentsIndexError
 */
export async function searchKeys(keys: KvSequence, query: SearchQuery): Promise<KvSearchPage> {
  const limit = checkLimit(query.limit);
  const endsAtMs = performance.now() + checkBudget(query.budgetMs, 250);
  const prefix = toKeyBytes(query.prefix ?? "");
  const glob = parseGlob(query.pattern ?? "");
  const question = `search ${prefix.toString("hex")} ${query.pattern ?? ""}`;
  const common = prefix.length > glob.head.length ? prefix : glob.head;
  const after = query.after === undefined ? null : decodeCursor(question, query.after);
  if (!startsWith(common, prefix) || !startsWith(common, glob.head)) {
    return { items: [], next: null, ended: "end", scanned: 0 };
  }
  const from = await keys.locate(after !== null && Buffer.compare(after, common) > 0 ? after : common);
  const end = await keys.locate(afterPrefix(common));
  const page = new Page(glob, limit, end.keysBefore - from.keysBefore);
  let slices = 0;
  for await (const { block, start, end: sliceEnd } of keys.slices(from)) {
    if (page.take(block, start, sliceEnd)) break;
    slices += 1;
    if (slices % slicesPerLook !== 1) continue;
    if (performance.now() >= endsAtMs) {
      await page.settleLast(keys);
      return page.answer(question, "budget");
    }
    // Blocks that are held in memory come without a pause, and others want their turn.
    await setImmediate();
  }
  return page.answer(question, page.isFull ? "limit" : "end");
}

/** Collects matches. The last one stays pending until another key comes, since its next record may replace it. */
class Page {
  private readonly items: KvEntry[] = [];
  private readonly glob: Glob;
  private readonly limit: number;
  private left: number;
  private lastKey: Uint8Array = new Uint8Array();
  private lastMatched = false;
  private scanned = 0;
  isFull = false;

  constructor(glob: Glob, limit: number, left: number) {
    this.glob = glob;
    this.limit = limit;
    this.left = left;
  }

  /** True when the page is complete. */
  take(block: KvBlock, start: number, end: number): boolean {
    for (let index = start; index < end; index += 1) {
      if (this.left <= 0) return true;
      const isSame = this.isLastKey(block, index, start);
      if (!isSame && this.items.length >= this.limit) {
        this.isFull = true;
        this.lastKey = index > start ? block.key(index - 1) : this.lastKey;
        return true;
      }
      this.left -= 1;
      this.scanned += 1;
      if (isSame && this.lastMatched) this.items.pop();
      const [from, to] = [block.ends[index] as number, block.ends[index + 1] as number];
      this.lastMatched = isSame ? this.lastMatched : this.glob.matches(block.keys, from, to);
      if (this.lastMatched) this.items.push(toKvEntry(block.key(index), block.numbers(index)));
    }
    if (end > start) this.lastKey = block.key(end - 1);
    return this.left <= 0;
  }

  /** Whether a key is the one before it once more. Most differ in length or in their last bytes. */
  private isLastKey(block: KvBlock, index: number, start: number): boolean {
    const { keys, ends } = block;
    const [from, to] = [ends[index] as number, ends[index + 1] as number];
    if (index > start) {
      const before = ends[index - 1] as number;
      return to - from === from - before && keys.compare(keys, before, from, from, to) === 0;
    }
    return this.scanned > 0 && keys.compare(this.lastKey, 0, this.lastKey.length, from, to) === 0;
  }

  /** A page that ends in between must not show a record that a later one of the same key replaces. */
  async settleLast(keys: KvSequence): Promise<void> {
    if (!this.lastMatched) return;
    const [from, to] = [await keys.locate(this.lastKey), await keys.locate(afterKey(this.lastKey))];
    if (to.keysBefore - from.keysBefore > 1) this.items.splice(-1, 1, await lastEntryIn(keys, from, to));
  }

  answer(question: string, ended: KvSearchPage["ended"]): KvSearchPage {
    const { items, scanned } = this;
    const reallyEnded = this.left <= 0 ? "end" : ended;
    const isOver = reallyEnded === "end";
    return {
      items,
      next: isOver ? null : encodeCursor(question, afterKey(this.lastKey)),
      ended: reallyEnded,
      scanned,
    };
  }
}
