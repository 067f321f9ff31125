import type { Difference } from "#core/archive/compare/index.ts";
import type { RecordKind } from "#core/archive/contract.ts";
import { names, oneOf, parseArguments } from "./arguments.ts";
import { UsageError } from "./exit.ts";
import { parseKind } from "./kinds.ts";

/** What `snapkeep diff` was asked. */
export type DiffQuestion = {
  readonly a: string;
  readonly b: string;
  readonly format: "pretty" | "json" | "jsonl";
  /** Empty for all. */
  readonly kinds: ReadonlySet<RecordKind>;
  /** Only keys that begin with these bytes, and no other records. */
  readonly prefix: Buffer | null;
  readonly includeChurn: boolean;
  readonly values: boolean;
  readonly reveal: boolean;
};

const flags = {
  format: { type: "string" },
  type: { type: "string", multiple: true },
  prefix: { type: "string" },
  "include-churn": { type: "boolean" },
  values: { type: "boolean" },
  reveal: { type: "boolean" },
} as const;

/** @throws UsageError */
export function parseDiffQuestion(args: readonly string[]): DiffQuestion {
  const { values, positionals } = parseArguments(args, flags);
  const [a = "", b = ""] = names(positionals, 2, 2, "two files, A and B");
  if (a === "-" && b === "-") throw new UsageError("stdin can be read once only: A or B must be a file.");
  const question: DiffQuestion = {
    a,
    b,
    format: oneOf("format", values.format, ["pretty", "json", "jsonl"], "pretty"),
    kinds: new Set((values.type ?? []).map((name) => parseKind("type", name))),
    prefix: values.prefix === undefined ? null : Buffer.from(values.prefix),
    includeChurn: values["include-churn"] === true,
    values: values.values === true,
    reveal: values.reveal === true,
  };
  if (question.reveal && !question.values) throw new UsageError("--reveal goes with --values.");
  if (question.prefix !== null && question.kinds.size > 0 && !question.kinds.has("kv")) {
    throw new UsageError("--prefix is for keys: leave --type off, or say --type kv.");
  }
  return question;
}

/** Whether a difference is among those that were asked for. */
export function isWanted({ kinds, prefix }: DiffQuestion, difference: Difference): boolean {
  if (prefix === null) return kinds.size === 0 || kinds.has(difference.kind);
  return difference.kind === "kv" && prefix.equals(difference.key.subarray(0, prefix.length));
}
