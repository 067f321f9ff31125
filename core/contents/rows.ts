import { describeValue } from "#core/archive/compare/index.ts";
import {
  type ContentsIndex,
  type IndexedRecord,
  type KvChild,
  type KvEntry,
  keyBytesOfId,
} from "#core/archive/contents-index/index.ts";
import { type Inspection, type RecordFields, toPlainFields } from "#core/archive/index.ts";
import { credentialRule, isRedactedValue } from "#core/archive/redaction/index.ts";
import { createSeal } from "#core/archive/thread/index.ts";
import {
  type ContentsSummary,
  type KeyChild,
  type KeyEntry,
  type KeyValue,
  type RecordRow,
  type RevealedValue,
  shownValueBytesMax,
} from "./contract.ts";

export function toSummary(id: string, index: ContentsIndex): ContentsSummary {
  const inspection = index.facts.inspection as unknown as Inspection;
  return {
    id,
    lastIndex: index.facts.lastIndex,
    stateBytes: inspection.stateBytes,
    edition: inspection.edition,
    consulVersions: [...inspection.serverVersions.names],
    datacenters: [...inspection.datacenters.names],
    clusterId: inspection.clusterId,
    types: inspection.types.map(({ type, name, count, bytes }) => ({ type, name, count, bytes })),
    kinds: index.kinds().map(({ kind, count, bytes }) => ({ kind, count, bytes })),
    keys: inspection.kv.count,
    valueBytes: inspection.kv.valueBytes,
  };
}

export function toKeyEntry(entry: KvEntry): KeyEntry {
  const { keyId, text, isUtf8, valueBytes, flags, lockIndex, session, createIndex, modifyIndex } = entry;
  return {
    keyId,
    text,
    isUtf8,
    valueBytes,
    flags: String(flags),
    lockIndex,
    session,
    createIndex,
    modifyIndex,
    closed: credentialRule(text),
  };
}

export function toKeyChild(child: KvChild): KeyChild {
  const { name, path, isFolder, keys, valueBytes, entry } = child;
  return {
    name,
    path: { keyId: path.keyId, text: path.text, isUtf8: path.isUtf8 },
    isFolder,
    keys,
    valueBytes,
    entry: entry === undefined ? null : toKeyEntry(entry),
  };
}

export function toRecordRow({ kind, identity, typeName, bytes, fields }: IndexedRecord): RecordRow {
  return { kind, identity, typeName, bytes, fields: toPlainFields(fields), hasSecrets: holdsSecret(fields) };
}

/** A value as it is shown: open, or closed by its name unless it is revealed. */
export function toKeyValue(
  entry: KeyEntry,
  value: Uint8Array | null,
  fingerprintKey: string,
  isRevealed = false,
): KeyValue {
  const bytes = value ?? new Uint8Array();
  if (entry.closed === null || isRevealed) return { entry, value: { state: "open", ...toRevealed(value) } };
  const fingerprint = createSeal(fingerprintKey)(bytes);
  return { entry, value: { state: "closed", rule: entry.closed, bytes: bytes.length, fingerprint } };
}

export function toRevealed(value: Uint8Array | null): RevealedValue {
  const bytes = value ?? new Uint8Array();
  const shown = bytes.subarray(0, shownValueBytesMax);
  const isCut = shown.length < bytes.length;
  return {
    base64: Buffer.from(shown).toString("base64"),
    isCut,
    isNil: value === null,
    form: describeValue(shown),
  };
}

export function keyLabel(keyId: string): string {
  const text = keyBytesOfId(keyId).toString("utf8");
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function holdsSecret(value: unknown): boolean {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return false;
  if (isRedactedValue(value)) return true;
  return Object.values(value as RecordFields).some(holdsSecret);
}
