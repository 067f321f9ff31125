import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { inRepo } from "./paths.mjs";

const folder = inRepo(".cache", "locks");

function tryToTake(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    return false;
  }
}

/** A holder that was killed leaves its file; the process id in it tells. */
function holderIsGone(file) {
  try {
    const pid = Number(readFileSync(file, "utf8"));
    // An empty file is one whose holder stands between making and writing it.
    if (!Number.isInteger(pid) || pid <= 0) return false;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === "ESRCH";
  }
}

/** Two commands in one checkout must not install or build at once: the second waits for the first. */
export async function withLock(name, onWait, work) {
  mkdirSync(folder, { recursive: true });
  const file = `${folder}/${name}`;
  let told = false;
  while (!tryToTake(file)) {
    if (holderIsGone(file)) {
      rmSync(file, { force: true });
      continue;
    }
    if (!told) onWait();
    told = true;
    await sleep(250);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}
