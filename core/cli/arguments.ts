import { type ParseArgsConfig, parseArgs } from "node:util";
import { UsageError } from "./exit.ts";

// Node's own parser: it knows `--a=b`, `--`, repeated and unknown flags, which is all that four commands need.

type Flags = NonNullable<ParseArgsConfig["options"]>;

/**
 * The flags and the names of a command.
 *
 * @throws UsageError when a flag is unknown, lacks its value or has one too many
 */
export function parseArguments<const Options extends Flags>(args: readonly string[], options: Options) {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: true });
  } catch (error) {
    const isOurs =
      error instanceof Error && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
    if (!isOurs) throw error;
    // Node goes on with advice on names that begin with a dash, which is on our help page.
    throw new UsageError(`${error.message.split(". ")[0]?.replace(/\.$/, "")}.`);
  }
}

/** @throws UsageError when the value is none of those that the flag takes */
export function oneOf<const Choice extends string>(
  flag: string,
  value: string | undefined,
  choices: readonly Choice[],
  otherwise: Choice,
): Choice {
  if (value === undefined) return otherwise;
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) return found;
  throw new UsageError(`--${flag} takes ${choices.join(", ")}; not '${value}'.`);
}

/** A whole number from 0. @throws UsageError */
export function wholeNumber(flag: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{1,6}$/.test(value)) return Number(value);
  throw new UsageError(`--${flag} takes a whole number; not '${value}'.`);
}

/** @throws UsageError unless there are as many names as the command takes */
export function names(positionals: readonly string[], least: number, most: number, wanted: string): string[] {
  if (positionals.length >= least && positionals.length <= most) return [...positionals];
  const told = positionals.length < least ? "Something is missing" : "Too many names";
  throw new UsageError(`${told}: it takes ${wanted}.`);
}
