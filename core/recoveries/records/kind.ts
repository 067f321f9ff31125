import type { RecoverableKind } from "../contract.ts";
import type { Reading } from "../read-keys.ts";

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type PlainFields = { [name: string]: Json };

/** A record in a datacenter, or as it was in one. */
export type LiveRecord = {
  /** As its endpoint takes it, with neither indexes nor ID. */
  body: PlainFields;
  index: number;
  /** Its ID; for a config entry its kind and name. */
  ref: string;
};
export type Said = { status: number; text: string };

/** How one kind of record is found and written through its own endpoint. These endpoints know no transaction. */
export type KindEndpoint = {
  kind: RecoverableKind;
  /** The fields of a snapshot's record as its endpoint takes them. */
  toBody: (fields: PlainFields, policyNames: ReadonlyMap<string, string>) => PlainFields;
  label: (body: PlainFields) => string;
  /**
   * The record that has this one's place now; null: none.
   * @param ref the ID that it may have.
   */
  find: (reading: Reading, body: PlainFields, ref: string) => Promise<LiveRecord | null>;
  /** Makes it, or changes the one that is there. */
  put: (reading: Reading, body: PlainFields, live: LiveRecord | null) => Promise<Said>;
  remove: (reading: Reading, live: LiveRecord) => Promise<Said>;
  /** What to say when Consul made it under another ID than the snapshot's; empty: IDs don't matter. */
  newIdText: string;
};

export function textIn(fields: PlainFields, name: string): string {
  const value = fields[name];
  return typeof value === "string" ? value : "";
}

export function listIn(fields: PlainFields, name: string): PlainFields[] {
  const value = fields[name];
  return Array.isArray(value) ? value.filter(isFields) : [];
}

export function isFields(value: Json | undefined): value is PlainFields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Of a record, the named fields that are set. */
export function pick(fields: PlainFields, names: readonly string[]): PlainFields {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = withoutNulls(fields[name] ?? null);
      return isZero(value) ? [] : [[name, value]];
    }),
  );
}

/** What Go means by null is that nothing was given, and some endpoints refuse to read it. */
export function withoutNulls(value: Json, leftOut: ReadonlySet<string> = new Set()): Json {
  if (Array.isArray(value)) return value.map((one) => withoutNulls(one, leftOut));
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) =>
      inner === null || leftOut.has(name) ? [] : [[name, withoutNulls(inner, leftOut)]],
    ),
  );
}

export function isZero(value: Json): boolean {
  if (value === null || value === false || value === 0 || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  return isFields(value) && Object.values(value).every(isZero);
}
