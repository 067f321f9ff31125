import { spawn } from "node:child_process";
import { inRepo } from "../lib/paths.mjs";
import { run, start } from "../lib/run.mjs";
import { Trouble } from "../lib/trouble.mjs";

/** Runs a command to its end and measures it from outside. */
export async function timed(command, args, options = {}) {
  const startedAt = performance.now();
  const { code, output } = await run(command, args, options);
  const ms = performance.now() - startedAt;
  if (code !== 0) throw new Trouble(`${command} ended with code ${code}: ${output.slice(0, 500)}`);
  return { ms, output };
}

/**
 * curl with its own figures: its clock leaves out the start of the process. It fails for statuses from 400 on.
 * @returns {Promise<{ ms: number, firstByteMs: number }>}
 */
export async function curl(...args) {
  const format = "%{time_total} %{time_starttransfer} %{http_code}";
  const { output } = await timed("curl", [
    "--silent",
    "--show-error",
    "--fail",
    "--write-out",
    format,
    ...args,
  ]);
  const [total, first] = output.trim().split("\n").at(-1).split(" ").map(Number);
  return { ms: total * 1_000, firstByteMs: first * 1_000 };
}

/** What earlier writers left in the page cache must not be written during, and at the cost of, the next run. */
export async function settleDisk() {
  await timed("sync", []);
}

/** Sees whether a command can be started at all. */
export function isThere(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: "ignore" });
    child.once("error", () => resolve(false));
    child.once("exit", () => resolve(true));
  });
}

/** A bare node:http server that sends `file` at every request. */
export async function startBareServer(file) {
  const server = start(process.execPath, [inRepo("scripts/bench/bare-server.mjs"), file], { ipc: true });
  const { port } = await new Promise((resolve, reject) => {
    server.child.once("message", resolve);
    void server.ended.then(({ output }) => reject(new Trouble(`The bare server ended.\n${output}`)));
  });
  return { url: `http://127.0.0.1:${port}/`, stop: () => server.stop() };
}
