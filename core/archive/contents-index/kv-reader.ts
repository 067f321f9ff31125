import { createBlockCache } from "./block-cache.ts";
import type { IndexSource } from "./blocks.ts";
import type { KvChildrenPage, KvEntry, KvScanEntry, KvSearchPage, KvTotals } from "./contract.ts";
import { afterKey, afterPrefix, type KeyInput, toKeyBytes } from "./key-bytes.ts";
import type { KvBlock } from "./kv-block.ts";
import { type ChildrenQuery, listChildren } from "./kv-children.ts";
import { entriesIn, lastEntryIn } from "./kv-entry.ts";
import { createKvRunReader } from "./kv-run-reader.ts";
import { type SearchQuery, searchKeys } from "./kv-search.ts";
import { createKvSequence } from "./kv-sequence.ts";
import { pageItemsMax } from "./limits.ts";
import type { RunDirectory } from "./tail-reader.ts";

/**
 * The keys of an archive, in byte order. A `KeyInput` is text (its UTF-8) or bytes (`keyBytesOfId` of a key's id).
 * Every method may raise ContentsIndexError, ContentsQueryError and whatever the source's `read` throws.
 */
export type KvReader = {
  /** What is directly below a prefix: keys, and folders with their totals. See `listChildren`. */
  readonly children: (prefix: KeyInput, query: ChildrenQuery) => Promise<KvChildrenPage>;
  /** Exact totals of all keys that begin with a prefix, from two blocks at most. "" stands for all. */
  readonly stats: (prefix: KeyInput) => Promise<KvTotals>;
  /** Null when there is no such key; its last record when there is more than one. */
  readonly find: (key: KeyInput) => Promise<KvEntry | null>;
  /**
   * Every record of a key in the order of state.bin, up to 1,000: one for each partition and namespace in an
   * Enterprise snapshot, and more only in what no Consul server wrote. [] when there is no such key.
   */
  readonly findAll: (key: KeyInput) => Promise<readonly KvEntry[]>;
  readonly search: (query: SearchQuery) => Promise<KvSearchPage>;
  /**
   * Every record from the first key that is not before `from`, in byte order, in lists of up to 256: a million
   * keys one by one would cost a million turns. The same key twice where it stands in state.bin twice. The bytes
   * of the keys are views into the cache: don't write to them.
   */
  readonly scan: (from?: KeyInput) => AsyncGenerator<readonly KvScanEntry[], void, undefined>;
};

export function createKvReader(
  source: IndexSource,
  directories: readonly RunDirectory[],
  cacheBytes: number,
): KvReader {
  const cache = createBlockCache<KvBlock>(cacheBytes);
  const keys = createKvSequence(directories.map((run) => createKvRunReader(source, run, cache)));
  const between = async (from: Uint8Array, to: Uint8Array | null) => {
    const [start, end] = [await keys.locate(from), await keys.locate(to)];
    return { start, end, count: end.keysBefore - start.keysBefore };
  };
  return {
    children: (prefix, query) => listChildren(keys, (from, to) => lastEntryIn(keys, from, to), prefix, query),
    stats: async (prefixInput) => {
      const prefix = toKeyBytes(prefixInput);
      const { start, end, count } = await between(prefix, afterPrefix(prefix));
      return { keys: count, valueBytes: end.valueBytesBefore - start.valueBytesBefore };
    },
    find: async (keyInput) => {
      const key = toKeyBytes(keyInput);
      const { start, end, count } = await between(key, afterKey(key));
      return count > 0 ? lastEntryIn(keys, start, end) : null;
    },
    findAll: async (keyInput) => {
      const key = toKeyBytes(keyInput);
      const { start, end, count } = await between(key, afterKey(key));
      return count > 0 ? entriesIn(keys, start, end, pageItemsMax) : [];
    },
    search: (query) => searchKeys(keys, query),
    scan: async function* (from = "") {
      for await (const { block, start, end } of keys.slices(await keys.locate(toKeyBytes(from)))) {
        const entries: KvScanEntry[] = [];
        for (let i = start; i < end; i += 1) entries.push({ key: block.key(i), ...block.numbers(i) });
        yield entries;
      }
    },
  };
}
