// What the writer keeps to and the reader insists on, so that no forged length makes the reader allocate much.

const KiB = 1024;
const MiB = 1024 * KiB;

/** Keys in a block: one costs some 60 µs to fetch and decode, and every rank needs at most two. */
export const blockKeysMax = 256;
/** A block also ends once its keys, written out in full, have this many bytes. */
export const blockKeyBytesFull = 128 * KiB;
/** A longer key is refused; Consul's own limit for a whole request is half a megabyte. */
export const keyBytesMax = 4 * MiB;
/** Other records: a block ends at this many characters or this many records. */
export const recordBlockCharsFull = 64 * KiB;
export const recordBlockRecordsMax = 512;
/** A string or byte field beyond this is replaced by a marker that gives its length. */
export const fieldBytesMax = 64 * KiB;
/** The same for a whole record: its large fields are cut until it fits. */
export const recordCharsMax = MiB;
/** Objects and lists nested deeper than this are cut. */
export const depthMax = 64;
/** Bytes of one block before compression. */
export const blockRawBytesMax = 2 * (keyBytesMax + blockKeyBytesFull) + MiB;
/** Facts and directory before compression; a million keys take a quarter of a megabyte. */
export const tailRawBytesMax = 256 * MiB;
/** First keys of all blocks, written out in full. */
export const separatorBytesMax = 256 * MiB;
/** Keys out of order are collected up to this much memory, then sorted and written as a run of their own. */
export const lateBytesFull = 32 * MiB;
/** More items than this are never put on one page. */
export const pageItemsMax = 1000;
