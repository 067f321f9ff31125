import { crc32 } from "node:zlib";
import { ContentsQueryError } from "./errors.ts";
import { keyBytesMax, pageItemsMax } from "./limits.ts";

// A cursor is where to go on, in bytes, and a checksum of what was asked: one that belongs to another question, or
// was tampered with, is refused instead of answered wrongly. It holds no secret and needs no signature.

/** @param question everything that the answer depends on, but for the page */
export function encodeCursor(question: string, resume: Uint8Array): string {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(checksum(question, resume));
  return Buffer.concat([sum, resume]).toString("base64url");
}

/** @throws ContentsQueryError */
export function decodeCursor(question: string, cursor: string): Buffer {
  const bytes = Buffer.from(cursor, "base64url");
  const resume = bytes.subarray(4);
  const isWhole =
    bytes.length >= 4 && bytes.length <= keyBytesMax + 8 && bytes.toString("base64url") === cursor;
  if (isWhole && bytes.readUInt32BE(0) === checksum(question, resume)) return resume;
  throw new ContentsQueryError("after", "This place in the list belongs to another question.");
}

function checksum(question: string, resume: Uint8Array): number {
  return crc32(resume, crc32(question));
}

/** @throws ContentsQueryError */
export function checkLimit(limit: number): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= pageItemsMax) return limit;
  throw new ContentsQueryError("limit", `A page has 1 to ${pageItemsMax} items.`);
}

/** @throws ContentsQueryError */
export function checkBudget(budgetMs: number | undefined, otherwiseMs: number): number {
  if (budgetMs === undefined) return otherwiseMs;
  if (budgetMs >= 0 && budgetMs <= 60_000) return budgetMs;
  throw new ContentsQueryError("budgetMs", "A search may take 0 to 60,000 ms.");
}
