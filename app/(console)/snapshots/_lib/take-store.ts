import { useSyncExternalStore } from "react";

/** What the take dialog starts from; the overview names a datacenter, the history may not. */
export type TakeSeed = { clusterId?: string; datacenter?: string; mode?: "consistent" | "stale" };

export type TakeDialogState =
  | { kind: "closed" }
  | { kind: "form"; seed: TakeSeed }
  | { kind: "progress"; id: string };

/** The open dialog lives outside React, so that going from one page to another neither closes nor doubles it. */
const closed: TakeDialogState = { kind: "closed" };
let state: TakeDialogState = closed;
const listeners = new Set<() => void>();

function set(next: TakeDialogState): void {
  state = next;
  for (const listener of listeners) listener();
}

export function openTake(seed: TakeSeed = {}): void {
  set({ kind: "form", seed });
}

export function showTakeProgress(id: string): void {
  set({ kind: "progress", id });
}

/** Closes the dialog. A take that runs goes on; the top bar carries it and says when it has ended. */
export function closeTake(): void {
  set(closed);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useTakeDialog(): TakeDialogState {
  return useSyncExternalStore(
    subscribe,
    () => state,
    () => closed,
  );
}
