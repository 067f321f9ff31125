import { isCutValue } from "#core/archive/contents-index/index.ts";
import type { RecordKind } from "#core/archive/contract.ts";
import { type FieldValue, toPlainJson } from "#core/archive/index.ts";
import { isRedactedValue } from "#core/archive/redaction/index.ts";
import type { ShownRecord } from "./browse-records.ts";
import { formatBytes } from "./numbers.ts";
import type { Row } from "./table.ts";
import { visible } from "./visible-text.ts";

/** Fields that people look for, as paths; where Consul nests a record the heading is its last name. */
const columns: { readonly [kind in RecordKind]?: readonly string[] } = {
  node: ["Address", "ID", "Datacenter"],
  service: ["Service.Service", "Service.Address", "Service.Port", "Service.Kind", "Service.Tags"],
  check: ["Check.Status", "Check.Name", "Check.ServiceName", "Check.Type"],
  session: ["Node", "Behavior", "TTL", "Name"],
  "acl-token": ["SecretID", "Local", "Policies", "Roles", "Description"],
  "acl-policy": ["Name", "Datacenters", "Description"],
  "acl-role": ["Name", "Policies", "Description"],
  "acl-binding-rule": ["AuthMethod", "BindType", "BindName", "Selector"],
  "acl-auth-method": ["Type", "DisplayName", "Description"],
  "prepared-query": ["Name", "Service.Service", "Token"],
  intention: ["SourceName", "DestinationName", "Action"],
  "ca-root": ["Name", "Active", "NotBefore", "NotAfter"],
  peering: ["Name", "State", "PeerID"],
  "system-metadata": ["Value"],
  index: ["Value"],
};

const cellCharsMax = 60;

export function headingsOf(kind: RecordKind): Row {
  const named = columns[kind]?.map((path) => (path.split(".").at(-1) ?? "").toUpperCase());
  return ["IDENTITY", ...(named ?? ["FIELDS"])];
}

/** A record as cells: the columns of its kind, or all of its fields in one where it has none. */
export function toRecordRow(kind: RecordKind, { identity, fields }: ShownRecord): Row {
  const paths = columns[kind];
  const cells = paths?.map((path) => toCell(fieldAt(fields, path.split(".")))) ?? [toCell(fields, 200)];
  return [visible(identity), ...cells];
}

function fieldAt(fields: FieldValue, path: readonly string[]): FieldValue | undefined {
  let value: FieldValue | undefined = fields;
  for (const name of path) value = isMap(value) ? value[name] : undefined;
  return value;
}

function toCell(value: FieldValue | undefined, charsMax = cellCharsMax): string {
  if (value === undefined || value === null || value === "") return "-";
  if (isRedactedValue(value)) return `closed ${value.fingerprint}`;
  if (isCutValue(value)) return `(${formatBytes(value.bytes)})`;
  const text = visible(toText(value));
  return text.length <= charsMax ? text : `${text.slice(0, charsMax - 1)}…`;
}

/** Lists of policies and tags as their names. */
function toText(value: FieldValue): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.length > 0) {
    const items = value.map((item: FieldValue) => (isMap(item) ? (item.Name ?? item.ID) : item));
    if (items.every((item) => typeof item === "string")) return items.join(", ");
  }
  if (Array.isArray(value) && value.length === 0) return "-";
  return JSON.stringify(toPlainJson(value));
}

function isMap(value: FieldValue | undefined): value is { readonly [name: string]: FieldValue } {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
  );
}
