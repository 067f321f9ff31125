import { createHmac } from "node:crypto";
import type { Seal } from "../redaction/index.ts";

const fingerprintChars = 12;

/** Makes the fingerprints that stand for secrets: equal ones are seen as equal, and only under the same key. */
export function createSeal(key: string): Seal {
  return (bytes) => createHmac("sha256", key).update(bytes).digest("hex").slice(0, fingerprintChars);
}
