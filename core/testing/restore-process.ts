import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { StartRestoreInput } from "#core/restore/contract.ts";
import { registerChild } from "./leftovers.ts";

const projectFolder = path.join(path.dirname(fileURLToPath(import.meta.url)), "..", "..");

export interface RestoreOrder {
  consulAddress: string;
  token: string | null;
  dataFolder: string;
  input: StartRestoreInput;
}

/** Starts Snapkeep in a process of its own on this data folder, and a restore in it. @returns the restore's id. */
export async function startRestoreProcess(order: RestoreOrder): Promise<{ id: string; child: ChildProcess }> {
  const script = `import { startRuntime } from "#core/testing/runtime.ts";
    const { input, ...options } = ${JSON.stringify(order)};
    const { execute } = await startRuntime(options);
    process.stdout.write((await execute("restores.start", input)).id);`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", script], {
    cwd: projectFolder,
    stdio: ["ignore", "pipe", "inherit"],
    env: { NODE_ENV: "test" },
  });
  registerChild(child);
  const [said] = (await Promise.race([once(child.stdout, "data"), failed(child)])) as [Buffer];
  return { id: said.toString(), child };
}

async function failed(child: ChildProcess): Promise<never> {
  const [code] = (await once(child, "exit")) as [number | null];
  throw new Error(`The process ended with ${code} before its restore had begun.`);
}

/** SIGKILL, which no handler sees. Resolves when the process is gone. */
export async function killHard(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}
