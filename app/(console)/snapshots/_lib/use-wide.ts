"use client";

import { useSyncExternalStore } from "react";

const query = "(min-width: 768px)";

function subscribe(listener: () => void): () => void {
  const media = window.matchMedia(query);
  media.addEventListener("change", listener);
  return () => media.removeEventListener("change", listener);
}

/**
 * Whether there is room for tables. The server can't know, so it and the first paint assume the desk; what is
 * only for one of the two is small enough to change its mind.
 */
export function useWide(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => window.matchMedia(query).matches,
    () => true,
  );
}
