import { existsSync, readFileSync } from "node:fs";
import { installPackages, prismaEnvironment } from "./install.mjs";
import { withLock } from "./lock.mjs";
import { inRepo, repoRoot } from "./paths.mjs";
import { runNode } from "./run.mjs";
import { say, withStep } from "./say.mjs";
import { hashFiles, readStamp, removeStamp, writeStamp } from "./stamp.mjs";
import { Trouble } from "./trouble.mjs";

const nodeMinimum = [20, 19];
const packagesStamp = inRepo("node_modules", ".snapkeep-stamp");
const generatedStamp = inRepo("core", "db", "generated", ".snapkeep-stamp");

export function isNodeNewEnough(version = process.versions.node) {
  const [major, minor] = version.split(".").map(Number);
  return major > nodeMinimum[0] || (major === nodeMinimum[0] && minor >= nodeMinimum[1]);
}

export function checkNode() {
  if (isNodeNewEnough()) return;
  throw new Trouble(
    `Snapkeep needs Node ${nodeMinimum.join(".")} or newer, and this is ${process.versions.node}. Node 24 is what we recommend.`,
  );
}

/** A native module is bound to Node's ABI and to the machine, so that both belong to the stamp. */
function wantedPackages() {
  const machine = `${process.platform}-${process.arch}-${process.versions.modules}`;
  return hashFiles(repoRoot, ["package-lock.json"], machine);
}

export function arePackagesReady() {
  return readStamp(packagesStamp) === wantedPackages();
}

/**
 * Whether what npm noted about node_modules is what the lock file asks for. Packages for other platforms and
 * optional ones may be missing.
 */
export function lockAgrees(wanted, installed) {
  return Object.entries(wanted).every(([name, entry]) => {
    if (name === "") return true;
    const there = installed[name];
    if (there === undefined)
      return entry.optional === true || entry.devOptional === true || entry.peer === true;
    return there.version === entry.version && there.integrity === entry.integrity;
  });
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(inRepo(file), "utf8")).packages ?? {};
  } catch {
    return null;
  }
}

/** An `npm install` by hand is as good as ours, when it is complete and the native module loads. */
async function installedByHand() {
  const wanted = readPackages("package-lock.json");
  const installed = readPackages("node_modules/.package-lock.json");
  if (wanted === null || installed === null || !lockAgrees(wanted, installed)) return false;
  const probe = 'new (require("better-sqlite3"))(":memory:").close()';
  return (await runNode(["-e", probe])).code === 0;
}

/** Makes node_modules what package-lock.json says. Takes no time when it is. */
export async function ensurePackages() {
  checkNode();
  if (arePackagesReady()) return;
  await withLock(
    "packages",
    () => say("Waiting for another command that installs packages here"),
    async () => {
      if (arePackagesReady()) return;
      if (!(await installedByHand())) {
        if (existsSync(inRepo("node_modules"))) say("The packages here are not those of package-lock.json.");
        removeStamp(packagesStamp);
        await installPackages();
      }
      writeStamp(packagesStamp, wantedPackages());
    },
  );
}

function wantedClient() {
  return hashFiles(repoRoot, ["prisma/schema.prisma", "prisma.config.ts"], readPrismaVersion());
}

function readPrismaVersion() {
  return JSON.parse(readFileSync(inRepo("node_modules", "prisma", "package.json"), "utf8")).version;
}

export function isClientReady() {
  return existsSync(inRepo("node_modules", "prisma")) && readStamp(generatedStamp) === wantedClient();
}

/** Generates the Prisma client into core/db/generated when the schema is another than last time. */
export async function ensureGenerated() {
  if (isClientReady()) return;
  await withLock(
    "prisma",
    () => say("Waiting for another command that generates the client"),
    async () => {
      if (isClientReady()) return;
      await withStep("Generating the Prisma client", async () => {
        const { code, output } = await runNode([inRepo("node_modules/prisma/build/index.js"), "generate"], {
          env: prismaEnvironment,
        });
        if (code !== 0) throw new Trouble(`${output.trim()}\n\nprisma generate failed; its words are above.`);
        writeStamp(generatedStamp, wantedClient());
      });
    },
  );
}
