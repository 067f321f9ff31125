// npm run dev: the server from its sources. A change in core/ or server/ starts it anew, one in app/ is taken over
// by Next.js without that.
import { ensureGenerated, ensurePackages } from "./lib/bootstrap.mjs";
import { inRepo } from "./lib/paths.mjs";
import { isPortFree, wantedAddress } from "./lib/port.mjs";
import { endOnSignals, runNode, stopAll } from "./lib/run.mjs";
import { runMain, Trouble } from "./lib/trouble.mjs";

async function checkPort() {
  const { host, port } = wantedAddress();
  if (await isPortFree(port, host)) return;
  throw new Trouble(
    `Port ${port} on ${host} is taken. Choose another: SNAPKEEP_PORT=${port + 1} npm run dev`,
  );
}

function runServer() {
  const watcher = inRepo("node_modules/tsx/dist/cli.mjs");
  return runNode([watcher, "watch", "--clear-screen=false", "server/main.ts"], {
    show: true,
    env: { NODE_ENV: "development", SNAPKEEP_DEV: "1", NEXT_TELEMETRY_DISABLED: "1" },
  });
}

await runMain(async () => {
  await ensurePackages();
  await ensureGenerated();
  await checkPort();
  endOnSignals(stopAll, { code: 0 });
  process.exitCode = (await runServer()).code ?? 1;
});
