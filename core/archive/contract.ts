// The browser-safe half of the archive engine: what a verification says, without the machine that says it.
// Nothing here may import node: modules; pages and the command line share these types.

export type * from "./inspect/contract.ts";
export * from "./records/visitor.ts";

/**
 * Every kind of thing that can be wrong with an archive, in the order in which a report lists them: the outer
 * layers first, because a broken outer layer explains what is wrong further in.
 */
export const archiveFindingCodes = [
  "EMPTY",
  "APPENDED_TEXT",
  "DOUBLE_GZIP",
  "GZIP_HEADER",
  "GZIP_DATA",
  "GZIP_TRUNCATED",
  "GZIP_CRC",
  "GZIP_LENGTH",
  "GZIP_SECOND_MEMBER",
  "GZIP_TRAILING_BYTES",
  "EXPANSION_LIMIT",
  "TAR_HEADER",
  "TAR_TRUNCATED",
  "MEMBER_LIMIT",
  "MEMBER_UNEXPECTED",
  "MEMBER_DUPLICATE",
  "META_TOO_LARGE",
  "META_INVALID",
  "MEMBER_MISSING",
  "SUMS_TOO_LARGE",
  "SUMS_INVALID",
  "SUM_MISMATCH",
  "SUM_MISSING",
  "TAR_TRAILING_BYTES",
  "TAR_PADDING",
  "SIZE_MISMATCH",
  "RECORD_INVALID",
  "RECORD_TRUNCATED",
  "RECORD_LIMIT",
  "RECORD_UNDECODABLE",
] as const;

export type ArchiveFindingCode = (typeof archiveFindingCodes)[number];

/** SHA256SUMS first: where it is missing, that is what Consul reports. */
export const archiveMemberNames = ["SHA256SUMS", "meta.json", "state.bin"] as const;
export type ArchiveMemberName = (typeof archiveMemberNames)[number];

/** One thing that is wrong with an archive. An archive is good exactly when it has none. */
export type ArchiveFinding = {
  readonly code: ArchiveFindingCode;
  /** A sentence for a person. Where Consul has words for the fault, it begins with exactly those words. */
  readonly text: string;
  /**
   * Where, in bytes: for GZIP_*, APPENDED_TEXT and EMPTY counted in the archive itself; for TAR_*, MEMBER_*,
   * DOUBLE_GZIP and EXPANSION_LIMIT in the gunzipped tar; for the rest inside the member that is named.
   */
  readonly offset?: number;
  /** The member's name as the tar gives it; it can be any string when the code is MEMBER_UNEXPECTED. */
  readonly member?: string;
};

export type SnapshotServer = {
  readonly suffrage: "voter" | "nonvoter" | "staging";
  readonly id: string;
  readonly address: string;
};

/** meta.json, as raft wrote it. Every number is an exact integer below 2^53. */
export type SnapshotMeta = {
  readonly version: 0 | 1;
  /** `<term>-<index>-<unix ms>`, where raft itself made the snapshot. */
  readonly id: string;
  readonly index: number;
  readonly term: number;
  /** The deprecated peer list: base64 of msgpack, kept as it came. */
  readonly peersBase64: string | null;
  readonly servers: readonly SnapshotServer[];
  readonly configurationIndex: number;
  /** The length of state.bin that meta.json claims (`Size`). */
  readonly sizeBytes: number;
};

export type RecordTypeCount = {
  readonly type: number;
  /** Consul's name of the type, or `Unknown(N)`. */
  readonly name: string;
  readonly count: number;
  /** Bytes in state.bin, each record's type byte included. */
  readonly bytes: number;
};

export type RecordCounts = {
  /** Number of whole records. */
  readonly total: number;
  /** Largest first, then by name: the order of `consul snapshot inspect`. */
  readonly byType: readonly RecordTypeCount[];
  /** Bytes of the {LastIndex} map that precedes the first record; `inspect` adds them to the first record's type. */
  readonly headerBytes: number;
};

type ArchiveDigests = {
  /** SHA-256 in lower-case hex of the archive as it came, to its last byte. */
  readonly archiveSha256: string;
  /** Null when the member is absent or did not come whole. */
  readonly metaSha256: string | null;
  readonly stateSha256: string | null;
};

export type VerifyReport = {
  /** True exactly when `findings` is empty. */
  readonly ok: boolean;
  readonly findings: readonly ArchiveFinding[];
  /** Null when meta.json is absent, cut or not valid. */
  readonly meta: SnapshotMeta | null;
  /** The exact text of meta.json, valid or not; null when it is absent, cut, too large or not UTF-8. */
  readonly metaJson: string | null;
  readonly digests: ArchiveDigests;
  /** Bytes of the archive as it came. */
  readonly archiveBytes: number;
  /** Bytes of state.bin that were seen. */
  readonly stateBytes: number;
  /** The tar's members in their order, with the sizes that their headers give. */
  readonly members: readonly { readonly name: string; readonly bytes: number }[];
  /** What was counted before the first fault, if there was one. */
  readonly records: RecordCounts;
  /** The raft index that state.bin's header gives; null when it could not be read. */
  readonly lastIndex: number | null;
};

/** The most that a verification accepts of each kind; each has its own finding. */
export type ArchiveLimits = {
  /** Members in the tar, wanted or not (MEMBER_LIMIT). */
  readonly membersMax: number;
  /** meta.json (META_TOO_LARGE). A server takes some 150 bytes of it, so this is room for thousands. */
  readonly metaBytesMax: number;
  /** SHA256SUMS (SUMS_TOO_LARGE). Consul's own has 152 bytes. */
  readonly sumsBytesMax: number;
  /** Gunzipped bytes for each byte of the archive (EXPANSION_LIMIT). Deflate itself cannot exceed 1,032. */
  readonly expansionRatioMax: number;
  /** Gunzipped bytes below which the ratio is not looked at: small archives of much the same bytes are common. */
  readonly expansionFreeBytes: number;
  /** One record of state.bin, a KV value not counted (RECORD_LIMIT). Records larger than some MiB are unheard of. */
  readonly recordBytesMax: number;
  /** Values in one record: text, numbers, lists, maps, and their keys (RECORD_LIMIT). */
  readonly recordValuesMax: number;
};

export const defaultArchiveLimits: ArchiveLimits = {
  membersMax: 16,
  metaBytesMax: 1024 * 1024,
  sumsBytesMax: 4 * 1024,
  expansionRatioMax: 500,
  expansionFreeBytes: 256 * 1024 * 1024,
  recordBytesMax: 64 * 1024 * 1024,
  recordValuesMax: 1_000_000,
};
