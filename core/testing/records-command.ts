import { spawn } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { keepLog, noteSecret } from "./evidence.ts";
import { registerChild } from "./leftovers.ts";

const program = fileURLToPath(new URL("../../dist/snapkeep-admin.mjs", import.meta.url));

export interface CommandResult {
  code: number | null;
  out: string;
  errors: string;
}

/** Runs `snapkeep token …`, `user …` or `audit …`, as built, on the records of this data folder. */
export function runRecordsCommand(
  dataFolder: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], {
      cwd: path.dirname(path.dirname(program)),
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: process.env.PATH, NODE_ENV: "test", SNAPKEEP_DATA: dataFolder, ...env },
    });
    const result: CommandResult = { code: null, out: "", errors: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      result.out += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      result.errors += text;
      keepLog(text);
    });
    child.once("error", reject);
    child.once("close", (code) => resolve({ ...result, code }));
  });
}

const source = fileURLToPath(new URL("../cli/admin/main.ts", import.meta.url));

/** The same from its sources, for what need not be built: `snapkeep import …` and the others. Its process is at hand. */
export function startRecordsCommand(dataFolder: string, args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, ["--import", "tsx", source, ...args], {
    cwd: path.dirname(path.dirname(program)),
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env.PATH, NODE_ENV: "test", SNAPKEEP_DATA: dataFolder, ...env },
  });
  registerChild(child);
  const result: CommandResult = { code: null, out: "", errors: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    result.out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    result.errors += text;
    keepLog(text);
  });
  const ended = new Promise<CommandResult>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ ...result, code }));
  });
  return { child, soFar: () => result.out, ended };
}

/** A new API token from the command line. @returns its text. */
export async function makeToken(dataFolder: string, role: string, more: string[] = []): Promise<string> {
  const args = ["token", "create", "--role", role, "--name", `test-${role}`, ...more];
  const { code, out, errors } = await runRecordsCommand(dataFolder, args);
  if (code !== 0) throw new Error(`token create ended with ${code}: ${errors}`);
  return noteSecret(out.trim());
}
