// npm run build: the pages with Next.js and the server with esbuild. Does nothing when nothing has changed.
import { existsSync, rmSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { ensureGenerated, ensurePackages } from "./lib/bootstrap.mjs";
import { bundle } from "./lib/bundle.mjs";
import { withLock } from "./lib/lock.mjs";
import { inRepo, repoRoot } from "./lib/paths.mjs";
import { runNode } from "./lib/run.mjs";
import { say, withStep } from "./lib/say.mjs";
import { hashFiles, listFiles, readStamp, removeStamp, writeStamp } from "./lib/stamp.mjs";
import { runMain, Trouble } from "./lib/trouble.mjs";

const stampFile = inRepo("dist", ".stamp");
const products = [inRepo("dist", "main.mjs"), inRepo(".next", "BUILD_ID")];
const sources = [
  "app",
  "core",
  "server",
  "prisma",
  "public",
  "proxy.ts",
  "instrumentation.ts",
  "package.json",
  "package-lock.json",
  "next.config.js",
  "next.config.mjs",
  "next.config.ts",
  "postcss.config.cjs",
  "tsconfig.json",
];

/** Tests and what is generated from the schema have no part in the result. */
function isBesideThePoint(name) {
  return name === "core/testing" || name === "core/db/generated" || /\.test\.tsx?$|\.md$/.test(name);
}

function wantedBuild() {
  return hashFiles(repoRoot, listFiles(repoRoot, sources, isBesideThePoint), process.versions.modules);
}

/** Whether there is a build at all, be it of these sources or of others. */
export function isBuilt() {
  return products.every((file) => existsSync(file));
}

export function isBuildFresh() {
  return isBuilt() && readStamp(stampFile) === wantedBuild();
}

async function buildPages(step) {
  const { code, output } = await runNode([inRepo("node_modules/next/dist/bin/next"), "build"], {
    env: { NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production" },
    onLine: (line) => {
      if (line.trim() !== "") step.detail(line);
    },
  });
  if (code === 0) return;
  throw new Trouble(
    `${output.trim().split("\n").slice(-60).join("\n")}\n\nnext build failed; its words are above.`,
  );
}

/** Installs and builds what is missing or older than the sources. Says whether it had to build. */
export async function ensureBuilt() {
  await ensurePackages();
  await ensureGenerated();
  return withLock(
    "build",
    () => say("Waiting for another command that builds here"),
    async () => {
      if (isBuildFresh()) return false;
      // Taken before the build: what is edited while it runs belongs to the next one.
      const stamp = wantedBuild();
      removeStamp(stampFile);
      rmSync(inRepo("dist"), { recursive: true, force: true });
      await withStep("Bundling the server", bundle);
      await withStep("Building the pages (next build)", buildPages);
      writeStamp(stampFile, stamp);
      return true;
    },
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await runMain(async () => {
    say(
      (await ensureBuilt()) ? "Built. `npm start` serves it." : "Nothing has changed since the last build.",
    );
  });
}
