import type { Clock } from "#core/kernel/clock.ts";
import { AppError } from "#core/kernel/errors.ts";
import type { SnapshotService } from "#core/snapshots/index.ts";
import { type PreflightLine, preflightValidMs, type WithoutSafety } from "./contract.ts";
import type { RestoreStore } from "./store.ts";

type Place = { clusterId: string | null; datacenter: string };
type Deps = { store: RestoreStore; snapshots: SnapshotService; clock: Clock };

/** Ends of a safety snapshot that say nothing of whether the datacenter can give one: another token or try may do. */
const saysNothing = new Set<string | null>(["cancelled", "stopping", "consul_denied", "unauthenticated"]);

/**
 * Whether a restore into a place may go on without a safety snapshot: only where something has shown that none can be
 * taken. What shows it is the preflight, which had to read the live state, or a safety snapshot that failed just now.
 * @param lines those of the preflight; empty for the way back, which has none.
 */
export async function mayGoWithout(
  deps: Deps,
  place: Place,
  lines: readonly PreflightLine[],
): Promise<WithoutSafety> {
  const unread = lines.find(({ name, result }) => name === "impact" && result !== "pass");
  if (unread !== undefined) return { allowed: true, why: `${unread.title}.` };
  const failed = await lastSafetyFailed(deps, place);
  if (failed !== null) return { allowed: true, why: `The safety snapshot of ${failed} failed.` };
  return {
    allowed: false,
    why: `${place.datacenter} can give one. It is left out only after one has failed.`,
  };
}

/** @returns the restore whose safety snapshot failed, where no later one was taken. */
async function lastSafetyFailed({ store, snapshots, clock }: Deps, place: Place): Promise<string | null> {
  const nowMs = clock.nowMs();
  // One from the future is of a clock that was ahead, and would allow it until that time comes.
  const span = { since: new Date(nowMs - preflightValidMs), until: new Date(nowMs) };
  for (const { id, safetySnapshotId } of await store.safetiesSince(place, span)) {
    const safety = await snapshots.get(safetySnapshotId ?? "").catch(() => null);
    if (safety === null || saysNothing.has(safety.failureCode)) continue;
    return safety.state === "failed" ? id : null;
  }
  return null;
}

/** @throws AppError `invalid_input` where somebody wants to go without for no reason that Snapkeep has seen. */
export function assertMayGoWithout(reason: string | undefined, { allowed, why }: WithoutSafety): void {
  if (reason === undefined || allowed) return;
  const userMessage = `A safety snapshot has to be taken: ${why}`;
  throw new AppError({ code: "invalid_input", field: "withoutSafetyReason", userMessage });
}
