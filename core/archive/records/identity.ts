import { isFields } from "./msgpack-reader.ts";
import type { FieldValue, RecordFields } from "./visitor.ts";

/** The text of a field; a missing one is empty, and what is no UTF-8 is shown in hex. */
export function textOf(fields: RecordFields | null, name: string): string {
  const value = fields?.[name];
  if (typeof value === "string") {
    return value;
  }
  return value instanceof Uint8Array ? `0x${Buffer.from(value).toString("hex")}` : "";
}

export function fieldsOf(fields: RecordFields | null, name: string): RecordFields | null {
  const value: FieldValue | undefined = fields?.[name];
  return isFields(value) ? value : null;
}

export function listIn(fields: RecordFields | null, name: string): readonly FieldValue[] {
  const value: FieldValue | undefined = fields?.[name];
  return Array.isArray(value) ? value : [];
}

/**
 * The name of a record: its parts, after where it lives. `places` are looked through in turn for Enterprise's
 * partition and namespace and for the peer that it was imported from; the default is as good as none.
 */
export function toIdentity(parts: readonly string[], ...places: readonly (RecordFields | null)[]): string {
  let name = "";
  for (let at = 0; at < parts.length; at++) {
    const part = parts[at] ?? "";
    name += at === parts.length - 1 ? part : `${percentEncode(part, /[%/]/g)}/`;
  }
  let qualifiers = "";
  for (const { key, field, common } of qualifierFields) {
    const text = firstText(places, field);
    if (text !== "" && text !== common) {
      qualifiers += `${qualifiers === "" ? "" : " "}${key}=${percentEncode(text, /[% \]]/g)}`;
    }
  }
  if (qualifiers !== "") {
    return `[${qualifiers}] ${name}`;
  }
  return name.startsWith("[") ? `%5B${name.slice(1)}` : name;
}

const qualifierFields = [
  { key: "partition", field: "Partition", common: "default" },
  { key: "namespace", field: "Namespace", common: "default" },
  { key: "peer", field: "PeerName", common: "" },
];

function firstText(places: readonly (RecordFields | null)[], field: string): string {
  for (const place of places) {
    const text = textOf(place, field);
    if (text !== "") {
      return text;
    }
  }
  return "";
}

function percentEncode(text: string, characters: RegExp): string {
  return text.replace(characters, (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`);
}
