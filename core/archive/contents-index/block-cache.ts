/** Decoded blocks, the least recently used thrown out first, bounded by what they take in memory. */
export type BlockCache<Block> = {
  readonly get: (position: number) => Block | undefined;
  readonly set: (position: number, block: Block, weightBytes: number) => void;
};

export function createBlockCache<Block>(bytesMax: number): BlockCache<Block> {
  const held = new Map<number, { block: Block; weightBytes: number }>();
  let bytes = 0;
  return {
    get: (position) => {
      const found = held.get(position);
      if (found === undefined) return undefined;
      // A Map keeps the order of insertion: what is put in again is the newest.
      held.delete(position);
      held.set(position, found);
      return found.block;
    },
    set: (position, block, weightBytes) => {
      bytes += weightBytes - (held.get(position)?.weightBytes ?? 0);
      held.delete(position);
      held.set(position, { block, weightBytes });
      for (const [oldest, { weightBytes: freed }] of held) {
        // The newest stays even when it alone is too much: it is in use.
        if (bytes <= bytesMax || oldest === position) return;
        held.delete(oldest);
        bytes -= freed;
      }
    },
  };
}
