/** What an upload reports while its bytes go out. */
export type TransferProgress = { sentBytes: number; totalBytes: number; bytesPerSecond: number | null };

export type TransferResult =
  | { kind: "stored"; id: string }
  | { kind: "refused"; message: string; requestId: string | null }
  | { kind: "cancelled" };

type TransferInput = {
  url: string;
  file: Blob;
  signal: AbortSignal;
  onProgress: (progress: TransferProgress) => void;
  /** All bytes are out; from now on the server checks and stores. */
  onSent: () => void;
};

const lostConnection = "The connection broke before Snapkeep answered. Nothing was stored.";

/**
 * Sends a file as the raw body of a PUT. XMLHttpRequest, because `fetch` still can't report how much of a
 * body has gone out. Never rejects: each end is a result.
 */
export function sendFile({ url, file, signal, onProgress, onSent }: TransferInput): Promise<TransferResult> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const startedMs = performance.now();
    request.open("PUT", url);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader("Accept", "application/json, application/problem+json");
    request.upload.onprogress = (event) => {
      const seconds = (performance.now() - startedMs) / 1000;
      const bytesPerSecond = seconds > 0.5 ? event.loaded / seconds : null;
      onProgress({ sentBytes: event.loaded, totalBytes: file.size, bytesPerSecond });
    };
    request.upload.onload = onSent;
    request.onload = () => resolve(readAnswer(request));
    request.onerror = () => resolve({ kind: "refused", message: lostConnection, requestId: null });
    request.onabort = () => resolve({ kind: "cancelled" });
    signal.addEventListener("abort", () => request.abort(), { once: true });
    if (signal.aborted) resolve({ kind: "cancelled" });
    else request.send(file);
  });
}

async function readAnswer(request: XMLHttpRequest): Promise<TransferResult> {
  const answer = await parseObject(request.responseText);
  const text = (key: string): string | null => {
    const value = answer[key];
    return typeof value === "string" && value !== "" ? value : null;
  };
  const id = text("id");
  if (request.status === 201 && id !== null) return { kind: "stored", id };
  const said = text("detail") ?? text("message") ?? text("title");
  return {
    kind: "refused",
    message: said ?? `Snapkeep answered ${request.status}. Nothing was stored.`,
    requestId: text("requestId") ?? request.getResponseHeader("x-request-id"),
  };
}

/** A proxy in between may answer with a page of HTML; then the status is all there is. */
async function parseObject(text: string): Promise<Record<string, unknown>> {
  const value: unknown = await new Response(text).json().catch(() => null);
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
