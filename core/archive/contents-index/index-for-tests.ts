// Makes indexes in memory for the tests of this folder.
import { createHmac } from "node:crypto";
import type { KvRecord, OtherRecord, RecordFields, RecordKind } from "../records/visitor.ts";
import type { IndexSource } from "./blocks.ts";
import type { ContentsFacts } from "./contract.ts";
import { createContentsIndexWriter } from "./writer.ts";

export const testFacts: ContentsFacts = { stateSha256: "ab".repeat(32), lastIndex: 42, servers: ["a", "b"] };

export const testSeal = (bytes: Uint8Array) =>
  createHmac("sha256", "k").update(bytes).digest("hex").slice(0, 12);

export function kvRecord(key: string | Uint8Array, more: Partial<KvRecord> = {}): KvRecord {
  const bytes = typeof key === "string" ? Buffer.from(key) : key;
  const valueBytes = more.valueBytes ?? 5;
  return {
    type: 2,
    key: bytes,
    valueBytes,
    value: null,
    flags: 0n,
    lockIndex: 0,
    session: "",
    createIndex: 10,
    modifyIndex: 10,
    namespace: "",
    partition: "",
    offset: 0,
    bytes: 80 + bytes.length + valueBytes,
    ...more,
  };
}

export function otherRecord(
  kind: RecordKind,
  identity: string,
  fields: RecordFields,
  offset = 100,
): OtherRecord {
  return { type: 17, typeName: "Some", kind, identity, fields, offset, bytes: 50 };
}

/** Writes the records in the order in which they are given, back to back where they have no offset. */
export function makeIndex(
  records: readonly (KvRecord | OtherRecord)[],
  options: { lateBytesFull?: number; facts?: ContentsFacts } = {},
): Uint8Array {
  const chunks: Uint8Array[] = [];
  const writer = createContentsIndexWriter({
    onBytes: (chunk) => chunks.push(chunk),
    seal: testSeal,
    ...options,
  });
  let offset = 12;
  for (const record of records) {
    const placed = record.offset === 0 ? { ...record, offset } : record;
    offset = placed.offset + placed.bytes;
    if ("kind" in placed) writer.other(placed);
    else writer.kv(placed);
  }
  const { indexBytes } = writer.finish(options.facts ?? testFacts);
  const bytes = Buffer.concat(chunks);
  if (bytes.length !== indexBytes) throw new Error("the summary has another length than the bytes");
  return bytes;
}

export function sourceOf(bytes: Uint8Array): IndexSource & { readonly reads: () => number } {
  let reads = 0;
  return {
    bytes: bytes.length,
    read: async (offset, length) => {
      reads += 1;
      return bytes.slice(offset, offset + length);
    },
    reads: () => reads,
  };
}
