// Runs the real command for tests: the bundle, in a process of its own.
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { bundleCommand } from "../../scripts/lib/bundle.mjs";

export type CommandResult = {
  readonly code: number | null;
  readonly out: string;
  readonly bytes: Buffer;
  readonly errors: string;
};

export type RunOptions = {
  /** `open` leaves it open, with nothing in it. */
  readonly stdin?: Uint8Array | "open";
  readonly env?: Readonly<Record<string, string>>;
  /** Closes our end of stdout after this many bytes, as `head` does. */
  readonly closeAfterBytes?: number;
  /** Sent when the first bytes of stdout are there. */
  readonly signal?: NodeJS.Signals;
};

export type CommandRoom = Awaited<ReturnType<typeof openCommandRoom>>;

/** A temporary folder with the command in it. It's the working directory, so files are named as they are. */
export async function openCommandRoom() {
  const folder = await mkdtemp(path.join(tmpdir(), "snapkeep-cli-"));
  await bundleCommand(folder);
  return {
    folder,
    write: (name: string, content: Uint8Array | string) => writeFile(path.join(folder, name), content),
    run: (args: readonly string[], options: RunOptions = {}) => startCommand(folder, args, options).ended,
    /** The same, with its process at hand. */
    start: (args: readonly string[], options: RunOptions = {}) => startCommand(folder, args, options),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

function startCommand(folder: string, args: readonly string[], options: RunOptions) {
  const { stdin, env, closeAfterBytes, signal } = options;
  const child = spawn(process.execPath, [path.join(folder, "snapkeep.mjs"), ...args], {
    cwd: folder,
    env: { NODE_ENV: "test", PATH: process.env.PATH, ...env },
  });
  const out: Buffer[] = [];
  const errors: Buffer[] = [];
  let outBytes = 0;
  child.stdout.on("data", (chunk: Buffer) => {
    if (outBytes === 0 && signal !== undefined) child.kill(signal);
    out.push(chunk);
    outBytes += chunk.length;
    if (closeAfterBytes !== undefined && outBytes >= closeAfterBytes) child.stdout.destroy();
  });
  child.stderr.on("data", (chunk: Buffer) => errors.push(chunk));
  // A command that ends without reading its stdin is no fault of the test's.
  child.stdin.on("error", () => undefined);
  if (stdin !== "open") child.stdin.end(stdin);
  const ended = new Promise<CommandResult>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      const bytes = Buffer.concat(out);
      resolve({ code, bytes, out: bytes.toString("utf8"), errors: Buffer.concat(errors).toString("utf8") });
    });
  });
  return { child, ended };
}
