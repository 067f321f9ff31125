import type { FieldValue } from "#core/archive/index.ts";

/**
 * A decoded value as JSON can hold it: a whole number beyond 2^53 as decimal text, bytes as `{"base64": …}`. The
 * same form as the API's.
 */
export function toPlainJson(value: FieldValue | undefined): unknown {
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Uint8Array) return { base64: Buffer.from(value).toString("base64") };
  if (isList(value)) return value.map(toPlainJson);
  const plain: Record<string, unknown> = Object.create(null);
  for (const [name, field] of Object.entries(value)) plain[name] = toPlainJson(field);
  return plain;
}

function isList(value: object): value is readonly FieldValue[] {
  return Array.isArray(value);
}

/**
 * Writes one JSON object whose last field but for `tail` is a list that may be too long to hold: an item per line.
 */
export function createJsonList(
  write: (text: string) => Promise<void> | undefined,
  head: object,
  name: string,
) {
  let isFirst = true;
  const open = `${JSON.stringify(head).slice(0, -1)}${Object.keys(head).length > 0 ? "," : ""}${JSON.stringify(name)}:[`;
  const start = () => {
    const text = isFirst ? `${open}\n` : ",\n";
    isFirst = false;
    return text;
  };
  return {
    add: (item: unknown) => write(start() + JSON.stringify(item)),
    /** @param tail more fields, after the list */
    end: (tail: object) => write(`${isFirst ? open : "\n"}]${JSON.stringify({ "": 0, ...tail }).slice(5)}\n`),
  };
}
