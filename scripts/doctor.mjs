// npm run doctor: says what is here, what is missing and how to get it. Works before anything is installed.
import { constants, existsSync, promises as fs } from "node:fs";
import path from "node:path";
import { isBuildFresh, isBuilt } from "./build.mjs";
import { arePackagesReady, checkNode, isClientReady } from "./lib/bootstrap.mjs";
import { findChromium } from "./lib/chromium.mjs";
import { findConsul } from "./lib/consul-binary.mjs";
import { compilerHint, missingCompilerParts } from "./lib/install.mjs";
import { inRepo, shortPath } from "./lib/paths.mjs";
import { isPortFree, wantedAddress } from "./lib/port.mjs";
import { run } from "./lib/run.mjs";
import { progress } from "./lib/say.mjs";

const freeBytesMin = 2_000_000_000;

const ok = (text) => ({ state: "ok", text });
/** Made by the commands themselves as soon as it is needed. */
const later = (text) => ({ state: "later", text });
/** Needed for some of the commands. */
const missing = (text) => ({ state: "missing", text });
/** `npm start` can't do without it. */
const blocking = (text) => ({ state: "blocking", text });

async function versionOf(command) {
  const { code, output } = await run(command, ["--version"]);
  return code === 0 ? output.trim().split("\n")[0] : null;
}

function checkNodeVersion() {
  try {
    checkNode();
    return ok(process.versions.node);
  } catch (error) {
    return blocking(error.message);
  }
}

async function checkNpm() {
  const version = await versionOf("npm");
  return version === null ? blocking("npm comes with Node: install both together.") : ok(version);
}

async function checkCompiler() {
  const parts = await missingCompilerParts();
  if (parts.length === 0) return ok("python3, make, g++");
  const text = `${parts.join(", ")}: needed where no prebuilt better-sqlite3 can be fetched. ${compilerHint}`;
  return missing(text);
}

function checkPackages() {
  if (arePackagesReady()) return ok("as package-lock.json says");
  const state = existsSync(inRepo("node_modules"))
    ? "not yet checked against package-lock.json"
    : "not installed";
  return later(`${state}; every command sees to it, or: npm ci`);
}

function checkClient() {
  return isClientReady() ? ok("of this schema") : later("not generated; every command sees to it");
}

function checkBuild() {
  if (isBuildFresh()) return ok("of these sources");
  return later(
    isBuilt() ? "older than the sources; `npm run build`" : "none; `npm run build` or `npm start`",
  );
}

async function checkConsul() {
  try {
    const consul = await findConsul({ fetch: false });
    return ok(`${consul.version}, ${shortPath(consul.path)} (${consul.source})`);
  } catch (error) {
    return missing(`only the demo and the tests need it; on Debian they fetch it. ${error.message}`);
  }
}

async function checkChromium() {
  try {
    const chromium = await findChromium({ fetch: false });
    if (chromium.path === null) return ok("Playwright's own");
    return ok(`${chromium.version ?? ""} ${chromium.path} (${chromium.source})`.trim());
  } catch (error) {
    return missing(`only the browser tests need it; they try to fetch it. ${error.message}`);
  }
}

/** The nearest folder above that exists: the data folder itself may be made later. */
function existingParent(folder) {
  return existsSync(folder) ? folder : existingParent(path.dirname(folder));
}

async function checkDisk(dataFolder) {
  const { bavail, bsize } = await fs.statfs(existingParent(dataFolder));
  const freeBytes = bavail * bsize;
  const text = `${(freeBytes / 1e9).toFixed(1)} GB free`;
  return freeBytes < freeBytesMin
    ? missing(`${text}: little for archives. Move SNAPKEEP_DATA elsewhere.`)
    : ok(text);
}

async function checkDataFolder(dataFolder) {
  try {
    await fs.access(existingParent(dataFolder), constants.W_OK | constants.X_OK);
    return ok(`${shortPath(dataFolder)}${existsSync(dataFolder) ? "" : " (will be made)"}`);
  } catch {
    return blocking(
      `${dataFolder} can't be written. Give it to this user, or set SNAPKEEP_DATA to another folder.`,
    );
  }
}

async function checkPort() {
  const { host, port } = wantedAddress();
  if (await isPortFree(port, host)) return ok(`${port} on ${host} is free`);
  return blocking(`${port} on ${host} is taken. Stop what listens there, or set SNAPKEEP_PORT to another.`);
}

async function checkGit() {
  const version = await versionOf("git");
  return version === null ? missing("only development needs it.") : ok(version.replace("git version ", ""));
}

const dataFolder = path.resolve(inRepo(), process.env.SNAPKEEP_DATA?.trim() || ".snapkeep");
const lines = {
  Node: checkNodeVersion,
  npm: checkNpm,
  Compiler: checkCompiler,
  Packages: checkPackages,
  "Prisma client": checkClient,
  Build: checkBuild,
  Consul: checkConsul,
  Chromium: checkChromium,
  "Free disk": () => checkDisk(dataFolder),
  "Data folder": () => checkDataFolder(dataFolder),
  Port: checkPort,
  git: checkGit,
};
const marks = { ok: ["✓", "green"], later: ["·", "dim"], missing: ["!", "yellow"], blocking: ["✗", "red"] };

function conclude(states) {
  if (states.includes("blocking")) return "`npm start` can't run yet: see the lines marked ✗.";
  if (states.includes("missing"))
    return "`npm start` can run. Lines marked ! say what other commands would lack.";
  return "All is here: `npm run demo` shows Snapkeep, `npm start` serves it, `npm test` tests it.";
}

const states = [];
for (const [name, check] of Object.entries(lines)) {
  const { state, text } = await check();
  const [mark, colour] = marks[state];
  states.push(state);
  console.log(`${progress.paint(colour, mark)} ${name.padEnd(14)} ${text}`);
}
console.log(`\n${conclude(states)}`);
process.exitCode = states.includes("blocking") ? 1 : 0;
