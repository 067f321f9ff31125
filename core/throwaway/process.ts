import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { configFileOf, killHolders } from "./leftovers.ts";

const logCharsMax = 64 * 1024;

export type ThrowawayProcess = ReturnType<typeof startProcess>;

/** Starts the consul program on the configuration in `folder`. Whatever ends our own process ends this one, but SIGKILL. */
export function startProcess(program: string, folder: string) {
  // No CONSUL_* variable of ours may reach it, hence the nearly empty environment.
  const child: ChildProcess = spawn(program, ["agent", `-config-file=${configFileOf(folder)}`], {
    cwd: folder,
    env: { NODE_ENV: "production", TMPDIR: `${folder}/tmp`, HOME: folder },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  let hasEnded = false;
  let killedBy: NodeJS.Signals | null = null;
  // The file is for whoever looks while a drill runs; it goes with the folder.
  const file = createWriteStream(`${folder}/consul.log`, { flags: "a", mode: 0o600 });
  file.on("error", () => undefined);
  const keep = (text: string): void => {
    log = (log + text).slice(-logCharsMax);
    if (!file.destroyed) file.write(text);
  };
  const ended = new Promise<void>((resolve) => {
    child.once("close", (_code, signal) => {
      killedBy = signal;
      resolve();
    });
    child.once("error", (error) => {
      keep(`${error.message}\n`);
      resolve();
    });
  }).then(() => {
    hasEnded = true;
  });
  child.stdout?.setEncoding("utf8").on("data", keep);
  child.stderr?.setEncoding("utf8").on("data", keep);
  // For an exit that nobody could foresee: no handler may wait there.
  const onExit = () => {
    child.kill("SIGKILL");
    removeNow(folder);
  };
  process.on("exit", onExit);

  return {
    pid: child.pid ?? null,
    log: () => log,
    hasEnded: () => hasEnded,
    killedBy: () => killedBy,
    ended,
    /** Kills it, and removes its folder once it is gone. */
    async remove(): Promise<void> {
      if (!hasEnded) child.kill("SIGKILL");
      await ended;
      file.destroy();
      await removeFolder(folder);
      process.off("exit", onExit);
    },
  };
}

/** Kills what still works in a folder, then removes it. */
export async function removeFolder(folder: string): Promise<void> {
  await killHolders(folder);
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

function removeNow(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  } catch {
    // The killed Consul may still be writing its last; the next start removes what is left.
  }
}
