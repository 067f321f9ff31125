import type { accountKeys as AccountKeys, peopleKeys as PeopleKeys } from "#core/access/contract.ts";
import type { auditKeys as AuditKeys } from "#core/audit/contract.ts";
import type { clusterKeys as ClusterKeys } from "#core/clusters/contract.ts";
import type { comparisonKeys as ComparisonKeys } from "#core/comparisons/contract.ts";
import type { contentsKeys as ContentsKeys } from "#core/contents/contract.ts";
import type { drillKeys as DrillKeys } from "#core/drills/contract.ts";
import type { recoveryKeys as RecoveryKeys } from "#core/recoveries/contract.ts";
import type { restoreKeys as RestoreKeys } from "#core/restore/contract.ts";
import type { snapshotKeys as SnapshotKeys } from "#core/snapshots/contract.ts";
import type { tokenKeys as TokenKeys } from "#core/tokens/contract.ts";

/*
 * The query keys of the contracts, with the contracts' own types but without their code: a value import of
 * a contract costs 94 kB of zod in the browser. In client files import contracts with `import type` only.
 */
export const clusterKeys: typeof ClusterKeys = {
  list: ["clusters"],
  datacenters: ["datacenters"],
  servers: (clusterId, datacenter) => ["datacenters", clusterId, datacenter, "servers"],
};

export const auditKeys: typeof AuditKeys = {
  all: ["audit"],
  list: (input) => ["audit", "list", input],
  entry: (entry) => ["audit", "entry", entry],
  facets: ["audit", "facets"],
  chain: ["audit", "chain"],
  custody: (snapshotId) => ["audit", "custody", snapshotId],
  segments: ["audit", "segments"],
};

export const snapshotKeys: typeof SnapshotKeys = {
  all: ["snapshots"],
  list: (input) => ["snapshots", "list", input],
  detail: (id) => ["snapshots", "detail", id],
  summary: ["snapshots", "summary"],
};

export const restoreKeys: typeof RestoreKeys = {
  all: ["restores"],
  list: (cursor) => ["restores", "list", cursor ?? ""],
  detail: (id) => ["restores", "detail", id],
  preflight: (id) => ["restores", "preflight", id],
};

export const drillKeys: typeof DrillKeys = {
  all: ["drills"],
  list: (input) => ["drills", "list", input],
  detail: (id) => ["drills", "detail", id],
  schedules: ["drills", "schedules"],
  ability: ["drills", "ability"],
};

export const recoveryKeys: typeof RecoveryKeys = {
  all: ["recoveries"],
  list: (input) => ["recoveries", "list", input],
  detail: (id) => ["recoveries", "detail", id],
  items: (input) => ["recoveries", input.id, "items", input],
};

export const comparisonKeys: typeof ComparisonKeys = {
  all: ["comparisons"],
  one: (id) => ["comparisons", id],
  differences: (input) => ["comparisons", input.id, "differences", input],
  value: (id, keyId) => ["comparisons", id, "value", keyId],
  record: (id, kind, identity) => ["comparisons", id, "record", kind, identity],
};

export const contentsKeys: typeof ContentsKeys = {
  all: ["contents"],
  summary: (id) => ["contents", id, "summary"],
  children: (input) => ["contents", input.id, "children", input],
  search: (input) => ["contents", input.id, "search", input],
  records: (input) => ["contents", input.id, "records", input],
  value: (id, keyId) => ["contents", id, "value", keyId],
};

export const peopleKeys: typeof PeopleKeys = { all: ["people"], list: ["people", "list"] };

export const accountKeys: typeof AccountKeys = {
  all: ["account"],
  one: ["account", "one"],
  sessions: ["account", "sessions"],
  passkeys: ["account", "passkeys"],
};

export const tokenKeys: typeof TokenKeys = { list: ["tokens"] };
