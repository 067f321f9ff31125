/**
 * Finds a Chromium for the browser tests, or installs one where that is possible.
 *
 * This file runs before any package is installed, so it uses Node's own modules only.
 */
import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { findOnPath } from "./consul-binary.mjs";

const run = promisify(execFile);
const repoRoot = fileURLToPath(new URL("../..", import.meta.url));
const installTimeoutMs = 15 * 60_000;
const commandNames = ["chromium", "google-chrome", "google-chrome-stable", "chromium-browser"];

const howToInstall =
  "Install Chromium (on Debian: `sudo apt-get install chromium`; elsewhere: `npx playwright install chromium`), " +
  "or set CHROMIUM_BIN to the path of a Chromium or Chrome binary.";

/**
 * @typedef {{ path: string | null, version: string | null, source: "CHROMIUM_BIN" | "PATH" | "debian" | "playwright" }} Chromium
 * A null path means the browser that Playwright manages itself: give it no `executablePath`.
 */

/**
 * Looks at CHROMIUM_BIN, the PATH, Playwright's own browser; then (only with `fetch`) installs Debian's package
 * as root, or else Playwright's browser.
 *
 * @param {{ fetch: boolean, say?: (text: string) => void }} options
 * @returns {Promise<Chromium>}
 * @throws {Error} with a sentence that says what to install.
 */
export async function findChromium({ fetch, say = () => {} }) {
  const named = process.env.CHROMIUM_BIN;
  if (named) {
    const version = await browserVersion(named);
    if (version === null)
      throw new Error(`CHROMIUM_BIN names ${named}, which does not run as a browser. ${howToInstall}`);
    return { path: path.resolve(named), version, source: "CHROMIUM_BIN" };
  }
  const installed = await chromiumOnPath("PATH");
  if (installed !== null) return installed;
  if (await playwrightHasItsOwn()) return { path: null, version: null, source: "playwright" };
  if (!fetch) throw new Error(`No Chromium was found. ${howToInstall}`);
  if (await isDebianRoot()) return installFromDebian(say);
  return installPlaywrights(say);
}

/**
 * @param {Chromium["source"]} source
 * @returns {Promise<Chromium | null>}
 */
async function chromiumOnPath(source) {
  for (const name of commandNames) {
    const file = await findOnPath([name]);
    // Ubuntu's chromium-browser is a stub that only tells one to install a snap, so the file alone proves nothing.
    const version = file === null ? null : await browserVersion(file);
    if (file !== null && version !== null) return { path: file, version, source };
  }
  return null;
}

/** @param {string} file */
async function browserVersion(file) {
  try {
    const { stdout } = await run(file, ["--version"], { timeout: 30_000 });
    return /(\d+\.\d+\.\d+(?:\.\d+)?)/.exec(stdout)?.[1] ?? null;
  } catch {
    return null;
  }
}

async function playwrightHasItsOwn() {
  const entry = path.join(repoRoot, "node_modules", "playwright-core", "index.mjs");
  if (!existsSync(entry)) return false;
  try {
    const { chromium } = await import(pathToFileURL(entry).href);
    return existsSync(chromium.executablePath());
  } catch {
    return false;
  }
}

async function isDebianRoot() {
  if (process.getuid?.() !== 0 || (await findOnPath(["apt-get"])) === null) return false;
  const release = await readFile("/etc/os-release", "utf8").catch(() => "");
  return /^ID="?debian"?$/m.test(release);
}

/**
 * @param {(text: string) => void} say
 * @returns {Promise<Chromium>}
 */
async function installFromDebian(say) {
  say("Installing Debian's chromium package (about 100 MB) for the browser tests");
  const environment = { DEBIAN_FRONTEND: "noninteractive" };
  // A stale list of one foreign archive fails an update without keeping Debian's own packages from us.
  await runAloud("apt-get", ["-q", "update"], environment, say).catch((error) => say(error.message));
  try {
    await runAloud(
      "apt-get",
      ["-q", "install", "-y", "--no-install-recommends", "chromium"],
      environment,
      say,
    );
  } catch (error) {
    throw new Error(`${error.message} ${howToInstall}`);
  }
  const chromium = await chromiumOnPath("debian");
  if (chromium === null)
    throw new Error(`The chromium package was installed but does not run. ${howToInstall}`);
  return chromium;
}

/**
 * @param {(text: string) => void} say
 * @returns {Promise<Chromium>}
 */
async function installPlaywrights(say) {
  say("Installing Playwright's Chromium for the browser tests");
  try {
    await runAloud("npx", ["--no-install", "playwright", "install", "chromium"], {}, say);
  } catch (error) {
    throw new Error(`${error.message} ${howToInstall}`);
  }
  return { path: null, version: null, source: "playwright" };
}

/**
 * Runs a long command and passes a line of its output on every few seconds, so that nobody thinks it hangs.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {Record<string, string>} environment
 * @param {(text: string) => void} say
 * @returns {Promise<void>}
 */
function runAloud(command, args, environment, say) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: repoRoot,
      env: { ...process.env, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: installTimeoutMs,
    });
    const lastLines = [];
    let saidAtMs = 0;
    const hear = (line) => {
      if (line.trim() === "" || line.startsWith("    at ")) return;
      lastLines.push(line.trim());
      if (lastLines.length > 3) lastLines.shift();
      if (Date.now() - saidAtMs < 3_000) return;
      saidAtMs = Date.now();
      say(`  ${line.trim().slice(0, 120)}`);
    };
    createInterface({ input: child.stdout }).on("line", hear);
    createInterface({ input: child.stderr }).on("line", hear);
    child.on("error", (error) => reject(new Error(`${command} could not be started: ${error.message}.`)));
    child.on("close", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${command} ${args.join(" ")} failed: ${lastLines.join(" ")}`));
    });
  });
}
