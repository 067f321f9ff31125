import { readFileSync } from "node:fs";
import { names, oneOf, parseArguments } from "../arguments.ts";
import { hasTerminal } from "../ask.ts";
import { UsageError } from "../exit.ts";
import { visible } from "../visible-text.ts";

export type RestoreOptions = {
  readonly name: string;
  /** Null: the datacenter of the agent that is asked. */
  readonly datacenter: string | null;
  /** Null: somebody types it. */
  readonly confirm: string | null;
  readonly withoutSafety: string | null;
  readonly safetyFile: string | null;
  /** For the look afterwards, when the token in use is gone. */
  readonly tokenAfter: string | null;
  readonly format: "pretty" | "json";
};

const flags = {
  datacenter: { type: "string" },
  dc: { type: "string" },
  confirm: { type: "string" },
  "without-safety": { type: "string" },
  "safety-out": { type: "string" },
  "token-after": { type: "string" },
  format: { type: "string" },
  json: { type: "boolean" },
} as const;

/** @throws UsageError before anything is read or asked */
export function readRestoreOptions(args: readonly string[]): RestoreOptions {
  // One dash, as in Consul's own command line.
  const known = args.map((arg) => arg.replace(/^-(dc|datacenter)(?==|$)/, "--$1"));
  const { values, positionals } = parseArguments(known, flags);
  const format = oneOf("format", values.format, ["pretty", "json"], values.json === true ? "json" : "pretty");
  const [name = ""] = names(positionals, 1, 1, "one FILE");
  if (name === "-") throw new UsageError("restore reads its FILE more than once: save what is piped first.");
  const confirm = values.confirm ?? null;
  if (confirm === null && !hasTerminal())
    throw new UsageError(
      "There is no terminal to ask on: --confirm takes the name of the datacenter whose data is replaced.",
    );
  const withoutSafety = values["without-safety"]?.trim() ?? null;
  if (withoutSafety === "") throw new UsageError("--without-safety takes the reason for going on without.");
  if (withoutSafety !== null && values["safety-out"] !== undefined)
    throw new UsageError("Either --safety-out or --without-safety, not both.");
  const tokenFile = values["token-after"];
  return {
    name,
    datacenter: values.datacenter ?? values.dc ?? null,
    confirm,
    withoutSafety,
    safetyFile: values["safety-out"] ?? null,
    tokenAfter: tokenFile === undefined ? null : readToken(tokenFile),
    format,
  };
}

function readToken(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, "utf8").trim();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--token-after names a file that can't be read: ${visible(why)}.`);
  }
  if (/^\S+$/.test(text)) return text;
  throw new UsageError(`--token-after takes a file that holds a token and nothing else; ${file} does not.`);
}
