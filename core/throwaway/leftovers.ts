import { execFile } from "node:child_process";
import { readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export const configFileOf = (folder: string): string => path.join(folder, "agent.json");

const goneTimeoutMs = 10_000;

/**
 * Removes what an earlier process left in the folder of drills when it was killed: the Consul that still runs on
 * one of its folders, and the folders. A process is known by its own arguments, which name the configuration file
 * in that folder: a number in a file could be somebody else's process by now.
 * @returns how many folders there were.
 */
export async function removeLeftovers(parent: string): Promise<number> {
  const names = await readdir(parent).catch(() => []);
  for (const name of names) {
    const folder = path.resolve(parent, name);
    await killHolders(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  return names.length;
}

/** Kills every Consul whose configuration lies in this folder, and waits until it is gone. */
export async function killHolders(folder: string): Promise<void> {
  const argument = `-config-file=${configFileOf(path.resolve(folder))}`;
  const giveUpAtMs = performance.now() + goneTimeoutMs;
  for (;;) {
    const holders = await processesWith(argument);
    if (holders.length === 0) return;
    if (performance.now() > giveUpAtMs)
      throw new Error(`Consul (process ${holders.join(", ")}) of a drill does not end.`);
    for (const pid of holders) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It ended by itself between the two lines.
      }
    }
    await sleep(20);
  }
}

async function processesWith(argument: string): Promise<number[]> {
  return process.platform === "linux" ? processesInProc(argument) : processesOfPs(argument);
}

async function processesInProc(argument: string): Promise<number[]> {
  const numbers = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    numbers.map(async (pid) => {
      // What ended meanwhile, and a zombie, has no arguments.
      const line = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
      return line.split("\0").includes(argument);
    }),
  );
  return numbers.filter((_, at) => found[at]).map(Number);
}

function processesOfPs(argument: string): Promise<number[]> {
  return new Promise((resolve) => {
    execFile("ps", ["-axww", "-o", "pid=,command="], { maxBuffer: 16 * 1024 * 1024 }, (_error, stdout) => {
      const lines = stdout.split("\n").filter((line) => line.endsWith(argument));
      resolve(lines.map((line) => Number.parseInt(line, 10)).filter((pid) => pid > 0));
    });
  });
}
