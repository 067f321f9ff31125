import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { inRepo } from "./paths.mjs";

const parent = inRepo(".cache", "demo");

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** A fresh data folder, named by this process so that the next demo can clear what a killed one left. */
export function makeDemoFolder() {
  mkdirSync(parent, { recursive: true });
  for (const name of readdirSync(parent)) {
    const pid = Number(/^run-(\d+)$/.exec(name)?.[1]);
    if (pid > 0 && (pid === process.pid || !isAlive(pid))) removeDemoFolder(`${parent}/${name}`);
  }
  const folder = `${parent}/run-${process.pid}`;
  mkdirSync(folder, { mode: 0o700 });
  return folder;
}

export function removeDemoFolder(folder) {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
