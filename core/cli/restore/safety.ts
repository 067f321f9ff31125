import { link, rm, stat } from "node:fs/promises";
import path from "node:path";
import { UsageError } from "../exit.ts";
import { visible } from "../visible-text.ts";
import { fetchSnapshot } from "./fetch-snapshot.ts";
import type { RestoreTarget } from "./target.ts";

export type Safety = { readonly file: string; readonly bytes: number; readonly raftIndex: number };

/** `before-restore-dc1-20260723T023204Z.snap` in the working directory. */
export function safetyFileOf(datacenter: string, nowMs: number): string {
  const stamp = new Date(nowMs)
    .toISOString()
    .replace(/\.\d+Z$/, "Z")
    .replace(/[-:]/g, "");
  return path.resolve(`before-restore-${datacenter.replace(/[^A-Za-z0-9._-]/g, "_")}-${stamp}.snap`);
}

/** @throws UsageError when there is something already: nothing is written over. */
export async function assertFree(file: string): Promise<void> {
  const isThere = await stat(file).then(
    () => true,
    () => false,
  );
  if (isThere) throw new UsageError(`${visible(file)} is there already, and nothing is written over.`);
}

/**
 * Keeps what the datacenter holds now. It has its name only once it is whole, so that a file of this name can be
 * trusted however this process ends.
 * @throws AppError in Consul's words, or the disk's error; nothing is left then.
 */
export async function takeSafety(target: RestoreTarget, file: string): Promise<Safety> {
  const partial = `${file}.partial`;
  // Only a process that was killed leaves one, and it is nobody's.
  await rm(partial, { force: true });
  const report = await fetchSnapshot(target, partial, undefined);
  try {
    // Unlike a rename, this never replaces what somebody has put there meanwhile.
    await link(partial, file);
  } finally {
    await rm(partial, { force: true });
  }
  return { file, bytes: report.archiveBytes, raftIndex: report.meta?.index ?? 0 };
}
