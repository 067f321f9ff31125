import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import { repoRoot } from "./paths.mjs";

const isPosix = process.platform !== "win32";
const outputCharsMax = 4 * 1024 * 1024;
const running = new Set();

/** Signals a whole process group: what a command started goes with it. Says whether anybody was there. */
function signalGroup(child, signal) {
  if (child.pid === undefined) return false;
  try {
    return process.kill(isPosix ? -child.pid : child.pid, signal);
  } catch {
    return false;
  }
}

/** Cuts a stream of text into lines; `flush` hands over what came after the last line break. */
export function createLineSplitter(onLine) {
  let rest = "";
  return {
    push(text) {
      const lines = (rest + text).split(/\r?\n/);
      rest = lines.pop() ?? "";
      for (const line of lines) onLine(line);
    },
    flush() {
      if (rest !== "") onLine(rest);
      rest = "";
    },
  };
}

/** Resolves when the child is gone, with its code; never rejects. Then nothing of its group is left either. */
function waitForEnd(child, output) {
  return new Promise((resolve) => {
    child.once("error", (error) => {
      output.text += `${error.message}\n`;
      if (child.pid === undefined) resolve({ code: 127, signal: null, output: output.text });
    });
    child.once("exit", (code, signal) => {
      signalGroup(child, "SIGKILL");
      const finish = () => resolve({ code, signal, output: output.text });
      // A process that left the group may still hold the pipes open; it must not make us wait for it.
      setTimeout(finish, 2_000).unref();
      child.once("close", finish);
    });
  });
}

/**
 * Starts a command at the head of its own process group, without standard input.
 *
 * `onLine(line, "stdout" | "stderr")` hears each line, without colours. `ended` resolves to `{ code, signal, output }` with the
 * last 4 MB of both streams; a command that can't be started has code 127. `stop` ends the whole group. With
 * `show` the command writes where we do, and nothing of it is heard or kept.
 */
export function start(command, args = [], options = {}) {
  const { cwd = repoRoot, env = {}, onLine, ipc = false, show = false } = options;
  const stream = show ? "inherit" : "pipe";
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", stream, stream, ...(ipc ? ["ipc"] : [])],
    detached: isPosix,
  });
  const output = { text: "" };
  for (const name of show ? [] : ["stdout", "stderr"]) {
    const splitter = createLineSplitter((painted) => {
      const line = stripVTControlCharacters(painted);
      output.text = `${output.text}${line}\n`.slice(-outputCharsMax);
      onLine?.(line, name);
    });
    child[name].setEncoding("utf8").on("data", splitter.push).on("end", splitter.flush);
  }
  const ended = waitForEnd(child, output);
  const handle = { child, ended, stop: (options) => stopGroup(child, ended, options) };
  running.add(handle);
  if (ending === null) endOnSignals(() => stopAll({ graceMs: 3_000 }));
  void ended.then(() => running.delete(handle));
  return handle;
}

/** Runs a command to its end. */
export function run(command, args, options) {
  return start(command, args, options).ended;
}

/** Runs Node itself on a file of the checkout or of its packages. */
export function runNode(args, options) {
  return run(process.execPath, args, options);
}

/** Asks a group to end, and makes it when it doesn't. */
async function stopGroup(child, ended, { signal = "SIGTERM", graceMs = 8_000 } = {}) {
  signalGroup(child, signal);
  const late = sleep(graceMs, "late", { ref: false });
  if ((await Promise.race([ended, late])) === "late") signalGroup(child, "SIGKILL");
  await ended;
}

/** Ends everything that `start` began and that still runs. */
export async function stopAll(options) {
  await Promise.all([...running].map((handle) => handle.stop(options)));
}

// The last resort for whatever path leads out of this process, SIGKILL excepted.
process.on("exit", () => {
  for (const { child } of running) signalGroup(child, "SIGKILL");
});

const signalCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };
let ending = null;
let parentWatch = null;

async function end(signal) {
  const { cleanUp, code, hasBegun } = ending;
  // Later signals are ignored: npm repeats the Ctrl-C that the terminal sent to us as well.
  if (hasBegun) return;
  ending.hasBegun = true;
  try {
    await cleanUp();
  } finally {
    process.exit(code ?? signalCodes[signal]);
  }
}

/**
 * Runs `cleanUp` once at the first Ctrl-C, kill or closed terminal, then ends the process. What `start` began is
 * in groups of its own and hears none of these, so that without any `cleanUp` of a caller it is stopped here.
 */
export function endOnSignals(cleanUp, { code } = {}) {
  const isFirst = ending === null;
  ending = { cleanUp, code, hasBegun: false };
  if (!isFirst) return;
  for (const signal of Object.keys(signalCodes)) process.on(signal, end);
  watchNpm();
}

/** npm passes two signals on; one that it dies of takes us along all the same. */
function watchNpm() {
  if (!process.env.npm_lifecycle_event) return;
  const npm = process.ppid;
  parentWatch = setInterval(() => {
    if (process.ppid !== npm) void end("SIGHUP");
  }, 1_000).unref();
}

/** Gives the signals back, to code that has a way of its own to end. */
export function leaveSignals() {
  ending = null;
  clearInterval(parentWatch);
  for (const signal of Object.keys(signalCodes)) process.off(signal, end);
}
