import { unwrapped } from "#app/_client/action-result.ts";
import { ApiError } from "#app/_client/api.ts";
import { beginUpload } from "../actions.ts";
import { sendFile, type TransferResult } from "./transfer.ts";
import { currentUploads, patchUpload, removeUpload, type UploadItem } from "./upload-store.ts";

/** Where the archive is from, which the file itself does not say, and a note for all of them. */
export type UploadFacts = { clusterId: string | null; datacenter: string | null; note: string };

let running = false;
const aborts = new Map<string, AbortController>();

/** Takes a file off the list, or stops it when it is on its way. Nothing of it is stored then. */
export function dropUpload(key: string): void {
  aborts.get(key)?.abort();
  const item = currentUploads().find((candidate) => candidate.key === key);
  if (item?.phase === "chosen") removeUpload(key);
  else if (item?.phase === "queued") patchUpload(key, { phase: "cancelled" });
}

/** Sends all chosen files one after another: two at once would only share the same line. */
export function startUploads(facts: UploadFacts, onSettled: () => void): void {
  for (const item of currentUploads()) {
    if (item.phase === "chosen" && item.file.size > 0) patchUpload(item.key, { phase: "queued" });
  }
  if (!running) void drain(facts, onSettled);
}

async function drain(facts: UploadFacts, onSettled: () => void): Promise<void> {
  running = true;
  window.addEventListener("beforeunload", askFirst);
  for (;;) {
    const item = currentUploads().find((candidate) => candidate.phase === "queued");
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
  patchUpload(key, { phase: "asking" });
  const ticket = unwrapped(beginUpload({ fileName: file.name, bytes: file.size, ...facts }));
  const result = await ticket.then(({ url }) => send(item, url, abort.signal), refusal);
  aborts.delete(key);
  switch (result.kind) {
    case "stored":
      return patchUpload(key, { phase: "stored", id: result.id });
    case "cancelled":
      return patchUpload(key, { phase: "cancelled" });
    case "refused":
      return patchUpload(key, { phase: "refused", message: result.message, requestId: result.requestId });
    default:
      return result satisfies never;
  }
}

function send({ key, file }: UploadItem, url: string, signal: AbortSignal): Promise<TransferResult> {
  patchUpload(key, { phase: "sending" });
  return sendFile({
    url,
    file,
    signal,
    onProgress: ({ sentBytes, bytesPerSecond }) => patchUpload(key, { sentBytes, bytesPerSecond }),
    onSent: () => patchUpload(key, { phase: "checking", sentBytes: file.size }),
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
