import { addAbortSignal, type Readable } from "node:stream";
import { z } from "zod";
import type { NameList } from "#core/archive/index.ts";
import type { AuditSubject } from "#core/audit/index.ts";
import type { Clock } from "#core/kernel/clock.ts";
import { AppError, isAppError, toAppError } from "#core/kernel/errors.ts";
import type { Logger } from "#core/kernel/logger.ts";
import type { ArchiveStore } from "#core/storage/index.ts";
import { beginUploadInput } from "./contract.ts";
import { badArchive, takeIn } from "./intake.ts";
import type { RunningAct } from "./running.ts";
import type { Settle } from "./settle.ts";
import type { SnapshotRecord, SnapshotStore } from "./store.ts";
import { startHeartbeat } from "./take.ts";

/** What the ticket remembers between the action and the stream. */
export const uploadContext = beginUploadInput.extend({
  clusterName: z.string(),
  byName: z.string(),
  requestId: z.string(),
});
export type UploadContext = z.output<typeof uploadContext>;

type Deps = {
  archives: ArchiveStore;
  store: SnapshotStore;
  settle: Settle;
  clock: Clock;
  log: Logger;
  fingerprintKey: string;
  /** How long the sender may stand still. */
  idleMs: number;
};

/**
 * Receives one archive. It counts only when it verifies; otherwise neither a file nor a row is left, and the
 * reason is in the audit log and in the error.
 * @throws AppError `archive_invalid`, `cancelled` (the sender went away), `storage_full`, …
 */
export async function runUpload(
  deps: Deps,
  row: SnapshotRecord,
  source: Readable,
  act: RunningAct,
  subject: AuditSubject,
): Promise<void> {
  const startedMs = deps.clock.monotonicMs();
  const stopBeat = startHeartbeat(deps, row.id, act);
  act.enter("streaming");
  // A sender that sends nothing would otherwise keep a stopping process waiting.
  addAbortSignal(act.signal, source);
  try {
    const { report, inspection, writer } = await takeIn({
      id: row.id,
      source: wholeBody(source, Number(row.bytesExpected ?? 0n), deps.idleMs),
      store: deps.archives,
      fingerprintKey: deps.fingerprintKey,
      signal: act.signal,
      onBytes: act.addBytes,
    });
    if (!report.ok) {
      await writer.abort();
      throw badArchive(report, "upload");
    }
    act.enter("storing");
    await stopBeat();
    const facts = {
      leader: null,
      consulVersion: inspection?.serverVersions.names[0] ?? null,
      datacenter: row.datacenter ?? onlyOne(inspection?.datacenters),
      durationMs: Math.round(deps.clock.monotonicMs() - startedMs),
    };
    await deps.settle.keep(row, report, writer, facts, subject).catch(async (error: unknown) => {
      await writer.abort();
      await deps.archives.remove(row.id);
      throw error;
    });
  } catch (error) {
    const failure = toAppError(error);
    await stopBeat();
    await deps.settle.refused(row, failure, subject);
    throw failure;
  } finally {
    await stopBeat();
    act.finish();
  }
}

/**
 * A sender that goes away ends the request with an error or too early; both mean a cut upload. Leaving early
 * doesn't destroy the request, so that the reason can still be answered on its connection.
 */
async function* wholeBody(source: Readable, bytesExpected: number, idleMs: number): AsyncGenerator<Buffer> {
  let bytes = 0;
  let waiting = true;
  const patience = setTimeout(() => {
    // A slow disk is not the sender's fault.
    if (waiting) source.destroy(stoodStill(bytes, bytesExpected));
    else patience.refresh();
  }, idleMs);
  try {
    const chunks: AsyncIterable<Buffer> = source.iterator({ destroyOnReturn: false });
    for await (const chunk of chunks) {
      waiting = false;
      bytes += chunk.length;
      if (bytes > bytesExpected) throw lengthDiffers(bytesExpected, "more");
      yield chunk;
      waiting = true;
      patience.refresh();
    }
  } catch (error) {
    if (isAppError(error)) throw error;
    throw cutOff(bytes, bytesExpected, error);
  } finally {
    clearTimeout(patience);
  }
  if (bytes !== bytesExpected) throw cutOff(bytes, bytesExpected, undefined);
}

/** The datacenter that an archive itself tells of, when its nodes are all of one. */
export function onlyOne(list: NameList | undefined): string | null {
  return list?.names.length === 1 && !list.hasMore ? (list.names[0] ?? null) : null;
}

/** @param sent the number of bytes, or "more" where it was not waited for the end. */
export function lengthDiffers(bytesExpected: number, sent: number | "more"): AppError {
  const words = sent === "more" ? sent : sent.toLocaleString("en");
  return new AppError({
    code: "invalid_input",
    userMessage: `The upload was announced with ${bytesExpected.toLocaleString("en")} bytes and has ${words}. Nothing was stored.`,
  });
}

function stoodStill(bytes: number, bytesExpected: number): AppError {
  return new AppError({
    code: "cancelled",
    userMessage: `The upload stood still for too long after ${bytes.toLocaleString("en")} of ${bytesExpected.toLocaleString("en")} bytes. Nothing was stored.`,
    retryable: true,
  });
}

function cutOff(bytes: number, bytesExpected: number, cause: unknown): AppError {
  return new AppError({
    code: "cancelled",
    userMessage: `The upload broke off after ${bytes.toLocaleString("en")} of ${bytesExpected.toLocaleString("en")} bytes. Nothing was stored.`,
    retryable: true,
    cause,
  });
}
