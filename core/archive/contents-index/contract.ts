// What an index answers, in types that the browser may share. Nothing here may import node: modules.
import type { RecordFields, RecordKind } from "../records/visitor.ts";

export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

/** What is known of the archive when its reading ends; more may be added. */
export type ContentsFacts = {
  /** SHA-256 of state.bin in lower-case hex: what binds the index to its archive. */
  readonly stateSha256: string;
  /** The raft index in state.bin's header. */
  readonly lastIndex: number;
  readonly [name: string]: JsonValue;
};

export type KindCount = {
  readonly kind: RecordKind;
  readonly count: number;
  /** Bytes in state.bin, type bytes included. */
  readonly bytes: number;
};

/** Keys are bytes. A string stands for its UTF-8; bytes that are no UTF-8 are named by their id. */
export type KeyName = {
  /** The key's bytes in base64url without padding: lossless, and what to ask with. */
  readonly keyId: string;
  /** The key as text; each byte that is no UTF-8 is shown as U+FFFD. Control characters stand as they are. */
  readonly text: string;
  /** Whether `text` is the whole truth. */
  readonly isUtf8: boolean;
};

export type KvTotals = {
  readonly keys: number;
  /** Bytes of the values alone. */
  readonly valueBytes: number;
};

export type KvEntry = KeyName & KvNumbers;

/** What is known of a key beside its bytes. */
export type KvNumbers = {
  readonly valueBytes: number;
  /** Consul wrote nil, not an empty value. False where values were not asked for and the length is 0. */
  readonly valueIsNil: boolean;
  readonly flags: bigint;
  readonly lockIndex: number;
  readonly session: string;
  /** Enterprise's, else empty. The same key can stand in several. */
  readonly namespace: string;
  readonly partition: string;
  readonly createIndex: number;
  readonly modifyIndex: number;
  /** Where the record begins in state.bin, and its length with the type byte. */
  readonly offset: number;
  readonly bytes: number;
};

/** An entry for programs: its key as bytes. */
export type KvScanEntry = KvNumbers & { readonly key: Uint8Array };

/** A child of a prefix: one key, or all keys below the next separator. */
export type KvChild = KvTotals & {
  /** What follows the prefix; for a folder with its separator. Empty for the key that is the prefix itself. */
  readonly name: string;
  /** The whole key, or the whole prefix of the folder. */
  readonly path: KeyName;
  readonly isFolder: boolean;
  /** For a key that stands in state.bin more than once (then `keys` says so), the last; see `findAll`. */
  readonly entry?: KvEntry;
};

export type KvChildrenPage = {
  readonly items: readonly KvChild[];
  /** Of everything below the prefix. */
  readonly totals: KvTotals;
  /** Null on the last page. */
  readonly next: string | null;
};

export type KvSearchPage = {
  readonly items: readonly KvEntry[];
  readonly next: string | null;
  /** Why the page ends here. After "budget" there may be more, found or not: go on with `next`. */
  readonly ended: "end" | "limit" | "budget";
  /** How many keys this page looked at. */
  readonly scanned: number;
};

/** A record that is no key, redacted. Too large values are a CutValue, secrets a RedactedValue. */
export type IndexedRecord = {
  readonly kind: RecordKind;
  readonly identity: string;
  readonly type: number;
  readonly typeName: string;
  readonly offset: number;
  readonly bytes: number;
  readonly fields: RecordFields;
};

export type RecordsPage = {
  readonly items: readonly IndexedRecord[];
  readonly next: string | null;
  readonly ended: "end" | "limit" | "budget";
  readonly scanned: number;
};
