// npm run demo: a throwaway Consul and Snapkeep beside it, with a first snapshot taken. Ctrl-C ends all of it.
//   --once            ends after the first snapshots (for tests)
//   CONSUL_HTTP_ADDR  uses that server (and the other CONSUL_* variables) instead of starting one
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { ensureBuilt } from "./build.mjs";
import { ApiClient } from "./lib/api-client.mjs";
import { checkNode } from "./lib/bootstrap.mjs";
import { makeDemoFolder, removeDemoFolder } from "./lib/demo-folder.mjs";
import { startSnapkeep } from "./lib/demo-server.mjs";
import { needConsul } from "./lib/needs.mjs";
import { inRepo, shortPath } from "./lib/paths.mjs";
import { isPortFree, nextFreePort, wantedAddress } from "./lib/port.mjs";
import { endOnSignals, start, stopAll } from "./lib/run.mjs";
import { progress, say, withStep } from "./lib/say.mjs";
import { withoutOwnSettings } from "./lib/test-room.mjs";
import { lastLines } from "./lib/text.mjs";
import { runMain, Trouble } from "./lib/trouble.mjs";

const isOnce = process.argv.includes("--once");
const username = "admin";

async function choosePort() {
  const { host, port, isExplicit } = wantedAddress();
  if (await isPortFree(port, host)) return { host, port };
  if (isExplicit)
    throw new Trouble(`Port ${port} is taken. Stop what listens there, or set SNAPKEEP_PORT to another.`);
  const free = await nextFreePort(port + 1, host);
  if (free === null)
    throw new Trouble(`Port ${port} is taken, and so are those after it. Set SNAPKEEP_PORT.`);
  say(`Port ${port} is taken, so this demo uses ${free}.`);
  return { host, port: free };
}

/** Resolves with the message of the child that says where its Consul is. */
async function startConsul(step) {
  const binary = await needConsul().catch((error) => {
    throw new Trouble(`${error.message}\nOr use a Consul of yours: CONSUL_HTTP_ADDR=<address> npm run demo`);
  });
  const consul = start(process.execPath, ["--import", "tsx", inRepo("scripts/lib/demo-consul.ts")], {
    ipc: true,
    env: { ...withoutOwnSettings(), CONSUL_BIN: binary.path },
  });
  return new Promise((resolve, reject) => {
    consul.child.on("message", (message) => {
      if (message.kind === "doing") step.detail(message.text);
      if (message.kind === "ready") resolve({ ...message, version: binary.version });
      if (message.kind === "failed") reject(new Trouble(`The demo's Consul did not start: ${message.text}`));
    });
    void consul.ended.then(({ output }) => reject(new Trouble(`The demo's Consul ended.\n${output}`)));
  });
}

/** What Snapkeep gets to hear of Consul: the throwaway one's address, or the caller's own environment. */
async function prepareConsul() {
  const own = process.env.CONSUL_HTTP_ADDR?.trim();
  if (own) {
    say(`Using the Consul at CONSUL_HTTP_ADDR (${own}); no other is started.`);
    return { env: {}, datacenters: null };
  }
  const consul = await withStep("Starting Consul", startConsul);
  say(`  Consul ${consul.version} at ${consul.address}; leader of dc1 is ${consul.leader}`);
  return {
    env: { ...withoutOwnSettings(), CONSUL_HTTP_ADDR: consul.address, CONSUL_HTTP_TOKEN: consul.token },
    datacenters: consul.datacenters,
  };
}

async function knownDatacenters(api) {
  for (let attempt = 0; attempt < 40; attempt++) {
    const { datacenters } = await api.get("/api/v1/datacenters");
    const names = datacenters.filter((one) => one.state === "ok").map((one) => one.datacenter);
    if (names.length > 0) return names;
    await sleep(500);
  }
  throw new Trouble(
    "Snapkeep reached no datacenter at CONSUL_HTTP_ADDR. Is the address right, and the token?",
  );
}

async function takeSnapshot(api, clusterId, datacenter, step) {
  const { id } = await api.post("/api/v1/snapshots", { clusterId, datacenter, mode: "consistent" });
  for (;;) {
    const row = await api.get(`/api/v1/snapshots/${id}`);
    if (row.state === "verified")
      return `index ${row.raftIndex}, ${(row.archiveBytes / 1_000).toFixed(0)} kB, verified`;
    if (row.state !== "taking") {
      throw new Trouble(`The snapshot of ${datacenter} ended as ${row.state}. ${row.failureText ?? ""}`);
    }
    step.detail(row.progress?.phase ?? "");
    await sleep(200);
  }
}

async function takeFirstSnapshots(api, datacenters) {
  const { clusters } = await api.get("/api/v1/clusters");
  const cluster = clusters.find((one) => one.source === "environment") ?? clusters[0];
  if (cluster === undefined)
    throw new Trouble("Snapkeep knows no cluster, although CONSUL_HTTP_ADDR is set.");
  for (const datacenter of datacenters ?? (await knownDatacenters(api))) {
    await withStep(`Taking a snapshot of ${datacenter}`, (step) =>
      takeSnapshot(api, cluster.id, datacenter, step),
    );
  }
}

function printClosing({ url, password, folder }) {
  const bold = (text) => progress.paint("bold", text);
  say(`
  ${bold("Snapkeep is ready")}

    Address     ${bold(url)}
    User name   ${bold(username)}
    Password    ${bold(password)}
    Data        ${shortPath(folder)} (removed at the end)

  Try: take a stale snapshot of dc1, download one and look at it with \`consul snapshot inspect\`,
  delete a key in Consul and restore the snapshot that still has it.

  Ctrl-C stops all of it.`);
}

async function main() {
  checkNode();
  const address = await choosePort();
  await ensureBuilt();
  const folder = makeDemoFolder();
  const stop = async () => {
    await stopAll();
    removeDemoFolder(folder);
  };
  let isEnding = false;
  // Ctrl-C is how a demo ends, hence it ends well.
  endOnSignals(
    async () => {
      isEnding = true;
      say("\nStopping Snapkeep and Consul");
      await stop();
    },
    { code: 0 },
  );
  try {
    const server = await runDemo(address, folder);
    if (!isOnce) throw await afterTheEnd(server);
  } catch (error) {
    // Whatever fails while all is being stopped fails because of that.
    if (isEnding) return await new Promise(() => {});
    await stop();
    throw error;
  }
  await stop();
  say("Stopped; nothing is left running.");
}

/** Resolves when the server has ended by itself, which only Ctrl-C should bring about. */
async function afterTheEnd(server) {
  const { output } = await server.ended;
  return new Trouble(`${lastLines(output, 20)}\n\nSnapkeep ended by itself.`);
}

/** Brings all of it up, to the closing words; resolves with the running server. */
async function runDemo({ host, port }, folder) {
  const consul = await prepareConsul();
  const { server, setupToken } = await withStep("Starting Snapkeep", () =>
    startSnapkeep({ host, port, env: { ...consul.env, SNAPKEEP_DATA: folder } }),
  );
  const url = `http://${host}:${port}`;
  const password = randomBytes(12).toString("base64url");
  const api = new ApiClient(url);
  await withStep("Creating the administrator", () =>
    api.post("/api/v1/setup", { setupToken, username, password }).then(() => ""),
  );
  await takeFirstSnapshots(api, consul.datacenters);
  printClosing({ url, password, folder });
  return server;
}

await runMain(main);
