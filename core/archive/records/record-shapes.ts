// The structures of agent/structs that Consul writes, with the fields that tell records apart and those that are no
// text although msgpack cannot say so. All others are read as they come.
import { listOf, mapOf, packed, type Shape, struct } from "./shape.ts";

const indexes = { CreateIndex: "index", ModifyIndex: "index" } as const;
const enterprise = { Namespace: "text", Partition: "text" } as const;

const service = struct({
  ID: "text",
  Service: "text",
  Kind: "text",
  PeerName: "text",
  Meta: mapOf("any"),
  ...enterprise,
  ...indexes,
});
const check = struct({
  Node: "text",
  CheckID: "text",
  Status: "text",
  ServiceID: "text",
  PeerName: "text",
  ...enterprise,
  ...indexes,
});

export const registerShape = struct({
  Datacenter: "text",
  ID: "text",
  Node: "text",
  Address: "text",
  NodeMeta: mapOf("any"),
  PeerName: "text",
  Service: service,
  Check: check,
  ...enterprise,
  ...indexes,
});

export const tombstoneShape = struct({
  Key: "text",
  Value: "bytes",
  Session: "text",
  ...enterprise,
  ...indexes,
});

export const coordinatesShape = listOf(struct({ Node: "text", Segment: "text", Partition: "text" }));

export const sessionShape = struct({ ID: "text", Name: "text", Node: "text", ...enterprise, ...indexes });

export const legacyAclShape = struct({ ID: "text", Name: "text", Type: "text", Rules: "text", ...indexes });

export const tokenShape = struct({
  AccessorID: "text",
  SecretID: "text",
  ExpirationTime: "time",
  CreateTime: "time",
  Hash: "bytes",
  ...enterprise,
  ...indexes,
});

/** Policies, roles and binding rules. */
export const aclObjectShape = struct({ ID: "text", Name: "text", Hash: "bytes", ...enterprise, ...indexes });

export const authMethodShape = struct({ Name: "text", Type: "text", ...enterprise, ...indexes });

export const preparedQueryShape = struct({ ID: "text", Name: "text", Token: "text", ...indexes });

export const intentionShape = struct({
  ID: "text",
  SourceName: "text",
  DestinationName: "text",
  CreatedAt: "time",
  UpdatedAt: "time",
  Hash: "bytes",
  ...indexes,
});

export const caRootShape = struct({
  ID: "text",
  Name: "text",
  NotBefore: "time",
  NotAfter: "time",
  RotatedOutAt: "time",
  ...indexes,
});

export const caProviderStateShape = struct({ ID: "text", PrivateKey: "text", ...indexes });

export const caConfigShape = struct({ ClusterID: "text", Provider: "text", ...indexes });

export const indexShape = struct({ Key: "text", Value: "index" });

export const systemMetadataShape = struct({ Key: "text", Value: "text", ...indexes });

export const autopilotShape = struct({ ...indexes });

export const federationStateShape = struct({
  Datacenter: "text",
  State: struct({ Datacenter: "text", UpdatedAt: "time", PrimaryModifyIndex: "index", ...indexes }),
});

const serviceName = struct({ Name: "text", ...enterprise });

/** The service is a name and a peer since 1.13, a name alone before. */
export const serviceVirtualIpShape = struct({
  Service: struct({ Name: "text", Peer: "text", ServiceName: serviceName, ...enterprise }),
  IP: "bytes",
  ...indexes,
});

export const freeVirtualIpShape = struct({ IP: "bytes", ...indexes });

export const chunkingStateShape = struct({ ChunkMap: mapOf(listOf(struct({ Data: "bytes" }))) });

export const featureGateShape = struct({ Policy: struct({ ...indexes }), Status: struct({ ...indexes }) });

/** What follows the kind in a config entry. `Hash` is a number here. */
export const configEntryShape: Shape = struct({
  Datacenter: "text",
  Entry: packed(
    struct({
      Kind: "text",
      Name: "text",
      // service-intentions keep the times of the intentions that they were made from.
      Sources: listOf(struct({ LegacyCreateTime: "time", LegacyUpdateTime: "time" })),
      // Gateways and routes.
      Status: struct({ Conditions: listOf(struct({ LastTransitionTime: "time" })) }),
      ...enterprise,
      ...indexes,
    }),
  ),
});
