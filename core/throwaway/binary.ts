import { execFile } from "node:child_process";
import { access, constants, stat } from "node:fs/promises";
import path from "node:path";
import { AppError } from "#core/kernel/errors.ts";

export type ConsulBinary = { readonly file: string; readonly version: string };
/** What the environment says of where consul is. */
export type WhereConsulIs = { readonly CONSUL_BIN?: string | undefined; readonly PATH?: string | undefined };

const versionTimeoutMs = 20_000;
const help = "Install Consul so that consul is on the PATH, or set CONSUL_BIN to its file.";

/**
 * The file that CONSUL_BIN names, else the first `consul` on the PATH. Quick: it isn't run.
 * @throws AppError `conflict` with where it was looked for.
 */
export async function locateConsul(env: WhereConsulIs): Promise<string> {
  const file =
    env.CONSUL_BIN === undefined ? await firstOnPath(env.PATH ?? "") : path.resolve(env.CONSUL_BIN);
  if (file === null) throw missing(`There is no consul program on Snapkeep's PATH. ${help}`);
  if (await isProgram(file)) return file;
  throw missing(`${file}, that CONSUL_BIN names, is not a program. ${help}`);
}

/**
 * The consul program, asked for its version, so that a file that doesn't run here is told at once.
 * @throws AppError `conflict`
 */
export async function findConsulBinary(env: WhereConsulIs): Promise<ConsulBinary> {
  const file = await locateConsul(env);
  const version = await versionOf(file);
  if (version !== null) return { file, version };
  throw missing(`${file} is not a consul program that runs here. ${help}`);
}

async function firstOnPath(folders: string): Promise<string | null> {
  for (const folder of folders.split(path.delimiter).filter((one) => one !== "")) {
    const file = path.resolve(folder, "consul");
    if (await isProgram(file)) return file;
  }
  return null;
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}

/** `1.8.7`; Enterprise's `1.8.7+ent` keeps its end. */
function versionOf(file: string): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(
      file,
      ["version"],
      { timeout: versionTimeoutMs, env: { NODE_ENV: "production" } },
      (error, stdout) =>
        resolve(error === null ? (/Consul v(\d+\.\d+\.\d+\S*)/.exec(stdout)?.[1] ?? null) : null),
    );
  });
}

export function isAtLeast(version: string, major: number, minor: number): boolean {
  const [actualMajor = 0, actualMinor = 0] = version.split(".").map(Number);
  return actualMajor > major || (actualMajor === major && actualMinor >= minor);
}

function missing(userMessage: string): AppError {
  return new AppError({ code: "conflict", userMessage });
}
