// What a comparison of two snapshots says. Browser-safe: types and constants only.
import type { VerifyReport } from "../contract.ts";
import type { FieldValue, RecordKind } from "../records/visitor.ts";

/**
 * The order in which differences come: keys first, since they are told while the archives are being read, then
 * what people look for, and the bookkeeping last.
 */
export const differenceOrder = [
  "kv",
  "node",
  "service",
  "check",
  "session",
  "acl-token",
  "acl-policy",
  "acl-role",
  "acl-binding-rule",
  "acl-auth-method",
  "acl-legacy",
  "config-entry",
  "intention",
  "prepared-query",
  "autopilot",
  "feature-gate",
  "ca-root",
  "ca-config",
  "ca-provider-state",
  "federation-state",
  "peering",
  "peering-trust-bundle",
  "peering-secret",
  "resource",
  "service-virtual-ip",
  "free-virtual-ip",
  "namespace",
  "partition",
  "system-metadata",
  "unknown",
  "chunking-state",
  "coordinate",
  "tombstone",
  "index",
] as const satisfies readonly RecordKind[];

/** Kinds of which every difference is churn: Consul rewrites them by itself. A deleted key is told as a key. */
const churnKinds: ReadonlySet<RecordKind> = new Set(["coordinate", "tombstone", "index"]);

/**
 * How a kind behaves by itself: `always` counts every difference of it as churn; `often` is listed like any other,
 * but comes and goes without anyone's doing, so a view may hide it together with churn.
 */
export function churnOfKind(kind: RecordKind): "always" | "often" | "none" {
  if (churnKinds.has(kind)) {
    return "always";
  }
  return kind === "session" ? "often" : "none";
}

/** `touched`: written again with the same content, so that only indexes or other churn fields differ. */
export type DifferenceChange = "added" | "changed" | "removed" | "touched";

/** Where a record stands in its state.bin, in bytes, to be read again later. */
type RecordPlace = { readonly type: number; readonly offset: number; readonly bytes: number };

export type KvSide = RecordPlace & {
  /** Bytes of the value; 0 also for nil. */
  readonly valueBytes: number;
  readonly flags: bigint;
  readonly lockIndex: number;
  readonly session: string;
  readonly modifyIndex: number;
};

export type KvPart = "value" | "flags" | "lockIndex" | "session";

/** `before` is the record of A, `after` that of B. */
export type KvDifference = {
  readonly kind: "kv";
  readonly key: Uint8Array;
  /** Enterprise's, else empty. */
  readonly partition: string;
  readonly namespace: string;
  readonly change: DifferenceChange;
  readonly churn: boolean;
  /**
   * What differs of a key that changed; empty for every other change. A value beyond the limit of what is decoded
   * counts as different when its size is, or when the record was written again.
   */
  readonly parts: readonly KvPart[];
  readonly before: KvSide | null;
  readonly after: KvSide | null;
};

export type RecordSide = RecordPlace & {
  /** Null where the record has none. */
  readonly modifyIndex: number | null;
};

export type RecordDifference = {
  readonly kind: Exclude<RecordKind, "kv">;
  readonly typeName: string;
  readonly identity: string;
  readonly change: DifferenceChange;
  readonly churn: boolean;
  readonly before: RecordSide | null;
  readonly after: RecordSide | null;
};

/** Never holds a value or a field: what was in the records is read again from their places, by who may see it. */
export type Difference = KvDifference | RecordDifference;

/** Numbers of records. `churn` holds the differences that are churn, and only those. */
export type DifferenceCounts = {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  readonly churn: number;
  readonly identical: number;
};

export type KindCounts = DifferenceCounts & {
  readonly kind: RecordKind;
  /** The record's type byte and Consul's name for it; several kinds share Register. */
  readonly type: number;
  readonly typeName: string;
};

export type CompareSummary = {
  /** True when nothing but churn differs. */
  readonly identical: boolean;
  readonly total: DifferenceCounts;
  /** Those that are in A or B, in `differenceOrder`, then by type. */
  readonly kinds: readonly KindCounts[];
};

export type CompareResult = {
  /**
   * `not-verified`: an archive has findings. `keys-unsorted`: the keys of an archive do not stand in order, and it
   * could not be read again, or holds too many keys. In both cases there is no summary, and every difference that
   * was told is void.
   */
  readonly outcome: "compared" | "not-verified" | "keys-unsorted";
  readonly reports: readonly [VerifyReport, VerifyReport];
  /** Null unless the outcome is `compared`. */
  readonly summary: CompareSummary | null;
};

/** One field that differs. A field that is absent is undefined; `path` goes from the record's fields inwards. */
export type FieldDifference = {
  readonly path: readonly (string | number)[];
  readonly before: FieldValue | undefined;
  readonly after: FieldValue | undefined;
  readonly churn: boolean;
};
