/** Consul unpacks, checks and loads a state at least this fast, even on a slow disk. */
const appliedBytesPerMs = 10_000;

/** Right after a restore ACLs may not be there yet; a token that is still denied after this will stay so. */
export const deniedAfterRestoreMs = 30_000;

/**
 * How long Consul may still be applying an archive whose answer got lost, before a datacenter that holds what it held
 * before can be called untouched.
 * @param leastMs what a state of no size is given.
 * @param stateBytes of state.bin: Consul writes it to its disk unpacked, whatever the archive has.
 */
export function applyMayTakeMs(leastMs: number, stateBytes: number): number {
  return leastMs + Math.ceil(stateBytes / appliedBytesPerMs);
}
