import { hash } from "node:crypto";
import type { FieldValue, OtherRecord, RecordFields, RecordKind } from "../records/visitor.ts";
import { type CanonicalRecord, canonicalRecord } from "./canonical.ts";
import { isMap } from "./churn.ts";
import { churnOfKind, differenceOrder, type RecordDifference, type RecordSide } from "./contract.ts";

/** What is kept of a record: some 300 bytes, its identity and the map's share included. */
type RecordEntry = RecordSide & { readonly typeName: string; readonly digest: string };

/** All records of one archive but its keys: a map for each kind, from identity to what is kept. */
export type RecordTable = ReadonlyMap<RecordKind, ReadonlyMap<string, RecordEntry>>;

/** The visitor's side of a table: add each record as it comes. */
export function createRecordTable(): { table: RecordTable; add: (record: OtherRecord) => void } {
  const table = new Map<RecordKind, Map<string, RecordEntry>>();
  const repeats = new Map<string, number>();
  const add = (record: OtherRecord): void => {
    let entries = table.get(record.kind);
    if (entries === undefined) {
      entries = new Map();
      table.set(record.kind, entries);
    }
    // An identity should be there once; if it is not, no record is lost, and the nth is compared with the nth.
    let identity = record.identity;
    while (entries.has(identity)) {
      const count = (repeats.get(`${record.kind} ${record.identity}`) ?? 1) + 1;
      repeats.set(`${record.kind} ${record.identity}`, count);
      identity = `${record.identity} (${count})`;
    }
    entries.set(identity, toEntry(record));
  };
  return { table, add };
}

/** 128 bits of SHA-256 tell contents apart, 64 their churn; one character for each byte. */
const contentBytes = 16;
const churnBytes = 8;

function toEntry(record: OtherRecord): RecordEntry {
  return {
    type: record.type,
    offset: record.offset,
    bytes: record.bytes,
    modifyIndex: modifyIndexOf(record.fields),
    typeName: record.typeName,
    digest: digestOf(canonicalRecord(record.fields, record)),
  };
}

const digest = Buffer.alloc(contentBytes + churnBytes);

function digestOf({ content, churn }: CanonicalRecord): string {
  digest.set(hash("sha256", content, "buffer").subarray(0, contentBytes));
  digest.fill(0, contentBytes);
  if (churn !== "") {
    digest.set(hash("sha256", churn, "buffer").subarray(0, churnBytes), contentBytes);
  }
  // A string of its own, which a part of a longer one would not be.
  return digest.toString("latin1");
}

/** A service, check or config entry has its own indexes beside those of what it stands in. */
function modifyIndexOf(fields: RecordFields): number | null {
  for (const part of [fields.Service, fields.Check, fields.Entry, fields.State, fields]) {
    const index: FieldValue | undefined = isMap(part) ? part.ModifyIndex : undefined;
    if (typeof index === "number") {
      return index;
    }
  }
  return null;
}

export type RecordFinding =
  | { readonly difference: RecordDifference }
  | {
      readonly difference: null;
      readonly kind: RecordKind;
      readonly type: number;
      readonly typeName: string;
    };

/** What became of each record of A and B, by `differenceOrder`, then by identity. */
export function* compareTables(a: RecordTable, b: RecordTable): Generator<RecordFinding> {
  for (const kind of differenceOrder) {
    if (kind === "kv") {
      continue;
    }
    const before = a.get(kind) ?? new Map<string, RecordEntry>();
    const after = b.get(kind) ?? new Map<string, RecordEntry>();
    const added = [...after.keys()].filter((identity) => !before.has(identity));
    for (const identity of [...before.keys(), ...added].sort()) {
      yield comparePair(kind, identity, before.get(identity) ?? null, after.get(identity) ?? null);
    }
  }
}

function comparePair(
  kind: RecordDifference["kind"],
  identity: string,
  before: RecordEntry | null,
  after: RecordEntry | null,
): RecordFinding {
  const { type, typeName } = after ?? before ?? { type: 0, typeName: "" };
  const change = changeOf(before, after);
  if (change === null) {
    return { difference: null, kind, type, typeName };
  }
  const churn = change === "touched" || churnOfKind(kind) === "always";
  return {
    difference: { kind, typeName, identity, change, churn, before: side(before), after: side(after) },
  };
}

function changeOf(before: RecordEntry | null, after: RecordEntry | null): RecordDifference["change"] | null {
  if (before === null || after === null) {
    return before === null ? "added" : "removed";
  }
  if (before.digest === after.digest) {
    return null;
  }
  return before.digest.slice(0, contentBytes) === after.digest.slice(0, contentBytes) ? "touched" : "changed";
}

function side(entry: RecordEntry | null): RecordSide | null {
  return entry === null
    ? null
    : { type: entry.type, offset: entry.offset, bytes: entry.bytes, modifyIndex: entry.modifyIndex };
}
