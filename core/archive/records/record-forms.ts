import { fieldsOf, listIn, textOf, toIdentity } from "./identity.ts";
import { isFields } from "./msgpack-reader.ts";
import { newFields } from "./new-fields.ts";
import type { ProtoMessage } from "./protobuf.ts";
import * as messages from "./protobuf-messages.ts";
import * as shapes from "./record-shapes.ts";
import type { Shape } from "./shape.ts";
import type { RecordFields, RecordKind } from "./visitor.ts";

/** How the records of one type are read, and what they are then called. */
export type RecordForm = {
  /** "config-entry": two values packed into text, the first of them the kind. */
  readonly content: { readonly shape: Shape } | { readonly proto: ProtoMessage } | "config-entry";
  /** Not publicly defined: what does not fit the form is read as it comes, as an unknown type is. */
  readonly isGuess?: true;
  readonly describe: (fields: RecordFields) => { readonly kind: RecordKind; readonly identity: string };
};

export const kvsType = 2;

function named(kind: RecordKind, shape: Shape, ...names: readonly string[]): RecordForm {
  return { content: { shape }, describe: identifyBy(kind, names) };
}

/** Of these a snapshot holds one. */
function single(kind: RecordKind, shape: Shape): RecordForm {
  return { content: { shape }, describe: () => ({ kind, identity: kind }) };
}

function proto(kind: RecordKind, message: ProtoMessage, ...names: readonly string[]): RecordForm {
  return { content: { proto: message }, describe: identifyBy(kind, names) };
}

function identifyBy(kind: RecordKind, names: readonly string[]): RecordForm["describe"] {
  return (fields) => ({
    kind,
    identity: toIdentity(
      names.map((name) => textOf(fields, name)),
      fields,
    ),
  });
}

export const recordForms: ReadonlyMap<number, RecordForm> = new Map<number, RecordForm>([
  [0, { content: { shape: shapes.registerShape }, describe: describeRegistration }],
  [3, named("session", shapes.sessionShape, "ID")],
  [4, { content: { shape: shapes.legacyAclShape }, describe: describeLegacyAcl }],
  [5, named("tombstone", shapes.tombstoneShape, "Key")],
  [6, { content: { shape: shapes.coordinatesShape }, describe: describeCoordinates }],
  [7, named("prepared-query", shapes.preparedQueryShape, "ID")],
  [9, single("autopilot", shapes.autopilotShape)],
  [12, named("intention", shapes.intentionShape, "ID")],
  [13, named("ca-root", shapes.caRootShape, "ID")],
  [14, named("ca-provider-state", shapes.caProviderStateShape, "ID")],
  [15, single("ca-config", shapes.caConfigShape)],
  [16, named("index", shapes.indexShape, "Key")],
  [17, named("acl-token", shapes.tokenShape, "AccessorID")],
  [19, named("acl-policy", shapes.aclObjectShape, "ID")],
  [22, { content: "config-entry", describe: describeConfigEntry }],
  [23, named("acl-role", shapes.aclObjectShape, "ID")],
  [25, named("acl-binding-rule", shapes.aclObjectShape, "ID")],
  [27, named("acl-auth-method", shapes.authMethodShape, "Name")],
  [29, single("chunking-state", shapes.chunkingStateShape)],
  [30, { content: { shape: shapes.federationStateShape }, describe: describeFederationState }],
  [31, named("system-metadata", shapes.systemMetadataShape, "Key")],
  [32, { content: { shape: shapes.serviceVirtualIpShape }, describe: describeVirtualIp }],
  [33, { content: { shape: shapes.freeVirtualIpShape }, describe: describeFreeIp }],
  [35, proto("peering", messages.peeringMessage, "Name", "ID")],
  [38, { content: { proto: messages.peeringTrustBundleMessage }, describe: describeTrustBundle }],
  [40, proto("peering-secret", messages.peeringSecretMessage, "PeerID")],
  [42, { content: { proto: messages.resourceMessage }, describe: describeResource }],
  [45, { ...single("feature-gate", shapes.featureGateShape), isGuess: true }],
  [65, { ...proto("namespace", messages.namespaceMessage, "Name"), isGuess: true }],
  [69, { ...proto("partition", messages.partitionMessage, "Name"), isGuess: true }],
]);

function describeRegistration(fields: RecordFields): ReturnType<RecordForm["describe"]> {
  const service = fieldsOf(fields, "Service");
  const check = fieldsOf(fields, "Check");
  const node = textOf(fields, "Node");
  if (service !== null) {
    return { kind: "service", identity: toIdentity([node, textOf(service, "ID")], service, fields) };
  }
  if (check !== null) {
    return { kind: "check", identity: toIdentity([node, textOf(check, "CheckID")], check, fields) };
  }
  return { kind: "node", identity: toIdentity([node], fields) };
}

/** The ID of such a token is the secret itself, and names can repeat; each was made at an index of its own. */
function describeLegacyAcl(fields: RecordFields): ReturnType<RecordForm["describe"]> {
  const index = String(fields.CreateIndex ?? 0);
  return { kind: "acl-legacy", identity: toIdentity([textOf(fields, "Name"), `index ${index}`]) };
}

function describeCoordinates(fields: RecordFields): ReturnType<RecordForm["describe"]> {
  const updates = listIn(fields, "Updates").map((update) => {
    const of = isFields(update) ? update : null;
    const segment = textOf(of, "Segment");
    return toIdentity(segment === "" ? [textOf(of, "Node")] : [textOf(of, "Node"), segment], of);
  });
  return { kind: "coordinate", identity: updates.join(", ") };
}

function describeConfigEntry(fields: RecordFields): ReturnType<RecordForm["describe"]> {
  const entry = fieldsOf(fields, "Entry");
  const kind = textOf(fields, "Kind");
  // There is one mesh entry, and it has no name.
  const name = textOf(entry, "Name") || (kind === "mesh" ? "mesh" : "");
  return { kind: "config-entry", identity: toIdentity([kind, name], entry) };
}

/** The request around it has the datacenter, too, but mostly leaves it empty. */
function describeFederationState(fields: RecordFields): ReturnType<RecordForm["describe"]> {
  const name = textOf(fieldsOf(fields, "State"), "Datacenter") || textOf(fields, "Datacenter");
  return { kind: "federation-state", identity: toIdentity([name]) };
}

function describeTrustBundle(fields: RecordFields): ReturnType<RecordForm["describe"]> {
  const place = newFields({ Partition: textOf(fields, "Partition") });
  return { kind: "peering-trust-bundle", identity: toIdentity([textOf(fields, "PeerName")], place) };
}

function describeVirtualIp(fields: RecordFields): ReturnType<RecordForm["describe"]> {
  const service = fieldsOf(fields, "Service");
  const name = fieldsOf(service, "ServiceName");
  const peer = textOf(service, "Peer");
  const parts = [name === null ? textOf(service, "Name") : textOf(name, "Name")];
  const place = newFields({ PeerName: peer });
  return { kind: "service-virtual-ip", identity: toIdentity(parts, name, service, place) };
}

function describeFreeIp(fields: RecordFields): ReturnType<RecordForm["describe"]> {
  const suffix = fields.IsCounter === true ? ["counter"] : [];
  return { kind: "free-virtual-ip", identity: [toIpText(fields.IP), ...suffix].join("/") };
}

/** Consul keeps an offset in the 16 bytes of an address. */
function toIpText(value: unknown): string {
  if (!(value instanceof Uint8Array)) {
    return "";
  }
  const bytes = Buffer.from(value);
  const isV4 =
    bytes.length === 16 &&
    bytes.readUInt16BE(10) === 0xffff &&
    bytes.subarray(0, 10).every((byte) => byte === 0);
  return isV4 ? bytes.subarray(12).join(".") : bytes.toString("hex");
}

function describeResource(fields: RecordFields): ReturnType<RecordForm["describe"]> {
  const id = fieldsOf(fields, "id");
  const type = fieldsOf(id, "type");
  const tenancy = fieldsOf(id, "tenancy");
  const place = newFields({
    Partition: textOf(tenancy, "partition"),
    Namespace: textOf(tenancy, "namespace"),
    PeerName: textOf(tenancy, "peer_name"),
  });
  const typeName = ["group", "group_version", "kind"].map((name) => textOf(type, name)).join(".");
  return { kind: "resource", identity: toIdentity([typeName, textOf(id, "name")], place) };
}
