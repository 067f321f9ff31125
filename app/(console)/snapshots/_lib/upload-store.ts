import { useSyncExternalStore } from "react";

export type UploadPhase =
  | "chosen"
  | "queued"
  | "asking"
  | "sending"
  | "checking"
  | "stored"
  | "refused"
  | "cancelled";

export type UploadItem = {
  key: string;
  file: File;
  phase: UploadPhase;
  sentBytes: number;
  bytesPerSecond: number | null;
  /** Why it was refused. */
  message: string | null;
  requestId: string | null;
  /** The stored snapshot. */
  id: string | null;
};

export type UploadState = { opened: boolean; items: readonly UploadItem[] };

/*
 * Uploads live outside React: bytes that are on their way must survive a walk through the pages. A reload of
 * the tab does end them, which the browser is asked to warn about.
 */
const nothing: UploadState = { opened: false, items: [] };
let state: UploadState = nothing;
const listeners = new Set<() => void>();

function set(next: UploadState): void {
  state = next;
  for (const listener of listeners) listener();
}

export function patchUpload(key: string, change: Partial<UploadItem>): void {
  set({ ...state, items: state.items.map((item) => (item.key === key ? { ...item, ...change } : item)) });
}

export function isMoving(item: UploadItem): boolean {
  return (
    item.phase === "queued" ||
    item.phase === "asking" ||
    item.phase === "sending" ||
    item.phase === "checking"
  );
}

export function openUpload(): void {
  // A dialog that was closed over finished uploads starts afresh.
  set({
    opened: true,
    items: state.items.some(isMoving) ? state.items : state.items.filter((item) => item.phase === "chosen"),
  });
}

export function closeUpload(): void {
  set({ opened: false, items: state.items.filter((item) => item.phase !== "chosen") });
}

export function addFiles(files: readonly File[]): void {
  const added = files.map(
    (file): UploadItem => ({
      key: `${file.name}-${file.size}-${Math.random().toString(36).slice(2)}`,
      file,
      phase: "chosen",
      sentBytes: 0,
      bytesPerSecond: null,
      message: file.size === 0 ? "The file is empty" : null,
      requestId: null,
      id: null,
    }),
  );
  set({ opened: true, items: [...state.items, ...added] });
}

/** Not a hook: for the runner, between two renders. */
export function currentUploads(): readonly UploadItem[] {
  return state.items;
}

/** Takes a file off the list that has not been sent yet. */
export function removeUpload(key: string): void {
  set({ ...state, items: state.items.filter((item) => item.key !== key) });
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useUploads(): UploadState {
  return useSyncExternalStore(
    subscribe,
    () => state,
    () => nothing,
  );
}
