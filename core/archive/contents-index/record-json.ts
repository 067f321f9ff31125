import type { FieldValue, RecordFields } from "../records/visitor.ts";
import { damaged } from "./errors.ts";
import { depthMax, fieldBytesMax, recordCharsMax } from "./limits.ts";

/** What stands in the place of a value that is too large for the index. */
export type CutValue = {
  readonly cut: true;
  /** Length of what was left out: bytes of text or bytes, characters of JSON for lists and objects. */
  readonly bytes: number;
};

/** Tells a cut value from all else a field can be. */
export function isCutValue(value: unknown): value is CutValue {
  return typeof value === "object" && value !== null && "cut" in value && value.cut === true;
}

// JSON has no bytes, no whole numbers beyond 2^53, no NaN and no -0. Each is an object with the one key "$" first,
// and an object that has a key "$" of its own is written as its pairs, so that nothing is taken for another.

/** One line of JSON that `decodeFields` gives back as it was, but for what is too large. */
export function encodeFields(fields: RecordFields): string {
  const whole = encodeValue(fields, 0);
  if (whole.length <= recordCharsMax) return whole;
  const short: Record<string, FieldValue> = Object.create(null);
  for (const [name, value] of Object.entries(fields)) {
    const chars = encodeValue(value, 1).length;
    short[name] = chars > fieldBytesMax / 4 ? { cut: true, bytes: chars } : value;
  }
  const rest = encodeValue(short, 0);
  if (rest.length <= recordCharsMax) return rest;
  return encodeValue({ record: { cut: true, bytes: whole.length } }, 0);
}

function encodeValue(value: FieldValue, depth: number): string {
  switch (typeof value) {
    case "string":
      return value.length * 3 > fieldBytesMax && Buffer.byteLength(value) > fieldBytesMax
        ? encodeCut(Buffer.byteLength(value))
        : JSON.stringify(value);
    case "bigint":
      return `{"$":"int","v":"${value}"}`;
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0)
        ? String(value)
        : `{"$":"float","v":"${Object.is(value, -0) ? "-0" : value}"}`;
    case "boolean":
      return String(value);
    default:
      return value === null ? "null" : encodeObject(value, depth);
  }
}

function encodeObject(value: Exclude<FieldValue & object, null>, depth: number): string {
  if (value instanceof Uint8Array) {
    if (value.length > fieldBytesMax) return encodeCut(value.length);
    return `{"$":"bytes","v":"${Buffer.from(value).toString("base64")}"}`;
  }
  if (depth >= depthMax) return encodeCut(0);
  if (isList(value)) {
    let list = "";
    for (const one of value) list += `${list === "" ? "" : ","}${encodeValue(one, depth + 1)}`;
    return `[${list}]`;
  }
  if ("$" in value) {
    const list = Object.entries(value).map(
      ([name, one]) => `[${JSON.stringify(name)},${encodeValue(one, depth + 1)}]`,
    );
    return `{"$":"object","v":[${list.join(",")}]}`;
  }
  let pairs = "";
  for (const name in value) {
    pairs += `${pairs === "" ? "" : ","}${JSON.stringify(name)}:${encodeValue(value[name] ?? null, depth + 1)}`;
  }
  return `{${pairs}}`;
}

function isList(value: object): value is readonly FieldValue[] {
  return Array.isArray(value);
}

function encodeCut(bytes: number): string {
  return `{"cut":true,"bytes":${bytes}}`;
}

/** @throws ContentsIndexError DAMAGED */
export function decodeFields(json: unknown): RecordFields {
  const value = decodeValue(json, 0);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array || isList(value)) {
    throw damaged("the fields of a record are no object");
  }
  return value;
}

function decodeValue(json: unknown, depth: number): FieldValue {
  if (depth > depthMax + 2) throw damaged("a record is nested too deeply");
  if (json === null || typeof json === "boolean" || typeof json === "number" || typeof json === "string") {
    return json;
  }
  if (Array.isArray(json)) return json.map((one) => decodeValue(one, depth + 1));
  if (typeof json !== "object") throw damaged("a record holds what JSON has not");
  const pairs = Object.entries(json);
  if (pairs[0]?.[0] === "$") return decodeMarked(pairs[0][1], pairs[1]?.[1], depth);
  return toObject(pairs, depth);
}

function decodeMarked(mark: unknown, content: unknown, depth: number): FieldValue {
  if (mark === "object" && Array.isArray(content)) return toObject(content, depth);
  if (typeof content !== "string") throw damaged("a marked value has no content");
  if (mark === "bytes") return Uint8Array.from(Buffer.from(content, "base64"));
  if (mark === "float") return Number(content);
  if (mark === "int" && /^-?\d{1,400}$/.test(content)) return BigInt(content);
  throw damaged("a record has an unknown mark");
}

function toObject(pairs: readonly unknown[], depth: number): RecordFields {
  const fields: Record<string, FieldValue> = Object.create(null);
  for (const pair of pairs) {
    if (!Array.isArray(pair)) throw damaged("a record has a field that is no pair");
    fields[String(pair[0])] = decodeValue(pair[1], depth + 1);
  }
  return fields;
}
