import { useSyncExternalStore } from "react";
import type { Selection, selectionsMax as SelectionsMax } from "#core/recoveries/contract.ts";

// Held to the contract by its type; its code would bring zod into the browser.
export const selectionsMax: typeof SelectionsMax = 200;

/** Something of a snapshot that shall come back, with what it is called. */
export type Chosen = { id: string; selection: Selection; words: string };
type State = { snapshotId: string; chosen: readonly Chosen[] };

const nothing: readonly Chosen[] = [];
let state: State = { snapshotId: "", chosen: nothing };
const listeners = new Set<() => void>();

function set(next: State): void {
  state = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const chosenOf = (snapshotId: string): readonly Chosen[] =>
  state.snapshotId === snapshotId ? state.chosen : nothing;

/** Of one snapshot at a time: choosing in another one begins anew. Beyond the most that a plan takes, nothing. */
export function choose(snapshotId: string, one: Chosen): void {
  const before = chosenOf(snapshotId);
  if (before.length >= selectionsMax || before.some(({ id }) => id === one.id)) return;
  set({ snapshotId, chosen: [...before, one] });
}

export function unchoose(snapshotId: string, id: string): void {
  set({ snapshotId, chosen: chosenOf(snapshotId).filter((one) => one.id !== id) });
}

export function clearChosen(snapshotId: string): void {
  set({ snapshotId, chosen: nothing });
}

/** What is chosen of this snapshot, for the tray and for the buttons that add to it. */
export function useChosen(snapshotId: string): readonly Chosen[] {
  return useSyncExternalStore(
    subscribe,
    () => chosenOf(snapshotId),
    () => nothing,
  );
}
