import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { keepLog, noteSecret } from "./evidence.ts";
import { reservePorts } from "./free-ports.ts";
import { makeTempFolder, registerChild, removeTempFolder } from "./leftovers.ts";
import { StopWaiting, waitFor } from "./wait-for.ts";

const projectFolder = path.join(path.dirname(fileURLToPath(import.meta.url)), "..", "..");

export interface ServerProcess {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  readonly dataFolder: string;
  /** What it has printed so far, its log included. */
  output(): string;
  /** Of the session that {@link startServerProcess} made as the first administrator; for a Cookie header. */
  readonly cookie: string;
  stop(): Promise<void>;
  /** Ends it as stop does; its data folder is the caller's then. */
  stopKeepingData(): Promise<void>;
}

/**
 * Starts the built Snapkeep as `npm start` does, on a data folder of its own, and signs its first
 * administrator in.
 * @throws when there is no build: a test of it must not pass without.
 */
export async function startServerProcess(env: Record<string, string> = {}): Promise<ServerProcess> {
  const main = path.join(projectFolder, "dist", "main.mjs");
  for (const file of [main, path.join(projectFolder, ".next", "BUILD_ID")]) {
    if (!existsSync(file)) throw new Error(`${file} is missing. Run \`npm run build\` first.`);
  }
  const block = await reservePorts(1);
  const dataFolder = makeTempFolder("snapkeep-server-");
  const child = spawn(process.execPath, [main], {
    cwd: projectFolder,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      NODE_ENV: "production",
      SNAPKEEP_DATA: dataFolder,
      SNAPKEEP_PORT: String(block.ports[0]),
      // A test asks more in a minute than a person does; the limit has a test of its own.
      SNAPKEEP_REQUESTS_PER_MINUTE: "1000000",
      ...env,
    },
  });
  registerChild(child);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      keepLog(text);
    });
  }
  const stopKeepingData = async () => {
    await end(child);
    block.release();
  };
  const stop = async () => {
    await stopKeepingData();
    removeTempFolder(dataFolder);
  };
  const origin = `http://127.0.0.1:${block.ports[0]}`;
  try {
    const token = await setupTokenOf(child, () => output);
    return {
      origin,
      dataFolder,
      output: () => output,
      cookie: await setUp(origin, token),
      stop,
      stopKeepingData,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

const password = noteSecret("correct horse battery staple");

function setupTokenOf(child: ChildProcess, output: () => string): Promise<string> {
  return waitFor("the server to print its setup token", async () => {
    if (child.exitCode !== null)
      throw new StopWaiting(new Error(`The server ended: ${output().slice(-2_000)}`));
    return /^Setup token: (\S+)$/m.exec(output())?.[1] ?? null;
  });
}

async function setUp(origin: string, setupToken: string): Promise<string> {
  const answer = await fetch(`${origin}/api/v1/setup`, {
    method: "POST",
    headers: { Origin: origin },
    body: JSON.stringify({ setupToken: noteSecret(setupToken), username: "grace", password }),
  });
  if (answer.status !== 200) throw new Error(`The set-up answered ${answer.status}: ${await answer.text()}`);
  const pairs = answer.headers.getSetCookie().map((line) => line.split(";")[0] ?? "");
  for (const pair of pairs) noteSecret(decodeURIComponent(pair.slice(pair.indexOf("=") + 1)));
  return pairs.join("; ");
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  await gone;
}
