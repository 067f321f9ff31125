#!/usr/bin/env node
// npx snapkeep: starts the command from dist/, and bundles it anew when it is missing or its sources are newer.
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { inRepo, repoRoot } from "./lib/paths.mjs";
import { hashFiles, listFiles, readStamp, writeStamp } from "./lib/stamp.mjs";

/** Those that work on Snapkeep's own records: a program of its own, with the database's native code. */
const isRecords = ["token", "user", "audit", "import"].includes(process.argv[2] ?? "");
const name = isRecords ? "snapkeep-admin" : "snapkeep";
const program = inRepo("dist", `${name}.mjs`);
const stampFile = inRepo("dist", `.${name}-stamp`);
/** Everything that the command is made of, and no more: it is looked at on every start. */
const sources = isRecords
  ? ["core", "package-lock.json", "package.json"]
  : [
      "core/cli",
      "core/archive",
      "core/consul",
      "core/throwaway",
      "core/kernel",
      "package-lock.json",
      "package.json",
    ];

function wantedStamp() {
  return hashFiles(
    repoRoot,
    listFiles(repoRoot, sources, (file) => /\.test\.ts$|\.md$|^core\/(testing|db\/generated)/.test(file)),
  );
}

function isFresh(stamp) {
  return existsSync(program) && readStamp(stampFile) === stamp;
}

/** Into a folder of its own first: two may start at once, and neither must see the half of a file. */
async function bundleAnew(stamp) {
  const { bundleCommand, bundleRecordsCommand } = await import("./lib/bundle.mjs");
  const folder = inRepo("dist", `.${name}-${process.pid}`);
  try {
    mkdirSync(folder, { recursive: true });
    await (isRecords ? bundleRecordsCommand(folder) : bundleCommand(folder));
    for (const file of [`${name}.mjs.map`, `${name}.mjs`])
      renameSync(`${folder}/${file}`, inRepo("dist", file));
    // A server that runs starts threads of the one that was built with it.
    const thread = "archive-thread.mjs";
    if (isRecords && !existsSync(inRepo("dist", thread)))
      renameSync(`${folder}/${thread}`, inRepo("dist", thread));
    writeStamp(stampFile, stamp);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The database's client is made from the schema. */
async function generateClient() {
  const { ensureGenerated } = await import("./lib/bootstrap.mjs");
  await ensureGenerated();
}

async function prepare() {
  // An installation may hold the products alone.
  if (!existsSync(inRepo("core", "cli", "main.ts"))) return;
  const stamp = wantedStamp();
  if (isFresh(stamp)) return;
  if (isRecords && !existsSync(inRepo("core", "db", "generated"))) await generateClient();
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
