import type { Clock } from "#core/kernel/clock.ts";
import { AppError } from "#core/kernel/errors.ts";
import { type PreflightLine, preflightValidMs, type WithoutSafety } from "./contract.ts";
import type { RestoreStore } from "./store.ts";

type Place = { clusterId: string | null; datacenter: string };

/**
 * Whether a restore into a place may go on without a safety snapshot: only where something has shown that none can be
 * taken. What shows it is the preflight, which had to read the live state, or a safety snapshot that failed just now.
 * @param lines those of the preflight; empty for the way back, which has none.
 */
export async function mayGoWithout(
  { store, clock }: { store: RestoreStore; clock: Clock },
  place: Place,
  lines: readonly PreflightLine[],
): Promise<WithoutSafety> {
  const seen = lines.find(({ name, result }) => (name === "impact" || name === "room") && result !== "pass");
  if (seen !== undefined) return { allowed: true, why: `${seen.title}.` };
  const failed = await store.safetyFailedSince(place, new Date(clock.nowMs() - preflightValidMs));
  if (failed !== null) return { allowed: true, why: `The safety snapshot of ${failed} failed.` };
  return {
    allowed: false,
    why: `${place.datacenter} can give one. It is left out only after one has failed.`,
  };
}

/** @throws AppError `invalid_input` where somebody wants to go without for no reason that Snapkeep has seen. */
export function assertMayGoWithout(reason: string | undefined, { allowed, why }: WithoutSafety): void {
  if (reason === undefined || allowed) return;
  const userMessage = `A safety snapshot has to be taken: ${why}`;
  throw new AppError({ code: "invalid_input", field: "withoutSafetyReason", userMessage });
}
