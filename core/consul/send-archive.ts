import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { AppError } from "#core/kernel/errors.ts";
import type { ConsulClient } from "./client.ts";
import { cleanText, faultWords, fromAnswer, fromFault } from "./errors.ts";

/** How a restore ended, in one sentence that promises no more than is known. */
export type Outcome = {
  state: "succeeded" | "refused" | "failed" | "unknown" | "cancelled";
  text: string;
  consulStatus: number | null;
};

export type ArchiveSource = { bytes: number; sha256: string; open: () => Promise<Readable> };

/**
 * Reads the archive once more and compares it with what was verified when it was kept: a byte that changed on
 * the disk since then must not reach Consul.
 * @throws AppError `archive_invalid`.
 */
export async function assertUnchanged(archive: ArchiveSource, signal: AbortSignal): Promise<void> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of (await archive.open()) as AsyncIterable<Buffer>) {
    signal.throwIfAborted();
    bytes += chunk.length;
    hash.update(chunk);
  }
  if (hash.digest("hex") === archive.sha256 && bytes === archive.bytes) return;
  throw new AppError({
    code: "archive_invalid",
    userMessage: "The archive in the store no longer matches its checksum. Nothing was sent to Consul.",
  });
}

export type SendOptions = {
  client: ConsulClient;
  datacenter: string;
  token: string | undefined;
  archive: ArchiveSource;
  idleTimeoutMs: number;
  /** How long Consul may take to answer once it has everything. */
  answerTimeoutMs: number;
  signal: AbortSignal;
  /** Awaited before the first byte leaves: the row has to know before Consul does. */
  beforeFirstByte: () => Promise<void>;
  onBytes: (bytes: number) => void;
  onAllSent: () => void;
};

/**
 * Streams the archive to `PUT /v1/snapshot?dc=` and judges the answer. The next address is tried only while
 * nothing has left. Once bytes have gone, every answer but 200 leaves it unknown: the texts that Consul refuses with can
 * come after it has replaced the data, too, from its own next step or from a proxy.
 */
export async function sendArchive(options: SendOptions): Promise<Outcome> {
  let last: Outcome = { state: "failed", text: "This cluster has no address.", consulStatus: null };
  for (const address of options.client.addressesInOrder()) {
    let started = false;
    const body = Readable.from(
      archiveBytes(options, () => {
        started = true;
      }),
      { objectMode: false, highWaterMark: 1024 * 1024 },
    );
    try {
      const request = {
        datacenter: options.datacenter,
        token: options.token,
        bytes: options.archive.bytes,
        body,
        idleTimeoutMs: options.idleTimeoutMs,
        answerTimeoutMs: options.answerTimeoutMs,
        signal: options.signal,
      };
      return fromStatus(await options.client.putSnapshot(request, address), started);
    } catch (error) {
      if (started) return cutOff(error, address);
      last = notStarted(error, address, options.signal);
      if (options.signal.aborted) return last;
    } finally {
      body.destroy();
    }
  }
  return last;
}

async function* archiveBytes(options: SendOptions, onStart: () => void): AsyncGenerator<Buffer> {
  const stream = await options.archive.open();
  let started = false;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if (!started) {
      // Past this line a cancel comes too late.
      options.signal.throwIfAborted();
      await options.beforeFirstByte();
      started = true;
      onStart();
    }
    options.onBytes(chunk.length);
    yield chunk;
  }
  options.onAllSent();
}

function fromStatus(answer: { status: number; text: string }, started: boolean): Outcome {
  const consulStatus = answer.status;
  const said = cleanText(answer.text);
  if (consulStatus === 200) {
    return { state: "succeeded", text: "Consul answered 200.", consulStatus };
  }
  if (!started) {
    const text = `Consul refused with ${consulStatus}: ${fromAnswer(answer).userMessage} Nothing was sent.`;
    return { state: "refused", text, consulStatus };
  }
  const words = `Consul answered ${consulStatus}${said === "" ? " without a text" : `: ${said}`}.`;
  return {
    state: "unknown",
    text: `${words} Bytes of the archive had been sent, and an answer like this can come after the data was replaced.`,
    consulStatus,
  };
}

function cutOff(error: unknown, address: string): Outcome {
  return {
    state: "unknown",
    text: `No answer came from ${address}: ${faultWords(error)}. Bytes of the archive had been sent, so the data may have been replaced.`,
    consulStatus: null,
  };
}

function notStarted(error: unknown, address: string, signal: AbortSignal): Outcome {
  if (signal.aborted) {
    const text = signal.reason instanceof Error ? signal.reason.message : "Cancelled.";
    return { state: "cancelled", text: `${text} Nothing was sent to Consul.`, consulStatus: null };
  }
  return {
    state: "failed",
    text: `${fromFault(error, address).userMessage} Nothing was sent to Consul.`,
    consulStatus: null,
  };
}
