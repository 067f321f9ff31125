import { mkdir, statfs } from "node:fs/promises";
import { AppError } from "#core/kernel/errors.ts";

/** What Consul writes for one restore and one snapshot: its copy of the state, raft's, and both again for the way back. */
const timesTheState = 4;
const leastBytes = 64 * 1024 * 1024;

/** @throws AppError `storage_full` when a drill of so much state would fill the disk. */
export async function assertRoom(folder: string, stateBytes: number): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const needed = Math.max(stateBytes * timesTheState, leastBytes);
  if (free >= needed) return;
  throw new AppError({
    code: "storage_full",
    userMessage: `A drill of this snapshot writes up to ${megabytes(needed)} MB, and only ${megabytes(free)} MB are free in ${folder}. Nothing was started.`,
  });
}

const megabytes = (bytes: number): string =>
  String(Math.ceil(bytes / 1_000_000)).replace(/\B(?=(\d{3})+$)/g, ",");
