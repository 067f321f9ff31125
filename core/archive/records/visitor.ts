// What reading a state.bin tells its reader, record by record. Browser-safe: types and names only.

/** What a record is one of. A Register record is a node, a service or a check, by which of its parts is set. */
export const recordKinds = [
  "node",
  "service",
  "check",
  "coordinate",
  "kv",
  "tombstone",
  "session",
  "acl-token",
  "acl-policy",
  "acl-role",
  "acl-binding-rule",
  "acl-auth-method",
  "acl-legacy",
  "prepared-query",
  "autopilot",
  "intention",
  "config-entry",
  "ca-root",
  "ca-provider-state",
  "ca-config",
  "index",
  "federation-state",
  "system-metadata",
  "service-virtual-ip",
  "free-virtual-ip",
  "peering",
  "peering-trust-bundle",
  "peering-secret",
  "resource",
  "chunking-state",
  "feature-gate",
  "namespace",
  "partition",
  "unknown",
] as const;
export type RecordKind = (typeof recordKinds)[number];

/**
 * A decoded value. Text is a string, bytes are a Uint8Array, an integer beyond 2^53 is a bigint, a time is
 * ISO 8601 in UTC with up to nine decimals (`zeroTime` where Go's time is not set), a duration is a number of
 * nanoseconds. Text that is no UTF-8 is a Uint8Array. A map whose keys are no strings is an array of [key, value]
 * pairs. Objects have no prototype, so a key named `__proto__` is only a key.
 */
export type FieldValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly FieldValue[]
  | RecordFields;
export type RecordFields = { readonly [name: string]: FieldValue };

/** Go's time that was never set, as Consul's own API shows it. A time that can be absent is null instead. */
export const zeroTime = "0001-01-01T00:00:00Z";

/** Where a record stands in state.bin: its type byte at `offset`, which `bytes` includes. */
type RecordPlace = { readonly type: number; readonly offset: number; readonly bytes: number };

/** A KVS record. The object and its buffers are only valid during the call. */
export type KvRecord = RecordPlace & {
  readonly key: Uint8Array;
  readonly valueBytes: number;
  /** Null where Consul wrote nil, where values were not asked for, and beyond the limit `recordBytesMax`. */
  readonly value: Uint8Array | null;
  readonly flags: bigint;
  readonly lockIndex: number;
  /** The session that holds the lock, or an empty string. */
  readonly session: string;
  readonly createIndex: number;
  readonly modifyIndex: number;
  /** Enterprise's, else empty: a key is only alone within its partition and namespace. */
  readonly namespace: string;
  readonly partition: string;
};

/** Any other record. What it holds may be kept. */
export type OtherRecord = RecordPlace & {
  /** Consul's name of the type, or `Unknown(N)`. */
  readonly typeName: string;
  readonly kind: RecordKind;
  /**
   * Tells the record apart from every other of its kind in one snapshot; for people, too. Parts are joined by `/`;
   * a partition, namespace or peer other than the default stands before them: `[partition=a namespace=b] web-1/api`.
   * It never holds a secret.
   */
  readonly identity: string;
  /**
   * Under Consul's own names. A name that is missing means its zero value, since older versions write fewer. Where
   * a record is no structure, its value stands under one name: `Updates` of coordinates, `Value` of unknown types.
   */
  readonly fields: RecordFields;
};

/** Called in the order of state.bin. Whatever a visitor throws ends the reading with that error. */
export type RecordVisitor = {
  readonly kv?: (record: KvRecord) => void;
  readonly other?: (record: OtherRecord) => void;
};
