import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { request } from "@playwright/test";
import { keepLog, noteSecret } from "#core/testing/evidence.ts";
import { reservePorts } from "#core/testing/free-ports.ts";
import { makeTempFolder, registerChild, removeTempFolder } from "#core/testing/leftovers.ts";

/** The real, built Snapkeep in a process of its own, with a fresh data folder. */
export type Snapkeep = {
  baseUrl: string;
  dataFolder: string;
  setupToken: string;
  stop(): Promise<void>;
};

const bundle = "dist/main.mjs";

/**
 * @param env CONSUL_HTTP_* and what else it should see.
 * @param own where it is to be found, for a test that has to know that before: a base URL on this machine.
 */
export async function startSnapkeep(env: Record<string, string> = {}, own?: string): Promise<Snapkeep> {
  if (!existsSync(bundle)) throw new Error("The app isn't built. Run: npm run build");
  const dataFolder = makeTempFolder("snapkeep-e2e-");
  const reserved = own === undefined ? await reservePorts(1) : null;
  const baseUrl = own ?? `http://127.0.0.1:${reserved?.ports[0] ?? 0}`;
  const child = spawn(process.execPath, [bundle], {
    env: {
      ...withoutConsul(process.env),
      ...env,
      NODE_ENV: "production",
      SNAPKEEP_DATA: dataFolder,
      SNAPKEEP_PORT: new URL(baseUrl).port,
      ...(own === undefined ? {} : { SNAPKEEP_BASE_URL: own }),
      SNAPKEEP_LOG_LEVEL: "warn",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  registerChild(child);
  const output = await untilReady(child);
  return {
    baseUrl,
    dataFolder,
    setupToken: /Setup token: (\S+)/.exec(output)?.[1] ?? "",
    stop: async () => {
      await stop(child, dataFolder);
      reserved?.release();
    },
  };
}

function withoutConsul(env: NodeJS.ProcessEnv): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(?:CONSUL|SNAPKEEP)_/.test(name)));
}

function untilReady(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = "";
    let ready = false;
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      keepLog(chunk.toString());
      // The token is the last line that a first start prints.
      if (!ready && output.includes("Setup token:")) {
        ready = true;
        resolve(output);
      }
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("exit", (code) => reject(new Error(`Snapkeep ended with ${code}:\n${output}`)));
  });
}

async function stop(child: ChildProcess, dataFolder: string): Promise<void> {
  const ended = new Promise((resolve) => child.once("exit", resolve));
  if (child.exitCode === null) {
    child.kill("SIGTERM");
    await ended;
  }
  removeTempFolder(dataFolder);
}

export const admin = { username: "ops-primary", password: noteSecret("a long pass phrase for tests") };

/** Creates the administrator through the JSON API. @returns the browser state that is signed in. */
export async function signUp(snapkeep: Snapkeep) {
  const api = await request.newContext({
    baseURL: snapkeep.baseUrl,
    extraHTTPHeaders: { origin: snapkeep.baseUrl },
  });
  const answer = await api.post("/api/v1/setup", { data: { setupToken: snapkeep.setupToken, ...admin } });
  if (!answer.ok()) throw new Error(`setup answered ${answer.status()}: ${await answer.text()}`);
  const state = await api.storageState();
  await api.dispose();
  return state;
}
