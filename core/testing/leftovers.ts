import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { releaseOwnPorts } from "./free-ports.ts";

/**
 * What must not outlive this process. A test that fails half-way never reaches its own clean-up, and a Consul
 * that stays behind holds ports and memory.
 */
const children = new Set<ChildProcess>();
const folders = new Set<string>();
let watching = false;

export function registerChild(child: ChildProcess): void {
  watchForTheEnd();
  children.add(child);
  child.once("exit", () => children.delete(child));
}

/** A new folder below the system's temporary one, which goes away with this process at the latest. */
export function makeTempFolder(prefix: string): string {
  watchForTheEnd();
  const folder = mkdtempSync(path.join(tmpdir(), prefix));
  folders.add(folder);
  return folder;
}

export function removeTempFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  folders.delete(folder);
}

function cleanUp(): void {
  for (const child of children) child.kill("SIGKILL");
  for (const folder of folders) {
    try {
      removeTempFolder(folder);
    } catch {
      // A process that dies this moment may still write there; the system clears its temporary folder some day.
    }
  }
  releaseOwnPorts();
}

function watchForTheEnd(): void {
  if (watching) return;
  watching = true;
  process.on("exit", cleanUp);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => {
      cleanUp();
      // Our listener took away Node's default, which is to die; with no other listener it is given back.
      if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
    });
  }
}
