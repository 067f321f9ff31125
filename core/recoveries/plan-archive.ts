import { createHash } from "node:crypto";
import {
  createArchiveVerifier,
  type KvRecord,
  type OtherRecord,
  toPlainFields,
} from "#core/archive/index.ts";
import { AppError } from "#core/kernel/errors.ts";
import type { InsideArchive } from "#core/snapshots/index.ts";
import { plannedBytesMax, plannedKeysMax, type RecoverableKind, recoverableKinds } from "./contract.ts";
import type { Appender } from "./files.ts";
import type { StoredValue } from "./plan-item.ts";
import type { PlainFields } from "./records/kind.ts";
import { type Choice, nameOfKey } from "./selection.ts";

export type WantedKey = { value: StoredValue; bytes: number; digest: string };
export type WantedRecord = { kind: RecoverableKind; identity: string; fields: PlainFields };
export type Wanted = {
  keys: Map<string, WantedKey>;
  records: WantedRecord[];
  /** Names of the snapshot's policies by their IDs: a role in it knows them by ID alone. */
  policyNames: Map<string, string>;
  /** Keys that a session held when the snapshot was taken. */
  locked: number;
  /** Keys of Enterprise's namespaces and partitions, which are left out. */
  elsewhere: number;
};

export const digestOf = (value: Uint8Array): string => createHash("sha256").update(value).digest("base64");

/**
 * Takes what was chosen out of an archive, in one pass that verifies it on the way. Values go into the plan's file; what
 * is held is a few words per key.
 * @throws AppError `archive_invalid`, `too_large`.
 */
export async function readWanted(
  archive: InsideArchive,
  choice: Choice,
  plan: Appender,
  signal: AbortSignal,
): Promise<Wanted> {
  const wanted: Wanted = { keys: new Map(), records: [], policyNames: new Map(), locked: 0, elsewhere: 0 };
  let plannedBytes = 0;
  const kv = (record: KvRecord): void => {
    const name = nameOfKey(record.key);
    if (!choice.wantsKey(name)) return;
    if (isElsewhere(record)) {
      wanted.elsewhere += 1;
      return;
    }
    if (record.session !== "") wanted.locked += 1;
    plannedBytes += record.valueBytes;
    if (wanted.keys.size >= plannedKeysMax || plannedBytes > plannedBytesMax) throw tooMuch();
    // The record's bytes are only there during this call.
    const bytes = Buffer.from(record.value ?? new Uint8Array());
    const value = { at: plan.add(bytes), flags: String(record.flags) };
    wanted.keys.set(name, { value, bytes: bytes.length, digest: digestOf(bytes) });
  };
  const other = (record: OtherRecord): void => {
    const { kind, identity } = record;
    if (kind === "acl-policy")
      wanted.policyNames.set(String(record.fields.ID ?? ""), String(record.fields.Name ?? ""));
    const known = recoverableKinds.find((one) => one === kind);
    if (known !== undefined && choice.wantsRecord(kind, identity))
      wanted.records.push({ kind: known, identity, fields: toPlainFields(record.fields) });
  };
  await pass(archive, choice.hasKeys ? { kv, other } : { other }, plan, signal);
  return wanted;
}

type Visitor = { kv?: (record: KvRecord) => void; other: (record: OtherRecord) => void };

async function pass(
  archive: InsideArchive,
  visitor: Visitor,
  plan: Appender,
  signal: AbortSignal,
): Promise<void> {
  const verifier = createArchiveVerifier({ visitor, values: visitor.kv !== undefined });
  try {
    for await (const chunk of await archive.store.open(archive.id)) {
      signal.throwIfAborted();
      await verifier.write(chunk);
      if (plan.isFull()) await plan.flush();
      if (verifier.isBroken()) break;
    }
    const report = await verifier.end();
    if (report.ok && report.digests.stateSha256 === archive.stateSha256) return;
    const text = report.findings[0]?.text ?? "Its contents are others.";
    const userMessage = `The archive in the store is not what was verified: ${text}`;
    throw new AppError({ code: "archive_invalid", userMessage });
  } finally {
    verifier.abort();
  }
}

function isElsewhere({ namespace, partition }: KvRecord): boolean {
  return [namespace, partition].some((place) => place !== "" && place !== "default");
}

export function tooMuch(): AppError {
  const keys = plannedKeysMax.toLocaleString("en-US");
  const userMessage = `This is more than ${keys} keys or 512 MB. Choose less, or restore the whole snapshot.`;
  return new AppError({ code: "too_large", userMessage });
}
