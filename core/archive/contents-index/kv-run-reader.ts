import type { BlockCache } from "./block-cache.ts";
import { type IndexSource, readBlock } from "./blocks.ts";
import { damaged } from "./errors.ts";
import { decodeKvBlock, type KvBlock } from "./kv-block.ts";
import type { RunDirectory } from "./tail-reader.ts";

/** A place between two keys of a run. At its very end, `block` is the number of blocks. */
export type RunPlace = {
  readonly block: number;
  readonly index: number;
  readonly keysBefore: number;
  readonly valueBytesBefore: number;
};

export type KvRunReader = {
  /** The first place whose key is not before `key`; null stands for the end. */
  readonly locate: (key: Uint8Array | null) => Promise<RunPlace>;
  /** Block number `block`; undefined beyond the last. */
  readonly block: (block: number) => Promise<KvBlock | undefined>;
};

/** @param cache shared by all runs: blocks are known by their position in the index */
export function createKvRunReader(
  source: IndexSource,
  run: RunDirectory,
  cache: BlockCache<KvBlock>,
): KvRunReader {
  const blocks = run.places.length;
  const load = async (number: number): Promise<KvBlock | undefined> => {
    const place = run.places[number];
    if (place === undefined) return undefined;
    const held = cache.get(place.position);
    if (held !== undefined) return held;
    const block = decodeKvBlock(await readBlock(source, place));
    if (block.count !== sizeAt(run.keysBefore, number))
      throw damaged("a block has other keys than announced");
    if (block.valueBytesBefore(block.count) !== sizeAt(run.valueBytesBefore, number)) {
      throw damaged("the values of a block have other lengths than announced");
    }
    cache.set(place.position, block, block.weightBytes);
    return block;
  };
  const placeAt = (block: number, index: number, valueBytes: number): RunPlace => ({
    block,
    index,
    keysBefore: (run.keysBefore[block] ?? 0) + index,
    valueBytesBefore: (run.valueBytesBefore[block] ?? 0) + valueBytes,
  });
  const locate = async (key: Uint8Array | null): Promise<RunPlace> => {
    if (key === null || blocks === 0) return placeAt(blocks, 0, 0);
    const number = lastBlockBefore(run, key);
    const block = await load(number);
    const index = block?.rank(key) ?? 0;
    // Past the last key of a block is before the first of the next.
    if (block === undefined || index === block.count) return placeAt(number + 1, 0, 0);
    return placeAt(number, index, block.valueBytesBefore(index));
  };
  return { locate, block: load };
}

/** The last block whose separator is before `key`, or the first: the only one where the key's place can begin. */
function lastBlockBefore(run: RunDirectory, key: Uint8Array): number {
  let low = 0;
  let high = run.places.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    const start = run.separatorEnds[middle] ?? 0;
    const end = run.separatorEnds[middle + 1] ?? 0;
    if (run.separators.compare(key, 0, key.length, start, end) < 0) low = middle;
    else high = middle - 1;
  }
  return low;
}

function sizeAt(before: readonly number[], index: number): number {
  return (before[index + 1] ?? 0) - (before[index] ?? 0);
}
