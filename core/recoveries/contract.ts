import { z } from "zod";
import { keyName } from "#core/contents/contract.ts";

// Bringing a part of a snapshot back into a live datacenter: chosen, planned against what is there, applied so that
// no write of anybody else is lost, and kept for the way back.

/** Kinds besides keys, each through its own endpoint of Consul. */
export const recoverableKinds = [
  "prepared-query",
  "acl-policy",
  "acl-role",
  "config-entry",
  "intention",
] as const;
export type RecoverableKind = (typeof recoverableKinds)[number];

/**
 * - `planning`, `planned`: nothing was written.
 * - `applied`: everything of the plan is in the datacenter. `partial`: some was changed by somebody else meanwhile and
 *   left alone, or was refused; the items say which.
 * - `failed`: nothing was written, the text says why. `interrupted`: cut off in the middle, because Snapkeep stopped or
 *   Consul didn't answer any more; items say what is known.
 * - `undone`, `undone-partial`: the way back was taken.
 */
export const recoveryStates = [
  "planning",
  "planned",
  "applying",
  "applied",
  "partial",
  "failed",
  "interrupted",
  "undoing",
  "undone",
  "undone-partial",
] as const;
export type RecoveryState = (typeof recoveryStates)[number];

/** Written through endpoints that know no check-and-set. */
export const kindsWithoutCas: readonly RecoverableKind[] = [
  "prepared-query",
  "acl-policy",
  "acl-role",
  "intention",
];

/** Consul takes at most this many operations in one transaction. */
export const transactionOpsMax = 64;
export const selectionsMax = 200;
/** So long after applying the values wanted and the values before are kept; without them there is no way back. */
export const valuesKeptDays = 30;
/** So long the values of a plan are kept that is not applied. */
export const planKeptDays = 1;
/** A plan beyond this many keys is refused: a restore is the right thing then. */
export const plannedKeysMax = 200_000;
export const plannedBytesMax = 512 * 1024 * 1024;

export const selection = z.union([
  /** A key's bytes in base64url, as the contents pages name keys. */
  z.object({ keyId: z.string().min(1).max(200_000) }),
  /** Every key under it; the empty prefix is every key. */
  z.object({ prefix: z.string().max(2_000) }),
  z.object({ kind: z.enum(recoverableKinds), identity: z.string().min(1).max(20_000) }),
]);
export type Selection = z.infer<typeof selection>;

const token = z.string().trim().max(4096).optional();
export const planInput = z.object({
  snapshotId: z.string().min(1).max(60),
  clusterId: z.string().min(1).max(60),
  datacenter: z.string().trim().min(1).max(200),
  selections: z.array(selection).min(1, "Choose something").max(selectionsMax),
  /** A token for this one act; never stored. */
  token,
});
export type PlanInput = z.input<typeof planInput>;

export const recoveryActions = ["create", "update", "unchanged"] as const;
/** What became of an item: `conflict`: somebody changed it since the plan was made, so it was left alone. */
export const recoveryResults = [
  "applied",
  "conflict",
  "refused",
  "unknown",
  "undone",
  "undo_conflict",
] as const;
export const recoveryItem = z.object({
  /** `kv:<keyId>`, or `<kind>:<identity>`. */
  key: z.string(),
  kind: z.enum(["kv", ...recoverableKinds]),
  label: z.string(),
  /** For keys only. */
  name: keyName.nullable(),
  action: z.enum(recoveryActions),
  /** The value's bytes in the datacenter and in the snapshot; for other kinds those of the record as JSON. */
  liveBytes: z.number().nullable(),
  snapshotBytes: z.number().nullable(),
  /** The pattern that keeps the value closed on screens. */
  closed: z.string().nullable(),
  /** What differs: value, flags; field names for other kinds. */
  parts: z.array(z.string()),
  /** Null until it was applied. */
  result: z.enum(recoveryResults).nullable(),
  /** Consul's words, or what somebody else did; empty otherwise. */
  resultText: z.string(),
});
export type RecoveryItem = z.infer<typeof recoveryItem>;

const counts = z.object({
  create: z.number(),
  update: z.number(),
  unchanged: z.number(),
  applied: z.number(),
  conflict: z.number(),
  refused: z.number(),
  unknown: z.number(),
  undone: z.number(),
  undoConflict: z.number(),
});
export type RecoveryCounts = z.infer<typeof counts>;
export const recovery = z.object({
  id: z.string(),
  state: z.enum(recoveryStates),
  /** 0 to 1 while it plans, applies or undoes, where known. */
  progress: z.number().nullable(),
  snapshotId: z.string(),
  snapshotTakenAt: z.string().nullable(),
  snapshotDatacenter: z.string().nullable(),
  clusterId: z.string().nullable(),
  clusterName: z.string(),
  datacenter: z.string(),
  selections: z.array(selection),
  reason: z.string(),
  byName: z.string(),
  plannedAt: z.string(),
  appliedAt: z.string().nullable(),
  undoneAt: z.string().nullable(),
  counts,
  /** What the plan leaves out and why: locks, sessions, kinds that this Consul does not know. */
  notes: z.array(z.string()),
  outcomeText: z.string().nullable(),
  canApply: z.boolean(),
  canUndo: z.boolean(),
  /** Why there is no way back, where one could expect it. */
  withoutUndoText: z.string().nullable(),
  /** Until then the values are kept. */
  valuesKeptUntil: z.string(),
  correlationId: z.string(),
});
export type Recovery = z.infer<typeof recovery>;
export const recoveryPage = z.object({ rows: z.array(recovery), nextCursor: z.string().nullable() });
export type RecoveryPage = z.infer<typeof recoveryPage>;
export const recoveryListInput = z.object({
  snapshotId: z.string().max(60).optional(),
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type RecoveryListInput = z.input<typeof recoveryListInput>;

export const recoveryRef = z.object({ id: z.string().min(1).max(60) });
export const recoveryItemsInput = recoveryRef.extend({
  /** A list with commas of create, update, unchanged, conflict, refused, applied, undone, undo_conflict, unknown. */
  show: z.string().max(120).optional(),
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
export type RecoveryItemsInput = z.input<typeof recoveryItemsInput>;
export const recoveryItemsPage = z.object({ rows: z.array(recoveryItem), nextCursor: z.string().nullable() });
export type RecoveryItemsPage = z.infer<typeof recoveryItemsPage>;

const reason = z.string().trim().min(3, "A reason is needed").max(500);
export const applyInput = recoveryRef.extend({ reason, token });
export const undoInput = recoveryRef.extend({ reason, token });

export const recoveryKeys = {
  all: ["recoveries"] as const,
  list: (input: RecoveryListInput) => ["recoveries", "list", input] as const,
  detail: (id: string) => ["recoveries", "detail", id] as const,
  items: (input: RecoveryItemsInput) => ["recoveries", input.id, "items", input] as const,
};
