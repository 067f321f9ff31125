import { randomBytes } from "node:crypto";
import type { Seal } from "#core/archive/redaction/index.ts";
import { createSeal } from "#core/archive/thread/index.ts";

/**
 * The fingerprints of this run: equal secrets are seen as equal, in both archives of a comparison, and under a key
 * that nobody has afterwards a fingerprint can't be tried against guesses.
 */
export function createRunSeal(): Seal {
  return createSeal(randomBytes(32).toString("hex"));
}
