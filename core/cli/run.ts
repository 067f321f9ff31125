import { version } from "../../package.json";
import { type ExitCode, exitCodes, OutputFailed, PipeClosed, UsageError } from "./exit.ts";
import { type CommandIo, complain } from "./io.ts";
import { visible } from "./visible-text.ts";

type Command = (args: readonly string[], io: CommandIo) => Promise<ExitCode>;
/** Each command is loaded when it is called: asking for the version should not read the engine. */
export type Commands = { readonly [name: string]: () => Promise<{ readonly run: Command }> };

const fileCommands: Commands = {
  verify: () => import("./verify.ts"),
  inspect: () => import("./inspect.ts"),
  diff: () => import("./diff.ts"),
  browse: () => import("./browse.ts"),
  drill: () => import("./drill.ts"),
  restore: () => import("./restore/restore.ts"),
};

/** Those of core/cli/admin, which need the database and so are a program of their own. */
const recordsCommands: readonly string[] = ["token", "user", "audit", "import"];

/** Runs one command line. Never rejects: what went wrong is told on stderr, and is the exit code. */
export async function runCommandLine(
  args: readonly string[],
  io: CommandIo,
  commands: Commands = fileCommands,
): Promise<ExitCode> {
  try {
    const code = await dispatch(args, io, commands);
    await io.out.flush();
    return code;
  } catch (error) {
    return await explain(error, args[0] ?? "", io).catch(() => exitCodes.pipeClosed);
  }
}

async function dispatch(args: readonly string[], io: CommandIo, commands: Commands): Promise<ExitCode> {
  const [name, ...rest] = args;
  const beforeNames = args.slice(0, args.includes("--") ? args.indexOf("--") : args.length);
  if (name === undefined || beforeNames.includes("--help") || beforeNames.includes("-h") || name === "help") {
    return await help(name === "help" ? rest[0] : name, io);
  }
  if (name === "--version" || name === "-v") {
    await io.out.write(`${version}\n`);
    return exitCodes.fine;
  }
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load === undefined) {
    if (recordsCommands.includes(name))
      throw new UsageError(
        `snapkeep ${name} works on Snapkeep's own records: run it with npx where it is installed.`,
      );
    throw new UsageError(
      `There is no command ${visible(name)}. It is verify, inspect, diff, browse, drill, restore, import, token, user or audit.`,
    );
  }
  return await (await load()).run(rest, io);
}

/** Asked for, it is an answer; without any command it is what went wrong. */
async function help(name: string | undefined, io: CommandIo): Promise<ExitCode> {
  const { generalHelp, helpTexts } = await import("./help.ts");
  const found = Object.entries(helpTexts).find(([command]) => command === name);
  await (name === undefined ? io.errors : io.out).write(found?.[1] ?? generalHelp);
  await io.errors.flush();
  return name === undefined ? exitCodes.wrongUse : exitCodes.fine;
}

async function explain(error: unknown, command: string, io: CommandIo): Promise<ExitCode> {
  io.progress.hide();
  if (error instanceof PipeClosed) return exitCodes.pipeClosed;
  if (error instanceof UsageError) {
    const isCommand = Object.hasOwn(fileCommands, command) || recordsCommands.includes(command);
    await complain(io, error.message);
    await io.errors.write(`See snapkeep ${isCommand ? `${command} ` : ""}--help.\n`);
  } else if (error instanceof OutputFailed) {
    await complain(io, error.message);
  } else {
    // A fault of ours or of the disk: the stack is what a report of it needs.
    await complain(io, visible(error instanceof Error ? error.message : String(error)));
    if (error instanceof Error && error.stack !== undefined) await io.errors.write(`${error.stack}\n`);
  }
  await io.errors.flush();
  return exitCodes.wrongUse;
}
