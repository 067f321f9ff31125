/**
 * Finds a Consul binary, or fetches Debian's without touching the system.
 *
 * This file runs before any package is installed, so it uses Node's own modules only.
 */
import { execFile } from "node:child_process";
import {
  access,
  chmod,
  constants,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const repoRoot = fileURLToPath(new URL("../..", import.meta.url));
const cacheFolder = path.join(repoRoot, ".cache", "consul");
const cachedBinary = path.join(cacheFolder, "consul");
const lockFolder = path.join(cacheFolder, ".lock");
const debianKeyring = "/usr/share/keyrings/debian-archive-keyring.gpg";
/** The last Debian release that ships a `consul` package (1.8.7). */
const debianSuite = "bullseye";
const lockWaitMs = 5 * 60_000;

const howToInstall =
  "Install Consul (https://developer.hashicorp.com/consul/install) so that `consul` is on the PATH, " +
  "or set CONSUL_BIN to the path of a consul binary.";

/**
 * @typedef {{ path: string, version: string, source: "CONSUL_BIN" | "PATH" | "cache" | "debian" }} ConsulBinary
 */

/**
 * Looks at CONSUL_BIN, the PATH, the cached copy, and last (only with `fetch`) at Debian's package.
 *
 * @param {{ fetch: boolean, say?: (text: string) => void }} options
 * @returns {Promise<ConsulBinary>}
 * @throws {Error} with a sentence that says what to install.
 */
export async function findConsul({ fetch, say = () => {} }) {
  const named = process.env.CONSUL_BIN;
  if (named) {
    const version = await consulVersion(named);
    if (version === null)
      throw new Error(`CONSUL_BIN names ${named}, which is not a working consul binary. ${howToInstall}`);
    return { path: path.resolve(named), version, source: "CONSUL_BIN" };
  }
  const onPath = await findOnPath(["consul"]);
  if (onPath !== null) {
    const version = await consulVersion(onPath);
    if (version !== null) return { path: onPath, version, source: "PATH" };
  }
  const cached = await consulVersion(cachedBinary);
  if (cached !== null) return { path: cachedBinary, version: cached, source: "cache" };
  if (!fetch) throw new Error(`No consul binary was found. ${howToInstall}`);
  return fetchUnderLock(say);
}

/**
 * The first of the given commands that is an executable file on the PATH.
 *
 * @param {string[]} names
 * @returns {Promise<string | null>}
 */
export async function findOnPath(names) {
  const folders = (process.env.PATH ?? "").split(path.delimiter).filter((folder) => folder !== "");
  for (const name of names) {
    for (const folder of folders) {
      const file = path.join(folder, name);
      if (await isExecutable(file)) return file;
    }
  }
  return null;
}

/** @param {string} file */
async function isExecutable(file) {
  try {
    await access(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * The version that a binary reports ("1.8.7"), or null where it isn't a consul that runs here.
 *
 * @param {string} file
 */
async function consulVersion(file) {
  try {
    const { stdout } = await run(file, ["version"], { timeout: 20_000 });
    return /Consul v(\d+\.\d+\.\d+)/.exec(stdout)?.[1] ?? null;
  } catch {
    return null;
  }
}

/**
 * Two runs at once must not download twice: the second waits and then uses what the first left.
 *
 * @param {(text: string) => void} say
 * @returns {Promise<ConsulBinary>}
 */
async function fetchUnderLock(say) {
  await mkdir(cacheFolder, { recursive: true });
  await takeLock(say);
  try {
    const ready = await consulVersion(cachedBinary);
    if (ready !== null) return { path: cachedBinary, version: ready, source: "cache" };
    await fetchFromDebian(say);
    const version = await consulVersion(cachedBinary);
    if (version === null) throw new Error(`Debian's consul does not run on this machine. ${howToInstall}`);
    say(`Consul ${version} is ready in ${path.relative(repoRoot, cachedBinary)}`);
    return { path: cachedBinary, version, source: "debian" };
  } finally {
    await rm(lockFolder, { recursive: true, force: true });
  }
}

/** @param {(text: string) => void} say */
async function takeLock(say) {
  const giveUpAt = Date.now() + lockWaitMs;
  let told = false;
  for (;;) {
    try {
      await mkdir(lockFolder);
      await writeFile(path.join(lockFolder, "pid"), String(process.pid));
      return;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    // A holder that was killed leaves its folder behind; its process id tells.
    if (!(await lockHolderLives()) || Date.now() > giveUpAt) {
      await rm(lockFolder, { recursive: true, force: true });
      continue;
    }
    if (!told) say("Another run is fetching Consul, waiting for it");
    told = true;
    await sleep(300);
  }
}

async function lockHolderLives() {
  const text = await readFile(path.join(lockFolder, "pid"), "utf8").catch(() => "");
  if (text === "") {
    // The holder may stand between its mkdir and its write; give it a moment.
    await sleep(500);
    return (await readdir(lockFolder).catch(() => [])).length > 0;
  }
  try {
    process.kill(Number(text), 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** @param {(text: string) => void} say */
async function fetchFromDebian(say) {
  const tools = ["apt-get", "dpkg", "dpkg-deb"];
  for (const tool of tools) {
    if ((await findOnPath([tool])) === null) {
      throw new Error(
        `No consul binary was found, and this is not a Debian system to take one from. ${howToInstall}`,
      );
    }
  }
  const architecture = (await run("dpkg", ["--print-architecture"])).stdout.trim();
  if (architecture !== "amd64" && architecture !== "arm64") {
    throw new Error(`Snapkeep knows no consul package for ${architecture}. ${howToInstall}`);
  }
  // apt downloads as the user _apt, who must be able to enter the folder.
  const work = await mkdtemp(path.join(tmpdir(), "snapkeep-apt-"));
  await chmod(work, 0o755);
  try {
    const mirror = await debianMirror(work);
    say(
      `Fetching Debian's consul package (${debianSuite}, about 20 MB) from the mirror that this system uses`,
    );
    const config = await privateAptState(
      work,
      `deb [arch=${architecture} signed-by=${debianKeyring}] ${mirror} ${debianSuite} main\n`,
    );
    await apt(config, ["update"], work);
    say("Downloading the package");
    await apt(config, ["download", "consul"], work);
    const packageFile = (await readdir(work)).find((name) => /^consul_.*\.deb$/.test(name));
    if (packageFile === undefined) throw new Error(`apt-get downloaded no consul package. ${howToInstall}`);
    say(`Unpacking ${packageFile}`);
    await unpack(path.join(work, packageFile));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/**
 * Unpacks beside the cache's place, since only a rename within one file system is atomic.
 *
 * @param {string} packageFile
 */
async function unpack(packageFile) {
  const folder = await mkdtemp(path.join(cacheFolder, ".unpack-"));
  try {
    await run("dpkg", ["-x", packageFile, folder]);
    await rename(path.join(folder, "usr", "bin", "consul"), cachedBinary);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * The Debian mirror that the system's own sources name. apt lists its targets only once its lists are
 * downloaded (a fresh container has none), while the addresses that an update would read need nothing.
 *
 * @param {string} work
 */
async function debianMirror(work) {
  const none = new Error(`This system's apt names no Debian mirror to take consul from. ${howToInstall}`);
  const listed = await run("apt-get", [
    "indextargets",
    "--format",
    "$(ORIGIN)|$(LABEL)|$(COMPONENT)|$(SITE)",
  ]);
  for (const line of listed.stdout.split("\n")) {
    const [origin, label, component, site] = line.split("|");
    if (origin === "Debian" && label === "Debian" && component === "main" && site) return site;
  }
  const empty = path.join(work, "no-lists");
  await mkdir(path.join(empty, "partial"), { recursive: true });
  const printed = await run("apt-get", ["-o", `Dir::State::lists=${empty}`, "update", "--print-uris"]).catch(
    () => null,
  );
  for (const line of printed?.stdout.split("\n") ?? []) {
    // Suites of other archives (security, backports, a vendor's own) carry no plain release name.
    const match = /^'(\S+)\/dists\/(?:stable|oldstable|oldoldstable|testing|sid|[a-z]+)\/InRelease'/.exec(
      line,
    );
    if (match?.[1]?.replace(/\/$/, "").endsWith("/debian")) return match[1];
  }
  throw none;
}

/**
 * An apt that reads and writes only below `work`, with the system's proxy and network settings. The hooks
 * of the system's configuration would clean its caches after our update, hence they are cleared.
 *
 * @param {string} work
 * @param {string} sources
 */
async function privateAptState(work, sources) {
  for (const folder of ["state/lists/partial", "cache/archives/partial"]) {
    await mkdir(path.join(work, folder), { recursive: true });
  }
  await writeFile(path.join(work, "status"), "");
  await writeFile(path.join(work, "sources.list"), sources);
  const config = path.join(work, "apt.conf");
  await writeFile(
    config,
    [
      "#clear APT::Update::Pre-Invoke;",
      "#clear APT::Update::Post-Invoke;",
      "#clear APT::Update::Post-Invoke-Success;",
      `Dir::State "${work}/state";`,
      `Dir::State::lists "${work}/state/lists";`,
      `Dir::State::status "${work}/status";`,
      `Dir::Cache "${work}/cache";`,
      `Dir::Etc::sourcelist "${work}/sources.list";`,
      'Dir::Etc::sourceparts "/dev/null";',
      'Dir::Etc::preferences "/dev/null";',
      'Dir::Etc::preferencesparts "/dev/null";',
      `Dir::Log "${work}";`,
      'Acquire::Languages "none";',
      'Acquire::Retries "3";',
      "",
    ].join("\n"),
  );
  return config;
}

/**
 * @param {string} config
 * @param {string[]} command
 * @param {string} cwd apt-get puts what it downloads into the current folder.
 */
async function apt(config, command, cwd) {
  try {
    await run("apt-get", ["-c", config, "-q", ...command], {
      cwd,
      timeout: 10 * 60_000,
      maxBuffer: 16 * 1024 * 1024,
    });
  } catch (error) {
    const lastWords = String(error.stderr ?? error.message)
      .trim()
      .split("\n")
      .slice(-3)
      .join(" ");
    throw new Error(
      `apt-get ${command.join(" ")} failed while fetching consul: ${lastWords} ${howToInstall}`,
    );
  }
}
