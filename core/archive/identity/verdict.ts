import type { IdentityReport } from "./contract.ts";

/** What a datacenter holds: the snapshot that was restored, what it held before, both alike, or neither. */
export type Verdict = "snapshot" | "safety" | "both" | "neither";

/**
 * Tells which of the two archives a datacenter holds. Where both fit, the one that needs fewer excuses: after a restore
 * into an empty datacenter, everything in it looks like something written since.
 * @param safety null where there is no safety snapshot.
 */
export function verdictOf(snapshot: IdentityReport, safety: IdentityReport | null): Verdict {
  const fitsSafety = safety?.matches === true;
  if (snapshot.matches && safety !== null && fitsSafety) {
    const [left, right] = [excuses(snapshot), excuses(safety)];
    if (left === right) return "both";
    return left < right ? "snapshot" : "safety";
  }
  if (snapshot.matches) return "snapshot";
  return fitsSafety ? "safety" : "neither";
}

function excuses(report: IdentityReport): number {
  return report.moved + report.writtenSince;
}
