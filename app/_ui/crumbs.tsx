"use client";
import { useEffect, useSyncExternalStore } from "react";

export type Crumb = { label: string; href?: string; mono?: boolean };

// The top bar stands outside the pages, so a page hands its trail over through this small store.
let trail: readonly Crumb[] | null = null;
const listeners = new Set<() => void>();

function setTrail(next: readonly Crumb[] | null): void {
  trail = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * Sets the trail in the top bar for as long as it is on the page, the last part being the page itself. Only
 * for pages below an area: `/snapshots` and the other areas name themselves.
 */
export function Crumbs({ items }: { items: readonly Crumb[] }) {
  const key = JSON.stringify(items);
  useEffect(() => {
    setTrail(JSON.parse(key) as Crumb[]);
    return () => setTrail(null);
  }, [key]);
  return null;
}

/** For the top bar. */
export function useTrail(): readonly Crumb[] | null {
  return useSyncExternalStore(
    subscribe,
    () => trail,
    () => null,
  );
}
