#!/usr/bin/env node
// npx snapkeep: starts the command from dist/, and bundles it anew when it is missing or its sources are newer.
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { inRepo, repoRoot } from "./lib/paths.mjs";
import { hashFiles, listFiles, readStamp, writeStamp } from "./lib/stamp.mjs";

const program = inRepo("dist", "snapkeep.mjs");
const stampFile = inRepo("dist", ".snapkeep-stamp");
/** Everything that the command is made of, and no more: it is looked at on every start. */
const sources = ["core/cli", "core/archive", "core/kernel/env.ts", "package-lock.json", "package.json"];

function wantedStamp() {
  return hashFiles(
    repoRoot,
    listFiles(repoRoot, sources, (name) => /\.test\.ts$|\.md$/.test(name)),
  );
}

function isFresh(stamp) {
  return existsSync(program) && readStamp(stampFile) === stamp;
}

/** Into a folder of its own first: two may start at once, and neither must see the half of a file. */
async function bundleAnew(stamp) {
  const { bundleCommand } = await import("./lib/bundle.mjs");
  const folder = inRepo("dist", `.snapkeep-${process.pid}`);
  try {
    mkdirSync(folder, { recursive: true });
    await bundleCommand(folder);
    for (const name of ["snapkeep.mjs.map", "snapkeep.mjs"])
      renameSync(`${folder}/${name}`, inRepo("dist", name));
    writeStamp(stampFile, stamp);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function prepare() {
  // An installation may hold the products alone.
  if (!existsSync(inRepo("core", "cli", "main.ts"))) return;
  const stamp = wantedStamp();
  if (isFresh(stamp)) return;
  try {
    await bundleAnew(stamp);
  } catch (error) {
    const isBare = error.code === "ERR_MODULE_NOT_FOUND";
    const advice = isBare ? "The packages are not installed: run `npm ci` here first." : error.message;
    process.stderr.write(`snapkeep: can't bundle the command in ${repoRoot}. ${advice}\n`);
    process.exit(2);
  }
}

await prepare();
await import(pathToFileURL(program).href);
