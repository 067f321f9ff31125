import { existsSync } from "node:fs";
import { inRepo } from "./paths.mjs";

/** The programs that are bundled, by the name of their file in dist/. Those without a source aren't there yet. */
const programs = { main: "server/main.ts", snapkeep: "core/cli/main.ts" };

function entryPoints() {
  return Object.fromEntries(Object.entries(programs).filter(([, source]) => existsSync(inRepo(source))));
}

/** One file per program; packages stay outside, since some of them load native code and files beside them. */
export function bundle() {
  return bundleInto(inRepo("dist"), entryPoints());
}

/** The same for other programs: `entries` are sources by the name of their file in `folder`. */
export async function bundleInto(folder, entries) {
  const { build } = await import("esbuild");
  await build({
    absWorkingDir: inRepo(),
    entryPoints: entries,
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    sourcemap: true,
    logLevel: "warning",
  });
}
