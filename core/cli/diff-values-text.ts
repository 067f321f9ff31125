import { createHash } from "node:crypto";
import {
  type Difference,
  describeValue,
  diffTexts,
  type FieldDifference,
  type TextDiff,
} from "#core/archive/compare/index.ts";
import { toPlainJson } from "#core/archive/index.ts";
import { isRedactedValue } from "#core/archive/redaction/index.ts";
import type { DifferenceValues, ToldValue } from "./diff-values.ts";
import { formatBytes } from "./numbers.ts";
import { visible, visibleLine } from "./visible-text.ts";

const indent = "    ";
const fieldCharsMax = 400;

/** What differs, indented, line by line. */
export function toTextValues(difference: Difference, values: DifferenceValues): string {
  const lines =
    values.of === "record"
      ? values.fields.map((field) => toFieldLine(field, difference))
      : toValueLines(values.before, values.after);
  if (lines.length === 0 && difference.change === "changed") return `${indent}nothing but churn\n`;
  return lines.map((line) => `${indent}${line}\n`).join("");
}

/** Of a record that is on one side only, there is nothing to set its fields against. */
function toFieldLine({ path, before, after }: FieldDifference, { change }: Difference): string {
  const told = {
    added: () => toFieldText(after),
    removed: () => toFieldText(before),
    changed: () => `${toFieldText(before)} → ${toFieldText(after)}`,
    touched: () => `${toFieldText(before)} → ${toFieldText(after)}`,
  }[change]();
  return `${toPath(path)}: ${told}`;
}

/** `Service.Port`, `Policies[0].ID` */
export function toPath(path: FieldDifference["path"]): string {
  return visible(path.map((name) => (typeof name === "number" ? `[${name}]` : `.${name}`)).join("")).slice(1);
}

function toFieldText(value: FieldDifference["before"]): string {
  if (value === undefined) return "none";
  if (isRedactedValue(value)) return `closed (${formatBytes(value.bytes)}, fingerprint ${value.fingerprint})`;
  const text = visible(JSON.stringify(toPlainJson(value)));
  return text.length <= fieldCharsMax ? text : `${text.slice(0, fieldCharsMax)}… (${text.length} characters)`;
}

function toValueLines(before: ToldValue | null, after: ToldValue | null): string[] {
  const isText = (side: ToldValue | null) =>
    side === null || (side.state === "open" && describeValue(side.bytes) !== "binary");
  const inWords = [before, after]
    .filter((side) => side !== null)
    .map(toValueWord)
    .join(" → ");
  if (!isText(before) || !isText(after)) return [`value: ${inWords}`];
  const text = (side: ToldValue | null) => (side?.state === "open" ? side.bytes.toString("utf8") : "");
  const diff = diffTexts(text(before), text(after), { pretty: true });
  if (diff.kind === "lines" && diff.hunks.length > 0) return toDiffLines(diff);
  if (diff.kind !== "lines") return [`value: ${inWords}, too much to compare line by line`];
  return before !== null && after !== null && diff.pretty
    ? ["the same JSON in another layout or order"]
    : ["an empty value"];
}

const marks = { same: " ", removed: "-", added: "+" } as const;

function toDiffLines({ hunks }: Extract<TextDiff, { kind: "lines" }>): string[] {
  return hunks.flatMap((hunk) => [
    `@@ -${hunk.beforeStart},${hunk.beforeLines} +${hunk.afterStart},${hunk.afterLines} @@`,
    ...hunk.lines.map(({ kind, parts }) => {
      const text = parts.map((part) => part.text).join("");
      return `${marks[kind]}${visibleLine(text.replace(/\n$/, ""))}`;
    }),
  ]);
}

function toValueWord(value: ToldValue): string {
  if (value.state === "too-large") return `${formatBytes(value.bytes)}, too large to show`;
  if (value.state === "closed") {
    return `closed by ${visible(value.rule)} (${formatBytes(value.bytes)}, fingerprint ${value.fingerprint})`;
  }
  const { bytes } = value;
  const digest = createHash("sha256").update(bytes).digest("hex");
  const kind = describeValue(bytes) === "binary" ? "binary" : "text";
  return `${kind}, ${formatBytes(bytes.length)}, SHA-256 ${digest.slice(0, 16)}…`;
}

/** For programs: whole values, or `{ state: "closed" }` with what may be known. */
export function toJsonValues(values: DifferenceValues): object {
  if (values.of === "record") {
    const fields = values.fields.map(({ path, before, after, churn }) => ({
      path,
      // A field that a side has not is left out.
      ...(before !== undefined && { before: toPlainJson(before) }),
      ...(after !== undefined && { after: toPlainJson(after) }),
      churn,
    }));
    return { fields };
  }
  return { values: { before: toJsonValue(values.before), after: toJsonValue(values.after) } };
}

function toJsonValue(value: ToldValue | null): object | null {
  if (value?.state !== "open") return value;
  const form = describeValue(value.bytes);
  const content =
    form === "binary" ? { base64: value.bytes.toString("base64") } : { text: value.bytes.toString("utf8") };
  return { state: "open", form, bytes: value.bytes.length, ...content };
}
