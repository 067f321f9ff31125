type Fields = Readonly<Record<string, unknown>>;
/** A line of a record. A heading has no value of its own, so it never counts as a changed field. */
export type FieldLine = { text: string; heading: boolean };

// A text that reads as one word or sentence needs no quotes; what could be a number or another type does.
const plainText = /^[A-Za-z_/][\w./@ -]*$/;
const reserved = new Set(["true", "false", "null", "yes", "no", "on", "off"]);

/** The fields of a record as lines of `name: value`, what is nested indented below its name. */
export function toFieldLines(fields: Fields | null): FieldLine[] {
  return fields === null ? [] : linesOf(fields, "");
}

function linesOf(fields: Fields, indent: string): FieldLine[] {
  return Object.entries(fields).flatMap(([name, value]) => {
    const label = `${indent}${name}:`;
    if (isRecord(value) && Object.keys(value).length > 0) {
      return [heading(label), ...linesOf(value, `${indent}  `)];
    }
    if (Array.isArray(value) && value.some((item) => typeof item === "object" && item !== null)) {
      return [heading(label), ...value.map((item) => line(`${indent}  - ${inFlow(item)}`))];
    }
    return [line(`${label} ${inFlow(value)}`)];
  });
}

const line = (text: string): FieldLine => ({ text, heading: false });
const heading = (text: string): FieldLine => ({ text, heading: true });

function inFlow(value: unknown): string {
  if (typeof value === "string")
    return plainText.test(value) && !reserved.has(value.toLowerCase()) ? value : JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(inFlow).join(", ")}]`;
  if (isRecord(value)) {
    return `{${Object.entries(value)
      .map(([name, inner]) => `${name}: ${inFlow(inner)}`)
      .join(", ")}}`;
  }
  return JSON.stringify(value) ?? "null";
}

function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
