import { hash } from "node:crypto";
import type { KvRecord } from "../records/visitor.ts";
import type { DifferenceChange, KvDifference, KvPart, KvSide } from "./contract.ts";
import { createSlabs, type KvSlab, retain } from "./kv-slabs.ts";

/**
 * A KV record that outlives its call. `slab` holds its partition, namespace and key, with a zero byte after each of
 * the first two, and then its value or the value's SHA-256. There are millions of these, and a class is what makes
 * them small and quick.
 */
export class KvEntry {
  readonly slab: Buffer;
  readonly home: KvSlab;
  readonly start: number;
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly end: number;
  readonly value: "whole" | "hash" | "unread";
  readonly type: number;
  readonly offset: number;
  readonly bytes: number;
  readonly valueBytes: number;
  readonly flags: bigint;
  readonly lockIndex: number;
  readonly session: string;
  readonly createIndex: number;
  readonly modifyIndex: number;

  constructor(
    record: KvRecord,
    home: KvSlab,
    scope: Uint8Array | null,
    kept: Uint8Array,
    value: KvEntry["value"],
  ) {
    const { buffer: slab, used: start } = home;
    this.slab = slab;
    this.home = home;
    this.start = start;
    this.keyStart = start + (scope === null ? noScopeBytes : scope.length);
    this.keyEnd = this.keyStart + record.key.length;
    this.end = this.keyEnd + kept.length;
    this.value = value;
    this.type = record.type;
    this.offset = record.offset;
    this.bytes = record.bytes;
    this.valueBytes = record.valueBytes;
    this.flags = record.flags;
    this.lockIndex = record.lockIndex;
    this.session = record.session;
    this.createIndex = record.createIndex;
    this.modifyIndex = record.modifyIndex;
    if (scope === null) {
      slab[start] = 0;
      slab[start + 1] = 0;
    } else {
      slab.set(scope, start);
    }
    slab.set(record.key, this.keyStart);
    slab.set(kept, this.keyEnd);
  }
}

/** @param hashed keeps 32 bytes for a value that is longer */
export type KvKeeper = (record: KvRecord, hashed: boolean) => KvEntry;

const hashBytes = 32;
const noBytes = Buffer.alloc(0);
/** Two zero bytes, for an empty partition and namespace. */
const noScopeBytes = 2;

/** Copies records into slabs. An entry that is never released keeps its slab. */
export function createKvKeeper(): KvKeeper {
  const slabs = createSlabs();
  return (record, hashed) => {
    const scope = scopeOf(record);
    const isUnread = record.value === null && record.valueBytes > 0;
    const isHashed = hashed && record.value !== null && record.value.length > hashBytes;
    const kept = isHashed && record.value !== null ? sha256(record.value) : (record.value ?? noBytes);
    const bytes = (scope === null ? noScopeBytes : scope.length) + record.key.length + kept.length;
    const value = isUnread ? "unread" : isHashed ? "hash" : "whole";
    const slab = slabs.withRoom(bytes);
    const entry = new KvEntry(record, slab, scope, kept, value);
    slab.used = entry.end;
    retain(slab);
    return entry;
  };
}

/** Null for what only Enterprise's records have. */
function scopeOf({ partition, namespace }: KvRecord): Buffer | null {
  return partition === "" && namespace === "" ? null : Buffer.from(`${partition}\0${namespace}\0`);
}

function sha256(bytes: Uint8Array): Buffer {
  return hash("sha256", bytes, "buffer");
}

/**
 * Whether a record that just came is the same as one that waits, indexes included. May say no for any that is not
 * simple; it is only there to spare the many records that nobody touched being kept.
 */
export function isSameRecord(entry: KvEntry, record: KvRecord): boolean {
  const { key, value, partition, namespace } = record;
  return (
    entry.modifyIndex === record.modifyIndex &&
    entry.createIndex === record.createIndex &&
    entry.flags === record.flags &&
    entry.lockIndex === record.lockIndex &&
    entry.session === record.session &&
    entry.valueBytes === record.valueBytes &&
    entry.value === "whole" &&
    value !== null &&
    partition === "" &&
    namespace === "" &&
    entry.keyStart - entry.start === noScopeBytes &&
    compareBytes(entry.slab, entry.keyStart, entry.keyEnd, key, 0, key.length) === 0 &&
    compareBytes(entry.slab, entry.keyEnd, entry.end, value, 0, value.length) === 0
  );
}

/** Below, at or above zero by the order of the bytes of partition, namespace and key. */
export function compareKeys(a: KvEntry, b: KvEntry): number {
  return compareBytes(a.slab, a.start, a.keyEnd, b.slab, b.start, b.keyEnd);
}

/** A call into native code costs more than a loop over this many bytes. */
const loopBytesMax = 64;

function compareBytes(
  a: Buffer,
  aStart: number,
  aEnd: number,
  b: Uint8Array,
  bStart: number,
  bEnd: number,
): number {
  const loopBytes = Math.min(aEnd - aStart, bEnd - bStart, loopBytesMax);
  for (let at = 0; at < loopBytes; at++) {
    const order = (a[aStart + at] ?? 0) - (b[bStart + at] ?? 0);
    if (order !== 0) {
      return order;
    }
  }
  return loopBytes < loopBytesMax
    ? aEnd - aStart - (bEnd - bStart)
    : a.compare(b, bStart + loopBytes, bEnd, aStart + loopBytes, aEnd);
}

/** Partition, namespace and key, one character for each byte, so that it is equal exactly when the bytes are. */
export function keyText(entry: KvEntry): string {
  return entry.slab.toString("latin1", entry.start, entry.keyEnd);
}

/** What is not the same. A nil value and an empty one are: which it is can change without anyone's doing. */
export function differingParts(a: KvEntry, b: KvEntry): KvPart[] {
  const parts: KvPart[] = [];
  if (!sameValue(a, b)) {
    parts.push("value");
  }
  if (a.flags !== b.flags) {
    parts.push("flags");
  }
  if (a.lockIndex !== b.lockIndex) {
    parts.push("lockIndex");
  }
  if (a.session !== b.session) {
    parts.push("session");
  }
  return parts;
}

function sameValue(a: KvEntry, b: KvEntry): boolean {
  if (a.valueBytes !== b.valueBytes) {
    return false;
  }
  if (a.value === "unread" || b.value === "unread") {
    // Without the bytes, only a record that was not written since is surely the same.
    return a.modifyIndex === b.modifyIndex && a.createIndex === b.createIndex;
  }
  if (a.value === b.value) {
    return compareBytes(a.slab, a.keyEnd, a.end, b.slab, b.keyEnd, b.end) === 0;
  }
  const [whole, digest] = a.value === "hash" ? [b, a] : [a, b];
  const wholeHash = sha256(whole.slab.subarray(whole.keyEnd, whole.end));
  return wholeHash.equals(digest.slab.subarray(digest.keyEnd, digest.end));
}

/** The difference holds none of the slabs: key and numbers are copied. */
export function toKvDifference(
  change: DifferenceChange,
  before: KvEntry | null,
  after: KvEntry | null,
  parts: readonly KvPart[] = [],
): KvDifference {
  const { key, partition, namespace } = keyOf(after ?? before);
  const sides = { before: toSide(before), after: toSide(after) };
  return { kind: "kv", key, partition, namespace, change, churn: change === "touched", parts, ...sides };
}

function keyOf(entry: KvEntry | null): Pick<KvDifference, "key" | "partition" | "namespace"> {
  if (entry === null) {
    return { key: new Uint8Array(), partition: "", namespace: "" };
  }
  const { slab, start, keyStart, keyEnd } = entry;
  const [partition = "", namespace = ""] = slab.toString("utf8", start, keyStart).split("\0");
  return { key: new Uint8Array(slab.subarray(keyStart, keyEnd)), partition, namespace };
}

function toSide(entry: KvEntry | null): KvSide | null {
  if (entry === null) {
    return null;
  }
  const { type, offset, bytes, valueBytes, flags, lockIndex, session, modifyIndex } = entry;
  return { type, offset, bytes, valueBytes, flags, lockIndex, session, modifyIndex };
}
