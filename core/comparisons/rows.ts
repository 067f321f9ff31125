import type { FieldDifference as EngineFieldDifference, TextDiff } from "#core/archive/compare/index.ts";
import { keyBytesOfId, toKeyName } from "#core/archive/contents-index/index.ts";
import { toPlainJson } from "#core/archive/index.ts";
import { credentialRule } from "#core/archive/redaction/index.ts";
import type { DifferenceLine, LineSide } from "#core/archive/thread/index.ts";
import type { DifferenceRow, DiffLine, FieldDifference } from "./contract.ts";

export function toDifferenceRow(line: DifferenceLine): DifferenceRow {
  const name = line.kind === "kv" ? toKeyName(keyBytesOfId(line.id)) : null;
  const place = line.place === "" ? "" : ` [${line.place}]`;
  return {
    key: `${line.kind}:${line.id}${place}`,
    kind: line.kind,
    typeName: line.typeName,
    label: `${name?.text ?? line.id}${place}`,
    name,
    change: line.change,
    churn: line.churn,
    parts: [...line.parts],
    closed: name === null ? null : credentialRule(name.text),
    before: toSide(line.before),
    after: toSide(line.after),
  };
}

function toSide(side: LineSide | null) {
  return side === null ? null : { bytes: side.valueBytes ?? side.bytes, modifyIndex: side.modifyIndex };
}

export function toFieldDifference({ path, before, after, churn }: EngineFieldDifference): FieldDifference {
  return {
    path: path.reduce<string>((text, part) => text + toStep(part, text === ""), ""),
    ...(before !== undefined && { before: toPlainJson(before) }),
    ...(after !== undefined && { after: toPlainJson(after) }),
    churn,
  };
}

function toStep(part: string | number, isFirst: boolean): string {
  if (typeof part === "number") return `[${part}]`;
  return isFirst ? part : `.${part}`;
}

/** The hunks for the screen, or the sentence that says why there are none. */
export function toTextHunks(diff: TextDiff): { hunks: { lines: DiffLine[] }[] } | { without: string } {
  switch (diff.kind) {
    case "too-large":
      return { without: "The values are too long to be compared line by line." };
    case "too-different":
      return { without: "The values have too little in common to be compared line by line." };
    case "lines":
      if (diff.hunks.length === 0) return { without: "Only the layout or the order of names differs." };
      return { hunks: diff.hunks.map(({ lines }) => ({ lines: lines.map(toLine) })) };
    default:
      return diff satisfies never;
  }
}

type EngineLine = Extract<TextDiff, { kind: "lines" }>["hunks"][number]["lines"][number];

function toLine({ kind, before, after, parts }: EngineLine): DiffLine {
  return {
    kind,
    beforeLine: before,
    afterLine: after,
    parts: parts.map((part) => ({ text: part.text, marked: part.changed })),
  };
}
