import type { FieldValue, RecordKind } from "../records/visitor.ts";
import type { IndexedRecord } from "./contract.ts";
import { ContentsQueryError, damaged } from "./errors.ts";
import { decodeFields } from "./record-json.ts";

/** @throws ContentsIndexError DAMAGED */
export function decodeRecord(kind: RecordKind, line: string): IndexedRecord {
  let parts: unknown;
  try {
    parts = JSON.parse(line);
  } catch (error) {
    throw damaged("a record is no JSON", error);
  }
  if (!Array.isArray(parts) || parts.length !== 6) throw damaged("a record has not its parts");
  const [identity, type, typeName, offset, bytes, fields]: unknown[] = parts;
  const isSound =
    typeof identity === "string" &&
    typeof type === "number" &&
    typeof typeName === "string" &&
    typeof offset === "number" &&
    typeof bytes === "number";
  if (!isSound) throw damaged("a record has parts of the wrong kind");
  return { kind, identity, type, typeName, offset, bytes, fields: decodeFields(fields) };
}

/** A text to look for. */
export type Needle = {
  /** Lower case; empty when everything is wanted. */
  readonly text: string;
  /** The same as it stands inside of JSON. */
  readonly json: string;
  readonly isIn: (record: IndexedRecord) => boolean;
};

const filterCharsMax = 256;

/** @throws ContentsQueryError when it has more than 256 characters */
export function toNeedle(filter: string): Needle {
  if (filter.length > filterCharsMax) {
    throw new ContentsQueryError("filter", `A filter has at most ${filterCharsMax} characters.`);
  }
  const text = filter.toLowerCase();
  const json = JSON.stringify(text).slice(1, -1);
  const isIn = (record: IndexedRecord) =>
    text === "" || record.identity.toLowerCase().includes(text) || holds(record.fields, text);
  return { text, json, isIn };
}

/** A quick look that may say yes too often: most lines need not be parsed. */
export function matchesText(line: string, needle: Needle): boolean {
  return line.toLowerCase().includes(needle.json);
}

function holds(value: FieldValue, text: string): boolean {
  if (typeof value === "string") return value.toLowerCase().includes(text);
  if (typeof value === "number" || typeof value === "bigint") return String(value).includes(text);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return false;
  // A secret's fingerprint is looked for as well: whoever has one can find where else the secret stands.
  return Object.values(value).some((one) => holds(one, text));
}
