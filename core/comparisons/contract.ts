import { z } from "zod";
import { recordKinds } from "#core/archive/contract.ts";
import { keyName, keyValue, revealReason } from "#core/contents/contract.ts";

// Two snapshots side by side, or one with the live cluster. A is the earlier side by convention of the screen only:
// `before` is always A, `after` always B.

const snapshotId = z.string().min(1).max(60);
const idInput = { id: z.string().min(1).max(60) };

export const comparisonSideInput = z.union([
  z.object({ snapshotId }),
  /** The cluster as it is now: a fresh snapshot is taken for this comparison and not kept. */
  z.object({ clusterId: z.string().min(1).max(60), datacenter: z.string().min(1).max(200) }),
]);

/** Asking twice for the same two snapshots gives the same comparison. A live side is always fresh. */
export const startInput = z.object({ a: comparisonSideInput, b: comparisonSideInput });
export type StartInput = z.input<typeof startInput>;
export const comparisonRef = z.object(idInput);

export const comparisonSide = z.object({
  /** Null for the live cluster. */
  snapshotId: z.string().nullable(),
  clusterId: z.string().nullable(),
  clusterName: z.string(),
  datacenter: z.string().nullable(),
  takenAt: z.string().nullable(),
  raftIndex: z.number().nullable(),
  archiveBytes: z.number().nullable(),
  state: z.string(),
  byName: z.string(),
  note: z.string(),
  source: z.string(),
});
export type ComparisonSide = z.infer<typeof comparisonSide>;

export const differenceChanges = ["added", "changed", "removed", "touched"] as const;

const counts = {
  added: z.number(),
  changed: z.number(),
  removed: z.number(),
  churn: z.number(),
  identical: z.number(),
};
export const kindDifference = z.object({ kind: z.enum(recordKinds), typeName: z.string(), ...counts });
export type KindDifference = z.infer<typeof kindDifference>;

export const comparison = z.object({
  id: z.string(),
  state: z.enum(["running", "ready", "failed"]),
  /** While it runs: what is being done, and how far, from 0 to 1 where that is known. */
  phase: z.enum(["taking", "comparing", "done"]),
  progress: z.number().nullable(),
  failureText: z.string().nullable(),
  a: comparisonSide,
  b: comparisonSide,
  startedAt: z.string(),
  /** Null until ready. */
  summary: z
    .object({
      identical: z.boolean(),
      total: z.object(counts),
      kinds: z.array(kindDifference),
    })
    .nullable(),
});
export type Comparison = z.infer<typeof comparison>;

const flag = z.union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")]);

export const differencesInput = z.object({
  ...idInput,
  kind: z.enum(recordKinds).default("kv"),
  /** A list with commas of added, changed, removed. */
  changes: z.string().max(60).optional(),
  /** For keys: a prefix or a pattern; for other records: words in the identity. */
  pattern: z.string().max(2_000).optional(),
  /** Also what Consul rewrites by itself, and what was written again with the same content. */
  churn: flag.default(false),
  cursor: z.string().max(4096).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
export type DifferencesInput = z.input<typeof differencesInput>;

const side = z.object({ bytes: z.number(), modifyIndex: z.number().nullable() });
export const differenceRow = z.object({
  /** For links: stable for the same comparison. */
  key: z.string(),
  kind: z.enum(recordKinds),
  typeName: z.string(),
  /** The key's text, or the record's identity. */
  label: z.string(),
  /** For keys only. */
  name: keyName.nullable(),
  change: z.enum(differenceChanges),
  churn: z.boolean(),
  /** What differs of a key: value, flags, lockIndex, session. */
  parts: z.array(z.string()),
  /** The pattern of names that keeps the value closed. */
  closed: z.string().nullable(),
  /** `bytes` of a key is its value's, of another record the record's. */
  before: side.nullable(),
  after: side.nullable(),
});
export type DifferenceRow = z.infer<typeof differenceRow>;
export const differencesPage = z.object({
  rows: z.array(differenceRow),
  nextCursor: z.string().nullable(),
  ended: z.enum(["end", "limit", "budget"]),
});
export type DifferencesPage = z.infer<typeof differencesPage>;

/** A line of a text difference: numbers are of A and of B, null where the line isn't there. */
export const diffLine = z.object({
  kind: z.enum(["same", "removed", "added"]),
  beforeLine: z.number().nullable(),
  afterLine: z.number().nullable(),
  /** Pieces of the line; `marked` are the words that differ. */
  parts: z.array(z.object({ text: z.string(), marked: z.boolean() })),
});
export type DiffLine = z.infer<typeof diffLine>;

export const valueDifferenceInput = z.object({ ...idInput, keyId: z.string().max(200_000) });
export const valueDifference = z.object({
  before: keyValue.nullable(),
  after: keyValue.nullable(),
  /** Null where a side is closed or binary, or where there are more lines than are compared. */
  text: z
    .object({ form: z.enum(["json", "text"]), hunks: z.array(z.object({ lines: z.array(diffLine) })) })
    .nullable(),
  /** Why there is no text, in a sentence; null when there is. */
  without: z.string().nullable(),
});
export type ValueDifference = z.infer<typeof valueDifference>;

export const recordDifferenceInput = z.object({
  ...idInput,
  kind: z.enum(recordKinds),
  identity: z.string().max(20_000),
});
export const fieldDifference = z.object({
  /** `Service.Port`, `Policies[0].ID`. */
  path: z.string(),
  /** Absent on a side: undefined. Secrets are RedactedValue. */
  before: z.json().optional(),
  after: z.json().optional(),
  churn: z.boolean(),
});
export type FieldDifference = z.infer<typeof fieldDifference>;
export const recordDifference = z.object({ fields: z.array(fieldDifference) });
export type RecordDifference = z.infer<typeof recordDifference>;

export const revealDifferenceInput = valueDifferenceInput.extend({
  reason: revealReason,
});

/** The export is a stream of JSON, redacted as on screen: `{"url": …}` opens it once. */
export const exportTicket = z.object({ url: z.string(), expiresAt: z.string() });

export const comparisonKeys = {
  all: ["comparisons"] as const,
  one: (id: string) => ["comparisons", id] as const,
  differences: (input: DifferencesInput) => ["comparisons", input.id, "differences", input] as const,
  value: (id: string, keyId: string) => ["comparisons", id, "value", keyId] as const,
  record: (id: string, kind: string, identity: string) =>
    ["comparisons", id, "record", kind, identity] as const,
};
