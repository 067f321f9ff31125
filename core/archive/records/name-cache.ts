/** Longer names are not written in the one-byte form. */
const nameBytesMax = 31;
const slots = 2048;

type Slot = { readonly bytes: Uint8Array; readonly text: string };

const cache: (Slot | undefined)[] = new Array(slots);

/**
 * The text of a field's name in ASCII, or null where it is something else. The same few hundred names come again
 * and again: finding the string that exists is several times faster than making one. A slot goes to the last name
 * that asked for it, so this stays small whatever comes.
 */
export function cachedName(bytes: Buffer, from: number, length: number): string | null {
  if (length === 0 || length > nameBytesMax) {
    return null;
  }
  const middle = bytes[from + (length >> 1)] ?? 0;
  const last = bytes[from + length - 1] ?? 0;
  const slot = (length * 31 + (bytes[from] ?? 0) * 7 + middle * 113 + last * 577) & (slots - 1);
  const known = cache[slot];
  if (known !== undefined && isSame(bytes, from, length, known.bytes)) {
    return known.text;
  }
  for (let at = from; at < from + length; at++) {
    if ((bytes[at] ?? 0) >= 0x80) {
      return null;
    }
  }
  const text = bytes.toString("latin1", from, from + length);
  cache[slot] = { bytes: Uint8Array.from(bytes.subarray(from, from + length)), text };
  return text;
}

function isSame(bytes: Buffer, from: number, length: number, known: Uint8Array): boolean {
  if (known.length !== length) {
    return false;
  }
  for (let at = 0; at < length; at++) {
    if (bytes[from + at] !== known[at]) {
      return false;
    }
  }
  return true;
}
