import { useSyncExternalStore } from "react";
import { unwrapped } from "#app/_client/action-result.ts";
import { ApiError } from "#app/_client/api.ts";
import { beginUpload } from "../actions.ts";
import { sendFile, type TransferResult } from "./transfer.ts";

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

/** Where the archive is from, which the file itself does not say, and a note for all of them. */
export type UploadFacts = { clusterId: string | null; datacenter: string | null; note: string };

export type UploadState = { opened: boolean; items: readonly UploadItem[] };

/*
 * Uploads live outside React: bytes that are on their way must survive a walk through the pages. A reload of
 * the tab does end them, which the browser is asked to warn about.
 */
const nothing: UploadState = { opened: false, items: [] };
let state: UploadState = nothing;
let running = false;
const aborts = new Map<string, AbortController>();
const listeners = new Set<() => void>();

function set(next: UploadState): void {
  state = next;
  for (const listener of listeners) listener();
}

function patch(key: string, change: Partial<UploadItem>): void {
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

/** Takes a file off the list, or stops it when it is on its way. Nothing of it is stored then. */
export function dropUpload(key: string): void {
  aborts.get(key)?.abort();
  const item = state.items.find((candidate) => candidate.key === key);
  if (item?.phase === "chosen") set({ ...state, items: state.items.filter((other) => other !== item) });
  else if (item?.phase === "queued") patch(key, { phase: "cancelled" });
}

/** Sends all chosen files one after another: two at once would only share the same line. */
export function startUploads(facts: UploadFacts, onSettled: () => void): void {
  set({
    ...state,
    items: state.items.map((item) =>
      item.phase === "chosen" && item.file.size > 0 ? { ...item, phase: "queued" as const } : item,
    ),
  });
  if (!running) void drain(facts, onSettled);
}

async function drain(facts: UploadFacts, onSettled: () => void): Promise<void> {
  running = true;
  window.addEventListener("beforeunload", askFirst);
  for (;;) {
    const item = state.items.find((candidate) => candidate.phase === "queued");
    if (!item) break;
    await sendOne(item, facts);
    onSettled();
  }
  window.removeEventListener("beforeunload", askFirst);
  running = false;
}

async function sendOne(item: UploadItem, facts: UploadFacts): Promise<void> {
  const { key, file } = item;
  const abort = new AbortController();
  aborts.set(key, abort);
  patch(key, { phase: "asking" });
  const ticket = unwrapped(beginUpload({ fileName: file.name, bytes: file.size, ...facts }));
  const result = await ticket.then(({ url }) => send(item, url, abort.signal), refusal);
  aborts.delete(key);
  switch (result.kind) {
    case "stored":
      return patch(key, { phase: "stored", id: result.id });
    case "cancelled":
      return patch(key, { phase: "cancelled" });
    case "refused":
      return patch(key, { phase: "refused", message: result.message, requestId: result.requestId });
    default:
      return result satisfies never;
  }
}

function send({ key, file }: UploadItem, url: string, signal: AbortSignal): Promise<TransferResult> {
  patch(key, { phase: "sending" });
  return sendFile({
    url,
    file,
    signal,
    onProgress: ({ sentBytes, bytesPerSecond }) => patch(key, { sentBytes, bytesPerSecond }),
    onSent: () => patch(key, { phase: "checking", sentBytes: file.size }),
  });
}

function refusal(error: unknown): TransferResult {
  return {
    kind: "refused",
    message: error instanceof Error ? error.message : String(error),
    requestId: error instanceof ApiError && error.requestId !== "" ? error.requestId : null,
  };
}

function askFirst(event: BeforeUnloadEvent): void {
  event.preventDefault();
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
