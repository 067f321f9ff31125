import type { FieldValue, RecordFields } from "./visitor.ts";

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** Fields as plain JSON: integers beyond 2^53 as decimal text, bytes as `{ base64 }`; redacted values stay as they are. */
export function toPlainJson(value: FieldValue): Json {
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (value === null || typeof value !== "object") return value;
  if (value instanceof Uint8Array) return { base64: Buffer.from(value).toString("base64") };
  if (isList(value)) return value.map(toPlainJson);
  return toPlainFields(value);
}

export function toPlainFields(fields: RecordFields): { [name: string]: Json } {
  // A field may be called `__proto__`; as an own property it is only a name.
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, toPlainJson(value)]));
}

function isList(value: object): value is readonly FieldValue[] {
  return Array.isArray(value);
}
