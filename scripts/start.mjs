// npm start: serves the built app for real use, in this process. Builds first when there is no build, or when
// the sources here are newer than it.
import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { ensureBuilt, isBuildFresh, isBuilt } from "./build.mjs";
import { checkNode } from "./lib/bootstrap.mjs";
import { inRepo, repoRoot } from "./lib/paths.mjs";
import { isPortFree, wantedAddress } from "./lib/port.mjs";
import { leaveSignals } from "./lib/run.mjs";
import { say } from "./lib/say.mjs";
import { runMain, Trouble } from "./lib/trouble.mjs";

/** An installation may hold the products alone: without sources there is nothing to compare or to build. */
async function prepare() {
  if (isBuilt() && !existsSync(inRepo("server", "main.ts"))) return;
  if (isBuildFresh()) return;
  say(isBuilt() ? "The sources are newer than the build." : "There is no build yet.");
  await ensureBuilt();
}

async function checkPort() {
  const { host, port } = wantedAddress();
  if (port === 0 || (await isPortFree(port, host))) return;
  throw new Trouble(
    `Port ${port} on ${host} is taken. Stop what listens there, or choose another: SNAPKEEP_PORT=${port + 1} npm start`,
  );
}

await runMain(async () => {
  checkNode();
  await prepare();
  await checkPort();
  // From here on the server ends itself, gracefully.
  leaveSignals();
  process.chdir(repoRoot);
  process.env.NODE_ENV = "production";
  await import(pathToFileURL(inRepo("dist", "main.mjs")).href);
});
