import type { Difference, DifferenceChange, KvSide, RecordSide } from "#core/archive/compare/index.ts";
import type { ToldDifference } from "./diff-form.ts";
import { toJsonValues, toTextValues } from "./diff-values-text.ts";
import { formatBytes } from "./numbers.ts";
import { visible } from "./visible-text.ts";

const signs: { readonly [change in DifferenceChange]: string } = {
  added: "+",
  changed: "~",
  removed: "-",
  touched: "=",
};

/** "~ kv  app/config  value 12 B → 14 B", and below it what differs where that was asked for. */
export function toTextDifference({ difference, values }: ToldDifference): string {
  const { change, kind } = difference;
  const line = `${signs[change]} ${kind.padEnd(16)} ${toName(difference)}  ${toNote(difference)}`.trimEnd();
  return `${line}\n${values === null ? "" : toTextValues(difference, values)}`;
}

function toName(difference: Difference): string {
  if (difference.kind !== "kv") return visible(difference.identity);
  const { partition, namespace } = difference;
  const place = [partition && `partition=${partition}`, namespace && `namespace=${namespace}`]
    .filter((part) => part !== "")
    .join(" ");
  const key = visible(Buffer.from(difference.key).toString("utf8"));
  return place === "" ? key : `[${visible(place)}] ${key}`;
}

function toNote(difference: Difference): string {
  if (difference.change === "touched") return "written again, the same content";
  if (difference.kind !== "kv") return difference.churn ? "churn" : "";
  const { before, after, parts } = difference;
  const size = (side: KvSide) => formatBytes(side.valueBytes);
  if (before === null || after === null) return before ? size(before) : after ? size(after) : "";
  const told = parts.map((part) => {
    if (part === "value") return `value ${size(before)} → ${size(after)}`;
    if (part === "session") return `session ${toWord(before.session)} → ${toWord(after.session)}`;
    return `${part} ${before[part]} → ${after[part]}`;
  });
  return told.join(", ");
}

function toWord(text: string): string {
  return text === "" ? "none" : visible(text);
}

/** For programs: the key as text and as `keyId`, its bytes in base64url, which is exact for any key. */
export function toJsonDifference({ difference, values }: ToldDifference): object {
  const { kind, change, churn, before, after } = difference;
  const sides = { before: before && toJsonSide(before), after: after && toJsonSide(after) };
  const more = values === null ? {} : toJsonValues(values);
  if (difference.kind !== "kv") {
    const { typeName, identity } = difference;
    return { kind, typeName, identity, change, churn, ...sides, ...more };
  }
  const { partition, namespace, parts } = difference;
  const key = Buffer.from(difference.key);
  return {
    kind,
    key: key.toString("utf8"),
    keyId: key.toString("base64url"),
    ...(partition !== "" && { partition }),
    ...(namespace !== "" && { namespace }),
    change,
    churn,
    parts,
    ...sides,
    ...more,
  };
}

/** Flags have 64 bits, more than a number of JSON keeps. */
function toJsonSide({ type: _, offset: __, ...side }: KvSide | RecordSide): object {
  return "flags" in side ? { ...side, flags: String(side.flags) } : side;
}
