import { createHmac, randomBytes } from "node:crypto";
import type { Seal } from "#core/archive/redaction/index.ts";

/**
 * The fingerprints of this run: equal secrets are seen as equal, in both archives of a comparison, and under a key
 * that nobody has afterwards a fingerprint can't be tried against guesses.
 */
export function createRunSeal(): Seal {
  const key = randomBytes(32);
  return (bytes) => createHmac("sha256", key).update(bytes).digest("hex").slice(0, 12);
}
