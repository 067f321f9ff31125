import { isUtf8 } from "node:buffer";
import type { KeyName } from "./contract.ts";
import { ContentsQueryError } from "./errors.ts";
import { keyBytesMax } from "./limits.ts";

/** How a key is given: a string stands for its UTF-8. */
export type KeyInput = string | Uint8Array;

export function toKeyBytes(key: KeyInput): Buffer {
  const bytes = typeof key === "string" ? Buffer.from(key, "utf8") : Buffer.from(key);
  if (bytes.length <= keyBytesMax) return bytes;
  throw new ContentsQueryError("key", `A key has at most ${keyBytesMax} bytes.`);
}

/** The bytes that a `keyId` stands for. @throws ContentsQueryError when it is none */
export function keyBytesOfId(keyId: string): Buffer {
  const bytes = Buffer.from(keyId, "base64url");
  if (bytes.length <= keyBytesMax && bytes.toString("base64url") === keyId) return bytes;
  throw new ContentsQueryError("key", "This is not the id of a key.");
}

export function toKeyName(key: Uint8Array): KeyName {
  const bytes = Buffer.from(key.buffer, key.byteOffset, key.byteLength);
  return { keyId: bytes.toString("base64url"), text: bytes.toString("utf8"), isUtf8: isUtf8(bytes) };
}

/** The first bytes after `key`: nothing fits between. */
export function afterKey(key: Uint8Array): Buffer {
  return Buffer.concat([key, Buffer.alloc(1)]);
}

/** The first bytes after everything that begins with `prefix`; null when nothing comes after it. */
export function afterPrefix(prefix: Uint8Array): Buffer | null {
  let last = prefix.length - 1;
  while (last >= 0 && prefix[last] === 0xff) last -= 1;
  if (last < 0) return null;
  const after = Buffer.from(prefix.subarray(0, last + 1));
  after[last] = (prefix[last] ?? 0) + 1;
  return after;
}

export function startsWith(key: Uint8Array, prefix: Uint8Array): boolean {
  if (key.length < prefix.length) return false;
  // Keys below one prefix mostly differ at its end.
  for (let i = prefix.length - 1; i >= 0; i -= 1) if (key[i] !== prefix[i]) return false;
  return true;
}
