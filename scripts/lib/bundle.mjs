import { chmodSync, existsSync } from "node:fs";
import path from "node:path";
import { inRepo } from "./paths.mjs";

/** The programs that are bundled, by the name of their file in dist/. Those without a source aren't there yet. */
const programs = {
  main: "server/main.ts",
  "archive-thread": "core/archive/thread/worker.ts",
  "snapkeep-admin": "core/cli/admin/main.ts",
};
/** Programs of which one file is all: it runs wherever there is Node, without node_modules. */
const lonePrograms = { snapkeep: "core/cli/main.ts" };

/** Packages in the older form ask for Node's own modules by `require`, which a module has not. */
const requireBanner =
  'import { createRequire as createRequireHere } from "node:module";\nconst require = createRequireHere(import.meta.url);';

function entryPoints(sources) {
  return Object.fromEntries(Object.entries(sources).filter(([, source]) => existsSync(inRepo(source))));
}

/** One file per program; packages stay outside, since some of them load native code and files beside them. */
export async function bundle() {
  await bundleInto(inRepo("dist"), entryPoints(programs));
  await bundleCommand(inRepo("dist"));
}

/** The command `snapkeep` for Snapkeep's own records alone, with the thread that verifies what it imports. */
export async function bundleRecordsCommand(folder) {
  const { "snapkeep-admin": command, "archive-thread": thread } = programs;
  await bundleInto(folder, { "snapkeep-admin": command, "archive-thread": thread });
}

/** The command `snapkeep` alone. */
export async function bundleCommand(folder) {
  const entries = entryPoints(lonePrograms);
  await bundleInto(folder, entries, { packages: "bundle" });
  for (const name of Object.keys(entries)) chmodSync(path.join(folder, `${name}.mjs`), 0o755);
}

/**
 * The same for other programs: `entries` are sources by the name of their file in `folder`. With `packages:
 * "bundle"` these go into the file, too, which only plain JavaScript can.
 */
export async function bundleInto(folder, entries, { packages = "external" } = {}) {
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
    packages,
    ...(packages === "bundle" ? { banner: { js: requireBanner } } : {}),
    sourcemap: true,
    logLevel: "warning",
  });
}
