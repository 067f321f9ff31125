/** What each version of Consul can load, as far as it matters before a restore. Numbers are [major, minor, patch]. */
export type Version = readonly [major: number, minor: number, patch: number];

export function parseVersion(text: string | null): Version | null {
  const found = /^v?(\d+)\.(\d+)\.(\d+)/.exec(text ?? "");
  return found === null ? null : [Number(found[1]), Number(found[2]), Number(found[3])];
}

export function isEnterprise(version: string | null): boolean {
  return /\+ent/.test(version ?? "");
}

export function isOlder(version: Version, than: Version): boolean {
  for (const [at, number] of version.entries()) {
    const other = than[at] ?? 0;
    if (number !== other) return number < other;
  }
  return false;
}

/** Since when a server can load a type; a server before it stops at the record and goes down. */
const typeSince: ReadonlyMap<number, Version> = new Map([
  [22, [1, 5, 0]],
  [23, [1, 5, 0]],
  [25, [1, 5, 0]],
  [27, [1, 5, 0]],
  [29, [1, 5, 0]],
  [30, [1, 8, 0]],
  [31, [1, 9, 0]],
  [32, [1, 11, 0]],
  [33, [1, 11, 0]],
  [35, [1, 13, 0]],
  [38, [1, 13, 0]],
  [40, [1, 13, 0]],
  [42, [1, 16, 0]],
  [45, [2, 1, 0]],
]);
/** Types that stand in snapshots since long ago. */
const oldTypes: ReadonlySet<number> = new Set([0, 2, 3, 5, 6, 7, 9, 12, 13, 14, 15, 16, 17, 19]);
/** The ACLs of before 1.4: no server since 1.11 loads them. */
const legacyAclType = 4;
const legacyAclGone: Version = [1, 11, 0];
const firstEnterpriseType = 64;

/** Since when a kind of config entry is known; an unknown one stops the restore as an unknown type does. */
const configKindSince: ReadonlyMap<string, Version> = new Map([
  ["service-defaults", [1, 5, 0]],
  ["proxy-defaults", [1, 5, 0]],
  ["service-router", [1, 6, 0]],
  ["service-splitter", [1, 6, 0]],
  ["service-resolver", [1, 6, 0]],
  ["ingress-gateway", [1, 8, 0]],
  ["terminating-gateway", [1, 8, 0]],
  ["service-intentions", [1, 9, 0]],
  ["mesh", [1, 10, 0]],
  ["exported-services", [1, 11, 0]],
  ["api-gateway", [1, 15, 0]],
  ["bound-api-gateway", [1, 15, 0]],
  ["inline-certificate", [1, 15, 0]],
  ["http-route", [1, 15, 0]],
  ["tcp-route", [1, 15, 0]],
  ["control-plane-request-limit", [1, 15, 0]],
  ["sameness-group", [1, 16, 0]],
  ["jwt-provider", [1, 16, 0]],
  ["file-system-certificate", [1, 20, 0]],
]);

/** Whether a server of this version loads records of this type; null: nobody here knows the type. */
export function loadsType(version: Version, type: number): boolean | null {
  if (type === legacyAclType) return isOlder(version, legacyAclGone);
  if (oldTypes.has(type)) return true;
  const since = typeSince.get(type);
  return since === undefined ? null : !isOlder(version, since);
}

export function loadsConfigKind(version: Version, kind: string): boolean {
  const since = configKindSince.get(kind);
  return since !== undefined && !isOlder(version, since);
}

export const isEnterpriseType = (type: number): boolean => type >= firstEnterpriseType;

/** Fields that a server before this version drops without a word. Names are paths from the record's fields. */
export const fieldsSince: readonly {
  readonly kind: "node" | "service" | "check" | "acl-token" | "acl-role";
  readonly path: readonly string[];
  readonly since: Version;
}[] = [
  { kind: "node", path: ["PeerName"], since: [1, 13, 0] },
  { kind: "node", path: ["Locality"], since: [1, 16, 0] },
  { kind: "service", path: ["Service", "PeerName"], since: [1, 13, 0] },
  { kind: "service", path: ["Service", "SocketPath"], since: [1, 10, 0] },
  { kind: "service", path: ["Service", "Locality"], since: [1, 16, 0] },
  { kind: "check", path: ["Check", "PeerName"], since: [1, 13, 0] },
  { kind: "check", path: ["Check", "ExposedPort"], since: [1, 10, 0] },
  { kind: "acl-token", path: ["NodeIdentities"], since: [1, 8, 1] },
  { kind: "acl-token", path: ["TemplatedPolicies"], since: [1, 17, 0] },
  { kind: "acl-role", path: ["NodeIdentities"], since: [1, 8, 1] },
  { kind: "acl-role", path: ["TemplatedPolicies"], since: [1, 17, 0] },
];
