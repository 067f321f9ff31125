// The names that Consul's own `snapshot inspect` prints (agent/structs/structs.go, requestTypeStrings). Numbers
// without a name there, Enterprise's from 64 up included, print as Unknown(N), so ours do too.

const names: ReadonlyMap<number, string> = new Map([
  [0, "Register"],
  [1, "Deregister"],
  [2, "KVS"],
  [3, "Session"],
  [4, "ACL"],
  [5, "Tombstone"],
  [6, "CoordinateBatchUpdate"],
  [7, "PreparedQuery"],
  [8, "Txn"],
  [9, "Autopilot"],
  [10, "Area"],
  [11, "ACLBootstrap"],
  [12, "Intention"],
  [13, "ConnectCA"],
  [14, "ConnectCAProviderState"],
  [15, "ConnectCAConfig"],
  [16, "Index"],
  [17, "ACLToken"],
  [18, "ACLTokenDelete"],
  [19, "ACLPolicy"],
  [20, "ACLPolicyDelete"],
  [21, "ConnectCALeaf"],
  [22, "ConfigEntry"],
  [23, "ACLRole"],
  [24, "ACLRoleDelete"],
  [25, "ACLBindingRule"],
  [26, "ACLBindingRuleDelete"],
  [27, "ACLAuthMethod"],
  [28, "ACLAuthMethodDelete"],
  [29, "ChunkingState"],
  [30, "FederationState"],
  [31, "SystemMetadata"],
  [32, "ServiceVirtualIP"],
  [33, "FreeVirtualIP"],
  [34, "KindServiceName"],
  [35, "Peering"],
  [36, "PeeringDelete"],
  [38, "PeeringTrustBundle"],
  [39, "PeeringTrustBundleDelete"],
  [40, "PeeringSecret"],
  [41, "RaftLogVerifierCheckpoint"],
  [42, "Resource"],
  [43, "UpdateManualVirtualIPRequestType"],
]);

/** Consul's name of a record type (the byte that precedes each record of state.bin), or `Unknown(N)`. */
export function recordTypeName(type: number): string {
  return names.get(type) ?? `Unknown(${type})`;
}
