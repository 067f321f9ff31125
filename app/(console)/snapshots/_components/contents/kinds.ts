import type { RecordKind } from "#core/archive/contract.ts";

/** What the table of a kind is called; keys have a browser of their own. */
export const kindWords: Record<Exclude<RecordKind, "kv">, string> = {
  node: "Nodes",
  service: "Services",
  check: "Checks",
  session: "Sessions",
  "config-entry": "Config entries",
  intention: "Intentions",
  "prepared-query": "Prepared queries",
  "acl-token": "Tokens",
  "acl-policy": "Policies",
  "acl-role": "Roles",
  "acl-auth-method": "Auth methods",
  "acl-binding-rule": "Binding rules",
  "acl-legacy": "Legacy ACLs",
  peering: "Peerings",
  "peering-trust-bundle": "Trust bundles",
  "peering-secret": "Peering secrets",
  "ca-root": "CA roots",
  "ca-provider-state": "CA provider state",
  "ca-config": "CA configuration",
  coordinate: "Coordinates",
  "service-virtual-ip": "Virtual IPs",
  "free-virtual-ip": "Free virtual IPs",
  namespace: "Namespaces",
  partition: "Partitions",
  resource: "Resources",
  "feature-gate": "Feature gates",
  autopilot: "Autopilot",
  "federation-state": "Federation states",
  "system-metadata": "System metadata",
  tombstone: "Tombstones",
  index: "Indexes",
  "chunking-state": "Chunking state",
  unknown: "Unknown records",
};
export type TableKind = keyof typeof kindWords;

export const tableKinds = Object.keys(kindWords).filter(isTableKind);

export function isTableKind(kind: string | null): kind is TableKind {
  return kind !== null && Object.hasOwn(kindWords, kind);
}

/** The tables behind one of Consul's record types, as its `snapshot inspect` prints them. */
const kindsByType: Record<string, readonly TableKind[]> = {
  Register: ["node", "service", "check"],
  Session: ["session"],
  ACL: ["acl-legacy"],
  Tombstone: ["tombstone"],
  CoordinateBatchUpdate: ["coordinate"],
  PreparedQuery: ["prepared-query"],
  Autopilot: ["autopilot"],
  Intention: ["intention"],
  ConnectCA: ["ca-root"],
  ConnectCAProviderState: ["ca-provider-state"],
  ConnectCAConfig: ["ca-config"],
  Index: ["index"],
  ACLToken: ["acl-token"],
  ACLPolicy: ["acl-policy"],
  ConfigEntry: ["config-entry"],
  ACLRole: ["acl-role"],
  ACLBindingRule: ["acl-binding-rule"],
  ACLAuthMethod: ["acl-auth-method"],
  ChunkingState: ["chunking-state"],
  FederationState: ["federation-state"],
  SystemMetadata: ["system-metadata"],
  ServiceVirtualIP: ["service-virtual-ip"],
  FreeVirtualIP: ["free-virtual-ip"],
  Peering: ["peering"],
  PeeringTrustBundle: ["peering-trust-bundle"],
  PeeringSecret: ["peering-secret"],
  Resource: ["resource"],
  "Unknown(45)": ["feature-gate"],
  "Unknown(65)": ["namespace"],
  "Unknown(69)": ["partition"],
};

export function kindsOfType(typeName: string): readonly TableKind[] {
  return kindsByType[typeName] ?? (typeName.startsWith("Unknown(") ? ["unknown"] : []);
}
