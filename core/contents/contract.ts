import { z } from "zod";
import { recordKinds } from "#core/archive/contract.ts";

// Looking inside a snapshot. Keys are bytes: `keyId` is their base64url, `text` their UTF-8 for people.
// Sizes are bytes, indexes are raft indexes. Nothing here ever holds a secret, but the answer of a reveal.

/** The largest value that is sent to a page, in bytes. Consul itself refuses values over 512 KB by default. */
export const shownValueBytesMax = 1024 * 1024;
export const reasonCharsMin = 3;
export const reasonCharsMax = 300;
/** How long a page shows what was revealed, in seconds. */
export const revealSeconds = 60;

export const keyName = z.object({ keyId: z.string(), text: z.string(), isUtf8: z.boolean() });

const kindCount = z.object({ kind: z.enum(recordKinds), count: z.number(), bytes: z.number() });

/** What a snapshot holds, in numbers. */
export const contentsSummary = z.object({
  id: z.string(),
  lastIndex: z.number(),
  stateBytes: z.number(),
  edition: z.enum(["community", "enterprise"]),
  consulVersions: z.array(z.string()),
  datacenters: z.array(z.string()),
  clusterId: z.string().nullable(),
  /** By Consul's record type, largest first. */
  types: z.array(z.object({ type: z.number(), name: z.string(), count: z.number(), bytes: z.number() })),
  /** By what the records are one of; a Register record is a node, a service or a check. */
  kinds: z.array(kindCount),
  keys: z.number(),
  valueBytes: z.number(),
});
export type ContentsSummary = z.infer<typeof contentsSummary>;

/** A key without its value. `closed` is the pattern of names that keeps its value closed, if one does. */
export const keyEntry = keyName.extend({
  valueBytes: z.number(),
  flags: z.string(),
  lockIndex: z.number(),
  session: z.string(),
  createIndex: z.number(),
  modifyIndex: z.number(),
  closed: z.string().nullable(),
});
export type KeyEntry = z.infer<typeof keyEntry>;

export const keyChild = z.object({
  /** What follows the prefix; with its "/" for a folder; empty for the key that is the prefix itself. */
  name: z.string(),
  path: keyName,
  isFolder: z.boolean(),
  keys: z.number(),
  valueBytes: z.number(),
  /** Null for a folder. */
  entry: keyEntry.nullable(),
});
export type KeyChild = z.infer<typeof keyChild>;

const pageInput = {
  cursor: z.string().max(4096).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
};
const snapshotId = z.string().min(1).max(60);
const keyId = z
  .string()
  .max(200_000)
  .regex(/^[A-Za-z0-9_-]*$/, "A key id is base64url");

export const summaryInput = z.object({ id: snapshotId });

export const childrenInput = z.object({
  id: snapshotId,
  /** The keyId of the folder's path with its "/"; empty for the root. */
  prefix: keyId.default(""),
  ...pageInput,
});
export type ChildrenInput = z.input<typeof childrenInput>;
export const childrenPage = z.object({
  rows: z.array(keyChild),
  /** Of everything below the prefix. */
  totals: z.object({ keys: z.number(), valueBytes: z.number() }),
  nextCursor: z.string().nullable(),
});
export type ChildrenPage = z.infer<typeof childrenPage>;

export const searchInput = z.object({
  id: snapshotId,
  /** A prefix like `checkout/`, or a pattern with `*` and `?` like `checkout/*_key`. */
  pattern: z.string().min(1).max(2_000),
  ...pageInput,
});
export type SearchInput = z.input<typeof searchInput>;
export const searchPage = z.object({
  rows: z.array(keyEntry),
  nextCursor: z.string().nullable(),
  /** `budget`: the search paused after looking long enough; ask on with the cursor. */
  ended: z.enum(["end", "limit", "budget"]),
  scanned: z.number(),
});
export type SearchPage = z.infer<typeof searchPage>;

export const recordsInput = z.object({
  id: snapshotId,
  kind: z.enum(recordKinds),
  /** Words to be found in identity or fields, in any case of letters. */
  text: z.string().trim().max(200).optional(),
  ...pageInput,
});
export type RecordsInput = z.input<typeof recordsInput>;

/** A secret in a record: its length, and a fingerprint that is the same for the same secret. */
export const redactedValue = z.object({
  redacted: z.literal(true),
  bytes: z.number(),
  fingerprint: z.string(),
});
export type RedactedValue = z.infer<typeof redactedValue>;

export const recordRow = z.object({
  kind: z.enum(recordKinds),
  identity: z.string(),
  typeName: z.string(),
  bytes: z.number(),
  /** Plain JSON: integers beyond 2^53 as decimal text, bytes as { base64 }, secrets as RedactedValue. */
  fields: z.record(z.string(), z.json()),
  /** Whether there is something closed in it. */
  hasSecrets: z.boolean(),
});
export type RecordRow = z.infer<typeof recordRow>;
export const recordsPage = z.object({
  rows: z.array(recordRow),
  nextCursor: z.string().nullable(),
  ended: z.enum(["end", "limit", "budget"]),
});
export type RecordsPage = z.infer<typeof recordsPage>;

export const valueInput = z.object({ id: snapshotId, keyId });
/** The value of a key: open with its bytes, or closed with what may be known of it. */
export const keyValue = z.object({
  entry: keyEntry,
  value: z.discriminatedUnion("state", [
    z.object({
      state: z.literal("open"),
      /** At most `shownValueBytesMax` bytes of it. */
      base64: z.string(),
      isCut: z.boolean(),
      /** Consul keeps no value and an empty one apart. */
      isNil: z.boolean(),
      form: z.enum(["json", "text", "binary"]),
    }),
    z.object({ state: z.literal("closed"), rule: z.string(), bytes: z.number(), fingerprint: z.string() }),
  ]),
});
export type KeyValue = z.infer<typeof keyValue>;

/** Why somebody wants to see what is closed; stands in the audit log. */
export const revealReason = z
  .string()
  .trim()
  .min(reasonCharsMin, "A reason is needed, such as the incident's number")
  .max(reasonCharsMax, `At most ${reasonCharsMax} characters`);

export const revealValueInput = valueInput.extend({ reason: revealReason });
export const revealedValue = z.object({
  base64: z.string(),
  isCut: z.boolean(),
  isNil: z.boolean(),
  form: z.enum(["json", "text", "binary"]),
});
export type RevealedValue = z.infer<typeof revealedValue>;

export const revealRecordInput = z.object({
  id: snapshotId,
  kind: z.enum(recordKinds),
  identity: z.string().max(20_000),
  reason: revealReason,
});
/** The record with nothing redacted. */
export const revealedRecord = z.object({ fields: z.record(z.string(), z.json()) });
export type RevealedRecord = z.infer<typeof revealedRecord>;

export const contentsKeys = {
  all: ["contents"] as const,
  summary: (id: string) => ["contents", id, "summary"] as const,
  children: (input: ChildrenInput) => ["contents", input.id, "children", input] as const,
  search: (input: SearchInput) => ["contents", input.id, "search", input] as const,
  records: (input: RecordsInput) => ["contents", input.id, "records", input] as const,
  value: (id: string, keyId: string) => ["contents", id, "value", keyId] as const,
};
