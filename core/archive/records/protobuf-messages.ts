// The messages of Protocol Buffers that stand in state.bin, with the names that Consul's JSON gives their fields
// (pbpeering/peering.proto, pbresource/resource.proto). Enterprise's two have no public definition: their fields
// are those that its own test archive shows.
import type { ProtoMessage, ProtoType } from "./protobuf.ts";

function message(fields: Readonly<Record<number, readonly [string, ProtoType]>>): ProtoMessage {
  return new Map(Object.entries(fields).map(([number, field]) => [Number(number), field]));
}

const texts: ProtoType = { list: "text" };

const locality = message({ 1: ["Region", "text"], 2: ["Zone", "text"] });
const remote = message({
  1: ["Partition", "text"],
  2: ["Datacenter", "text"],
  3: ["Locality", { message: locality }],
});
const streamStatus = message({
  1: ["ImportedServices", texts],
  2: ["ExportedServices", texts],
  3: ["LastHeartbeat", "timestamp"],
  4: ["LastReceive", "timestamp"],
  5: ["LastSend", "timestamp"],
});

export const peeringMessage = message({
  1: ["ID", "text"],
  2: ["Name", "text"],
  3: ["Partition", "text"],
  4: ["DeletedAt", "timestamp"],
  5: ["Meta", { entries: "text" }],
  6: ["State", "integer"],
  7: ["PeerID", "text"],
  8: ["PeerCAPems", texts],
  9: ["PeerServerName", "text"],
  10: ["PeerServerAddresses", texts],
  11: ["CreateIndex", "integer"],
  12: ["ModifyIndex", "integer"],
  13: ["StreamStatus", { message: streamStatus }],
  17: ["Remote", { message: remote }],
  18: ["ManualServerAddresses", texts],
});

export const peeringTrustBundleMessage = message({
  1: ["TrustDomain", "text"],
  2: ["PeerName", "text"],
  3: ["Partition", "text"],
  4: ["RootPEMs", texts],
  5: ["ExportedPartition", "text"],
  6: ["CreateIndex", "integer"],
  7: ["ModifyIndex", "integer"],
});

export const peeringSecretMessage = message({
  1: ["PeerID", "text"],
  2: ["establishment", { message: message({ 1: ["SecretID", "text"] }) }],
  3: ["stream", { message: message({ 1: ["ActiveSecretID", "text"], 2: ["PendingSecretID", "text"] }) }],
});

const resourceType = message({ 1: ["group", "text"], 2: ["group_version", "text"], 3: ["kind", "text"] });
const tenancy = message({ 1: ["partition", "text"], 2: ["namespace", "text"], 3: ["peer_name", "text"] });
const resourceId = message({
  1: ["uid", "text"],
  2: ["name", "text"],
  3: ["type", { message: resourceType }],
  4: ["tenancy", { message: tenancy }],
});
const reference = message({
  1: ["type", { message: resourceType }],
  2: ["tenancy", { message: tenancy }],
  3: ["name", "text"],
  4: ["section", "text"],
});
const condition = message({
  1: ["type", "text"],
  2: ["state", "integer"],
  3: ["reason", "text"],
  4: ["message", "text"],
  5: ["resource", { message: reference }],
});
const status = message({
  1: ["observed_generation", "text"],
  2: ["conditions", { list: { message: condition } }],
  3: ["updated_at", "timestamp"],
});

export const resourceMessage = message({
  1: ["id", { message: resourceId }],
  2: ["owner", { message: resourceId }],
  3: ["version", "text"],
  4: ["generation", "text"],
  5: ["metadata", { entries: "text" }],
  6: ["status", { entries: { message: status } }],
  7: ["data", { message: message({ 1: ["type_url", "text"], 2: ["value", "bytes"] }) }],
});

export const namespaceMessage = message({
  1: ["Name", "text"],
  2: ["Description", "text"],
  6: ["CreateIndex", "integer"],
  7: ["ModifyIndex", "integer"],
});

export const partitionMessage = message({
  1: ["Name", "text"],
  2: ["Description", "text"],
  4: ["CreateIndex", "integer"],
  5: ["ModifyIndex", "integer"],
});
