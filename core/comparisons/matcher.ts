import type { z } from "zod";
import { keyBytesOfId, parseGlob } from "#core/archive/contents-index/index.ts";
import type { DifferenceLine } from "#core/archive/thread/index.ts";
import { AppError } from "#core/kernel/errors.ts";
import { differenceChanges, type differencesInput } from "./contract.ts";

type Filter = Pick<z.output<typeof differencesInput>, "kind" | "changes" | "pattern" | "churn">;

/** Which differences a page asks for. @throws AppError `invalid_input`. */
export function toMatcher({ kind, changes, pattern = "", churn }: Filter): (line: DifferenceLine) => boolean {
  const wanted = toChanges(changes);
  const isNamed = kind === "kv" ? keyMatcher(pattern) : identityMatcher(pattern);
  return (line) => (churn || !line.churn) && (wanted === null || wanted.has(line.change)) && isNamed(line);
}

function toChanges(text: string | undefined): ReadonlySet<string> | null {
  if (text === undefined || text === "") return null;
  const names = text.split(",");
  const unknown = names.find((name) => !differenceChanges.some((change) => change === name));
  if (unknown === undefined) return new Set(names);
  throw new AppError({
    code: "invalid_input",
    field: "changes",
    userMessage: `There is no change "${unknown}".`,
  });
}

function keyMatcher(pattern: string): (line: DifferenceLine) => boolean {
  if (pattern === "") return () => true;
  if (pattern.length > 512)
    throw new AppError({
      code: "invalid_input",
      field: "pattern",
      userMessage: "A pattern has at most 512 characters.",
    });
  const glob = parseGlob(pattern);
  return (line) => {
    const key = keyBytesOfId(line.id);
    return glob.matches(key, 0, key.length);
  };
}

function identityMatcher(words: string): (line: DifferenceLine) => boolean {
  const lower = words.toLowerCase();
  return (line) => line.id.toLowerCase().includes(lower);
}
