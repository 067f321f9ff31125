import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { findOnPath } from "./consul-binary.mjs";
import { inRepo } from "./paths.mjs";
import { run } from "./run.mjs";
import { progress, say } from "./say.mjs";
import { bothEnds } from "./text.mjs";
import { Trouble } from "./trouble.mjs";

/** Prisma's tool wants to download a schema engine that `generate` doesn't use; any file that exists will do. */
export const prismaEnvironment = {
  PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
  PRISMA_HIDE_UPDATE_MESSAGE: "1",
  PRISMA_SKIP_POSTINSTALL_GENERATE: "1",
  CHECKPOINT_DISABLE: "1",
};

export const compilerHint =
  "On Debian or Ubuntu: `apt-get install python3 make g++`; on macOS: `xcode-select --install`.";

/** What building better-sqlite3 from source needs and this machine lacks. */
export async function missingCompilerParts() {
  const wanted = {
    python3: ["python3", "python"],
    make: ["make", "gmake"],
    "g++": ["g++", "clang++", "c++"],
  };
  const missing = [];
  for (const [name, commands] of Object.entries(wanted)) {
    if ((await findOnPath(commands)) === null) missing.push(name);
  }
  return missing;
}

/** The prefix whose headers are of the running Node, or null. With it node-gyp needs no download. */
export function ownHeaders(execPath = process.execPath, abi = process.versions.modules) {
  const prefix = path.dirname(path.dirname(execPath));
  const include = path.join(prefix, "include", "node");
  if (!existsSync(path.join(include, "node.h"))) return null;
  const version = path.join(include, "node_version.h");
  const text = existsSync(version) ? readFileSync(version, "utf8") : "";
  return new RegExp(`#define\\s+NODE_MODULE_VERSION\\s+${abi}\\b`).test(text) ? prefix : null;
}

async function installEnvironment() {
  const environment = { ...prismaEnvironment, npm_config_update_notifier: "false" };
  if (process.env.npm_config_nodedir) return environment;
  const { code, output } = await run("npm", ["config", "get", "nodedir", "--loglevel=silent"]);
  const configured = code === 0 ? output.trim() : "";
  if (configured !== "" && configured !== "undefined" && configured !== "null") return environment;
  const prefix = ownHeaders();
  return prefix === null ? environment : { ...environment, npm_config_nodedir: prefix };
}

/** npm's output turned into one sentence that helps. */
export function explainInstallFailure(output, missing) {
  if (/EUSAGE|in sync/.test(output)) {
    return "package-lock.json does not fit package.json. After `npm install`, run `node scripts/lock.mjs`.";
  }
  const isNative = /node-gyp|gyp ERR|better-sqlite3/.test(output);
  // A `python3` may be on the PATH and not run (a version manager's stub).
  const lacks = /not find any Python/.test(output) ? [...new Set(["python3", ...missing])] : missing;
  if (isNative && lacks.length > 0) {
    return `better-sqlite3 has to be compiled here, and this is missing: ${lacks.join(", ")}. ${compilerHint}`;
  }
  if (/ENOSPC/.test(output)) return "The disk is full; the packages need about 1 GB.";
  if (/EACCES|EPERM/.test(output)) {
    return "npm may not write here. Who owns node_modules and npm's cache folder?";
  }
  if (isNative && /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT/.test(output)) {
    return (
      "better-sqlite3 has to be compiled here, and Node's headers can't be downloaded. Install Node with its " +
      "headers (include/node beside bin), or name them: `npm config set nodedir <prefix>`."
    );
  }
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET|network/i.test(output)) {
    return "npm does not reach its registry. Check the network, or `npm config get registry` and the proxy settings.";
  }
  if (isNative) return "better-sqlite3 did not compile; the lines above say why.";
  return "npm could not install the packages; the lines above say why.";
}

/** `npm ci` with what this project's packages need, and signs of life. */
export async function installPackages() {
  const missing = await missingCompilerParts();
  say("  better-sqlite3 is compiled where no prebuilt binary can be fetched: about a minute and a half.");
  if (missing.length > 0)
    say(`  That would need ${missing.join(", ")}, which this machine lacks. ${compilerHint}`);
  const step = progress.begin("Installing packages (npm ci)");
  const objects = inRepo("node_modules", "better-sqlite3", "build", "Release", "obj.target");
  const timer = setInterval(() => {
    step.detail(existsSync(objects) ? "compiling better-sqlite3" : "downloading");
  }, 1_000).unref();
  // Without `include` a NODE_ENV=production of the caller's shell would leave the build tools out.
  const args = ["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"];
  const { code, output } = await run("npm", args, { env: await installEnvironment() });
  clearInterval(timer);
  if (code === 0) return step.done();
  step.fail();
  say(bothEnds(output, 15, 25));
  if (code === 127) throw new Trouble("npm is not on the PATH. It comes with Node: install both together.");
  throw new Trouble(explainInstallFailure(output, missing));
}
