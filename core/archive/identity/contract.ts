// Whether a datacenter holds what an archive holds. Browser-safe: types only.
import type { RecordKind } from "../records/visitor.ts";

/** What was found of one kind. Numbers of records. */
export type KindIdentity = {
  readonly kind: RecordKind;
  readonly typeName: string;
  /** In the archive that was wanted. */
  readonly wanted: number;
  /** In the archive that was found. */
  readonly found: number;
  /** Equal in all that people keep. */
  readonly equal: number;
  /** Differs by what Consul and its agents do by themselves: nodes, services, checks, sessions, locks. */
  readonly moved: number;
  /** Differs, and was written after `sinceIndex`. */
  readonly writtenSince: number;
  /** Differs for no reason that the records show. */
  readonly unexplained: number;
};

export type IdentityReport = {
  /** Nothing is unexplained. */
  readonly matches: boolean;
  /** Nothing differs at all. */
  readonly isExact: boolean;
  readonly wanted: number;
  readonly found: number;
  readonly equal: number;
  readonly moved: number;
  readonly writtenSince: number;
  readonly unexplained: number;
  readonly kinds: readonly KindIdentity[];
  /** Up to ten of what is unexplained, by kind and name; never a value. */
  readonly examples: readonly string[];
  /** The raft index that meta.json of the found archive gives. */
  readonly foundIndex: number | null;
};
