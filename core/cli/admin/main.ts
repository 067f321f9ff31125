#!/usr/bin/env node
// The commands of snapkeep that work on Snapkeep's own records: people, API tokens, the audit log. A program of their
// own, since they need the database's native code; the other commands are one file that runs anywhere.
import { exitCodes } from "../exit.ts";
import { createOutput } from "../output.ts";
import { createProgress } from "../progress.ts";
import { runCommandLine } from "../run.ts";
import { adminCommands } from "./commands.ts";

const progress = createProgress(process.stderr);
process.on("SIGINT", () => {
  progress.hide();
  process.exit(exitCodes.interrupted);
});
const code = await runCommandLine(
  process.argv.slice(2),
  {
    out: createOutput(process.stdout, progress.hide),
    errors: createOutput(process.stderr, progress.hide),
    progress,
  },
  adminCommands,
);
process.exit(code);
