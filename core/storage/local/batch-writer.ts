import type { FileHandle } from "node:fs/promises";

/** Batches of this size keep the number of system calls low: one awaited write per 64 KB costs half the speed. */
const batchBytes = 1024 * 1024;
/** More than this waiting for the disk makes the sender wait. */
const bufferedBytesMax = 2 * 1024 * 1024;
/** Dirty pages are pushed out while bytes still arrive, so that the last fsync has little left to do. */
const syncEveryBytes = 32 * 1024 * 1024;

/** Writes chunks to an open file in order, in batches, one system call under way at a time. */
export function createBatchWriter(file: FileHandle) {
  let batch: Buffer[] = [];
  let batched = 0;
  let inFlight = 0;
  let unsynced = 0;
  let tail: Promise<void> = Promise.resolve();
  let syncing: Promise<void> = Promise.resolve();
  let failure: unknown = null;

  async function writeOut(buffers: Buffer[], bytes: number): Promise<void> {
    if (failure !== null) throw failure;
    const { bytesWritten } = await file.writev(buffers);
    // A short write means a full disk or a limit; the rest is tried once more so that the system says which.
    if (bytesWritten < bytes) {
      const rest = Buffer.concat(buffers).subarray(bytesWritten);
      await file.writeFile(rest);
    }
    unsynced += bytes;
    if (unsynced >= syncEveryBytes) {
      unsynced = 0;
      syncing = syncing.then(() => file.datasync());
      syncing.catch(remember);
    }
  }

  function remember(error: unknown): void {
    failure ??= error;
  }

  function flushBatch(): void {
    if (batched === 0) return;
    const buffers = batch;
    const bytes = batched;
    batch = [];
    batched = 0;
    inFlight += bytes;
    tail = tail
      .then(() => writeOut(buffers, bytes))
      .finally(() => {
        inFlight -= bytes;
      });
    tail.catch(remember);
  }

  return {
    async write(chunk: Buffer): Promise<void> {
      if (failure !== null) throw failure;
      batch.push(chunk);
      batched += chunk.length;
      if (batched >= batchBytes) flushBatch();
      if (inFlight > bufferedBytesMax) await tail;
    },
    /** Resolves when everything is on the disk, not only in the system's cache. */
    async finish(): Promise<void> {
      flushBatch();
      await tail;
      await syncing;
      if (failure !== null) throw failure;
      await file.sync();
    },
    /** Waits for what is under way, so that the file can be closed. Never throws. */
    async settle(): Promise<void> {
      failure ??= new Error("the write was given up");
      await tail.catch(() => undefined);
      await syncing.catch(() => undefined);
    },
  };
}
