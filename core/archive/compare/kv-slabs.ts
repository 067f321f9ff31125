/**
 * Memory for KV records that wait: large values would else cost a buffer each, which is freed late. A slab is used
 * anew when all that was kept in it has been released.
 */
export type KvSlab = {
  readonly buffer: Buffer;
  used: number;
  /** Entries that still need it. */
  live: number;
  /** Where it goes when nobody does; null for the slab that is being filled. */
  free: KvSlab[] | null;
};

const slabBytesMin = 256 * 1024;
const freeSlabsMax = 8;
const freeSlabBytesMax = 1024 * 1024;

export type Slabs = {
  /** A slab with so many bytes after those that are used. It stays as it is until the next call. */
  readonly withRoom: (bytes: number) => KvSlab;
};

export function createSlabs(): Slabs {
  const free: KvSlab[] = [];
  let current = createSlab(slabBytesMin);
  return {
    withRoom: (bytes) => {
      if (current.used + bytes > current.buffer.length) {
        const full = current;
        current = takeFree(free, bytes) ?? createSlab(bytes);
        full.free = free;
        giveBack(full);
      }
      return current;
    },
  };
}

/** To be called for each entry, and again by whoever wants it to outlive its release. */
export function retain(slab: KvSlab): void {
  slab.live += 1;
}

/** What was kept may still be read until something else is kept. */
export function release(slab: KvSlab): void {
  slab.live -= 1;
  giveBack(slab);
}

function createSlab(bytes: number): KvSlab {
  const length = Math.max(slabBytesMin, 2 ** Math.ceil(Math.log2(bytes)));
  return { buffer: Buffer.allocUnsafeSlow(length), used: 0, live: 0, free: null };
}

function takeFree(free: KvSlab[], bytes: number): KvSlab | undefined {
  const at = free.findIndex(({ buffer }) => buffer.length >= bytes);
  const [slab] = at < 0 ? [] : free.splice(at, 1);
  if (slab !== undefined) {
    slab.used = 0;
    slab.free = null;
  }
  return slab;
}

function giveBack(slab: KvSlab): void {
  const { free } = slab;
  if (slab.live === 0 && free !== null) {
    slab.free = null;
    if (free.length < freeSlabsMax && slab.buffer.length <= freeSlabBytesMax) {
      free.push(slab);
    }
  }
}
