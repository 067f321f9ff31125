import { createCipheriv, createHash } from "node:crypto";

/** Bytes that look random and don't compress, the same for the same seed, at the speed of AES. */
export function seedBytes(seed: string, length: number): Buffer {
  const digest = createHash("sha256").update(seed).digest();
  const cipher = createCipheriv("aes-128-ctr", digest.subarray(0, 16), digest.subarray(16, 32));
  return cipher.update(Buffer.alloc(length));
}
