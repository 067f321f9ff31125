import { AppError } from "#core/kernel/errors.ts";
import type { ByteRange } from "#core/storage/contract.ts";

/**
 * Reads one `Range` of bytes. Several ranges, and units other than bytes, are ignored as the standard allows:
 * the whole archive is the answer then.
 * @returns null for the whole.
 * @throws AppError `range_invalid` when it lies outside.
 */
export function parseRange(header: string | undefined, bytes: number): ByteRange | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? "");
  const [, from = "", to = ""] = match ?? [];
  if (match === null || (from === "" && to === "")) return null;
  const start = from === "" ? Math.max(0, bytes - Number(to)) : Number(from);
  const end = from === "" || to === "" ? bytes - 1 : Math.min(Number(to), bytes - 1);
  if (start > end || start >= bytes) {
    throw new AppError({
      code: "range_invalid",
      userMessage: `The archive has ${bytes} bytes; the range lies outside.`,
    });
  }
  return { start, end };
}
