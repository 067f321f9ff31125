import type { IdentityReport } from "./contract.ts";

/** What a datacenter holds: the snapshot that was restored, what it held before, both alike, or neither. */
export type Verdict = "snapshot" | "safety" | "both" | "neither";

/**
 * Tells which of the two archives a datacenter holds. It has to fit, with a reason for every difference, and to be
 * nearer than the other one: after a restore into an empty datacenter everything in it has a higher index than before,
 * so what was there before fits, too, and is far away.
 * @param safety null where there is no safety snapshot.
 * @param areAlike whether the two archives hold the same; only asked where both fit and are equally near.
 */
export async function verdictOf(
  snapshot: IdentityReport,
  safety: IdentityReport | null,
  areAlike: () => Promise<boolean> = async () => false,
): Promise<Verdict> {
  if (safety === null) return snapshot.matches ? "snapshot" : "neither";
  const [left, right] = [distance(snapshot), distance(safety)];
  if (left < right) return snapshot.matches ? "snapshot" : "neither";
  if (right < left) return safety.matches ? "safety" : "neither";
  if (!snapshot.matches || !safety.matches) return "neither";
  return left === 0 || (await areAlike()) ? "both" : "neither";
}

function distance({ moved, writtenSince, unexplained }: IdentityReport): number {
  return moved + writtenSince + unexplained;
}
