import { createConnection } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { inRepo } from "./paths.mjs";
import { start } from "./run.mjs";
import { serverEnvironment, serverFlags } from "./server-flags.mjs";
import { lastLines } from "./text.mjs";
import { Trouble } from "./trouble.mjs";

const startTimeoutMs = 60_000;

function canConnect(port, host) {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

/**
 * Starts what `npm start` serves, and waits until it listens and has said its setup token.
 * `preload` names modules that run inside it before it does.
 */
export async function startSnapkeep({ host, port, env, preload = [] }) {
  let setupToken = null;
  const imports = [inRepo("scripts/lib/die-with-parent.mjs"), ...preload].flatMap((file) => [
    "--import",
    file,
  ]);
  const server = start(process.execPath, [...serverFlags, ...imports, inRepo("dist/main.mjs")], {
    ipc: true,
    env: {
      ...serverEnvironment,
      ...env,
      NODE_ENV: "production",
      SNAPKEEP_HOST: host,
      SNAPKEEP_PORT: String(port),
    },
    onLine: (line) => {
      setupToken ??= /Setup token: (\S+)/.exec(line)?.[1] ?? null;
    },
  });
  let death = null;
  void server.ended.then((end) => {
    death = end;
  });
  const giveUpAt = Date.now() + startTimeoutMs;
  while (setupToken === null || !(await canConnect(port, host))) {
    if (death !== null)
      throw new Trouble(`${lastLines(death.output, 20)}\n\nSnapkeep ended before it served.`);
    if (Date.now() > giveUpAt) {
      throw new Trouble(
        `Snapkeep did not get ready in ${startTimeoutMs / 1_000} s (no setup token, or no port).`,
      );
    }
    await sleep(100);
  }
  return { server, setupToken };
}
