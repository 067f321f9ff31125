#!/usr/bin/env node
// The command `snapkeep`. Bundled into dist/snapkeep.mjs, one file that needs no other; scripts/snapkeep.mjs starts
// it in a checkout.
import { exitCodes } from "./exit.ts";
import { createOutput } from "./output.ts";
import { createProgress } from "./progress.ts";
import { runCommandLine } from "./run.ts";

const progress = createProgress(process.stderr);
// There is nothing to tidy up: commands only read, what a drill has started goes with the process, and a restore says
// itself what its end leaves.
process.on("SIGINT", () => {
  progress.hide();
  process.exit(exitCodes.interrupted);
});
const code = await runCommandLine(process.argv.slice(2), {
  out: createOutput(process.stdout, progress.hide),
  errors: createOutput(process.stderr, progress.hide),
  progress,
});
// At once: a file or a pipe that is still open would keep the process.
process.exit(code);
