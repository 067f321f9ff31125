// What an inspection says of the contents of a snapshot. Browser-safe: types only.
import type { RecordTypeCount, SnapshotServer } from "../contract.ts";

/** A number of things per name, the largest first; names beyond what is kept are counted as `more`. */
export type NamedCounts = {
  readonly names: readonly { readonly name: string; readonly count: number }[];
  /** Things whose names are not in `names`, because there were too many different ones. */
  readonly more: number;
};

/** Names in byte order, and whether there were too many different ones to keep them all. */
export type NameList = { readonly names: readonly string[]; readonly hasMore: boolean };

export type KvPrefix = {
  /** The first parts of the keys, joined by `/`; without the last `/`. */
  readonly prefix: string;
  readonly count: number;
  /** Bytes of the records in state.bin. */
  readonly bytes: number;
};

export type KvInspection = {
  /** All keys, whatever the filter. */
  readonly count: number;
  readonly valueBytes: number;
  /** Bytes of the largest value. */
  readonly largestValueBytes: number;
  /** Keys that a session holds. */
  readonly locked: number;
  readonly depth: number;
  readonly filter: string;
  /** Of the keys that begin with the filter: largest first, then in byte order. */
  readonly prefixes: readonly KvPrefix[];
  /** Keys that begin with the filter but whose prefix is not listed, because there are too many different ones. */
  readonly unlisted: { readonly count: number; readonly bytes: number };
};

export type InspectedServer = {
  readonly id: string;
  readonly address: string;
  readonly suffrage: SnapshotServer["suffrage"];
  /** From the catalog, by the server's ID; null where it is not there. */
  readonly node: string | null;
  readonly version: string | null;
};

export type ObjectCounts = {
  readonly nodes: number;
  readonly services: number;
  readonly serviceNames: number;
  readonly checks: number;
  readonly sessions: number;
  readonly coordinates: number;
  readonly tombstones: number;
  readonly aclTokens: number;
  readonly aclPolicies: number;
  readonly aclRoles: number;
  readonly aclBindingRules: number;
  readonly aclAuthMethods: number;
  /** Tokens of the ACL system before 1.4; Consul since 1.11 cannot restore them. */
  readonly legacyAcls: number;
  readonly preparedQueries: number;
  /** Records of before 1.9, and the sources of service-intentions since. */
  readonly intentions: number;
  readonly configEntries: number;
  readonly caRoots: number;
  readonly peerings: number;
  readonly peeringTrustBundles: number;
  readonly resources: number;
  readonly namespaces: number;
  readonly partitions: number;
  readonly unknown: number;
};

export type Inspection = {
  /** Versions of Consul that nodes and servers had when they last registered; not only of the servers. */
  readonly consulVersions: NameList;
  /** Versions of the servers alone. */
  readonly serverVersions: NameList;
  /** Enterprise where a record has a namespace or a partition, or a type that only Enterprise writes. */
  readonly edition: "community" | "enterprise";
  readonly datacenters: NameList;
  /** The ID of the cluster in its CA configuration; null where Connect was never on. */
  readonly clusterId: string | null;
  /** meta.json's servers, with what the catalog says of them. */
  readonly servers: readonly InspectedServer[];
  /** When raft began the snapshot, in ISO 8601, from meta.json's ID; null where that has another form. */
  readonly createdAt: string | null;
  /** As Consul counts: in order of their bytes, the header in those of the first record. */
  readonly types: readonly RecordTypeCount[];
  readonly stateBytes: number;
  readonly kv: KvInspection;
  readonly counts: ObjectCounts;
  readonly checksByStatus: NamedCounts;
  readonly configEntriesByKind: NamedCounts;
  /** Instances by name. */
  readonly servicesByName: NamedCounts;
};
