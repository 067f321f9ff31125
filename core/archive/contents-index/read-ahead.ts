import { type IndexSource, readExactly } from "./blocks.ts";

/** What one read fetches at least: some sixteen blocks, for hardly more than the time of one. */
const windowBytes = 64 * 1024;
/** Two questions at a time, or a few runs, must not push each other out. */
const windowsMax = 4;

/**
 * The same source with fewer reads: those who page through folders or search go forward, and the next block is
 * mostly in the bytes that came with the last one.
 */
export function createReadAhead(source: IndexSource): IndexSource {
  const windows: { readonly start: number; readonly bytes: Uint8Array }[] = [];
  return {
    bytes: source.bytes,
    read: async (offset, length) => {
      const held = windows.find(
        ({ start, bytes }) => offset >= start && offset + length <= start + bytes.length,
      );
      if (held !== undefined) return held.bytes.subarray(offset - held.start, offset - held.start + length);
      const wanted = Math.max(length, Math.min(windowBytes, source.bytes - offset));
      const bytes = await readExactly(source, offset, wanted);
      if (wanted <= windowBytes && windows.unshift({ start: offset, bytes }) > windowsMax) windows.pop();
      return bytes.subarray(0, length);
    },
  };
}
