import type { RecordRow, RedactedValue } from "#core/contents/contract.ts";

export type Fields = RecordRow["fields"];
export type Field = Fields[string];

/** The field at a path; undefined where anything on the way is missing. */
export function fieldAt(fields: Fields, ...path: readonly string[]): Field | undefined {
  let value: Field | undefined = fields;
  for (const name of path) {
    if (!isObject(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}

export function textAt(fields: Fields, ...path: readonly string[]): string {
  const value = fieldAt(fields, ...path);
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** Names of a list of texts, or of objects that have one: the links of tokens and roles. */
export function namesAt(fields: Fields, ...path: readonly string[]): string[] {
  const value = fieldAt(fields, ...path);
  if (!Array.isArray(value)) return [];
  return value.flatMap((one) => {
    if (typeof one === "string") return [one];
    if (!isObject(one)) return [];
    const name = ["Name", "ServiceName", "NodeName", "TemplateName", "ID"]
      .map((field) => one[field])
      .find((text) => typeof text === "string" && text !== "");
    return typeof name === "string" ? [name] : [];
  });
}

export function isObject(value: Field | undefined): value is { [name: string]: Field } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isRedacted(value: Field): value is RedactedValue {
  return isObject(value) && value.redacted === true && typeof value.fingerprint === "string";
}

/** Bytes that are no text. */
export function bytesOf(value: Field): string | null {
  return isObject(value) && Object.keys(value).length === 1 && typeof value.base64 === "string"
    ? value.base64
    : null;
}

/** Length of what was too large for the index. */
export function cutBytesOf(value: Field): number | null {
  return isObject(value) && value.cut === true && typeof value.bytes === "number" ? value.bytes : null;
}

/** The moment of a time; null where Go's time was never set. */
export function momentAt(fields: Fields, ...path: readonly string[]): string | null {
  const text = textAt(fields, ...path);
  return text === "" || text.startsWith("0001-01-01") || Number.isNaN(Date.parse(text)) ? null : text;
}
