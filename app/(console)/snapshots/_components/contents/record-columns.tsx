import type { ReactNode } from "react";
import { formatDuration, formatNumber, unknownText } from "#app/_ui/format.ts";
import { KeyName } from "#app/_ui/key-name.tsx";
import { StateText } from "#app/_ui/state-text.tsx";
import { Utc } from "#app/_ui/time.tsx";
import type { RecordRow } from "#core/contents/contract.ts";
import { type Fields, fieldAt, momentAt, namesAt, textAt } from "./field-values.ts";
import type { TableKind } from "./kinds.ts";

export type Column = {
  head: string;
  cell: (fields: Fields, row: RecordRow) => ReactNode;
  num?: boolean;
};

const nothing = <span className="t3">{unknownText}</span>;

/** A text as it is; ids and addresses in mono. Whatever a name holds, it is shown harmlessly. */
function words(text: string, className = "trunc"): ReactNode {
  return text === "" ? nothing : <KeyName text={text} charsMax={80} className={className} />;
}
const plain = (text: string): ReactNode => (text === "" ? nothing : <bdi>{text.slice(0, 120)}</bdi>);

const mono = (head: string, ...path: string[]): Column => ({
  head,
  cell: (fields) => words(textAt(fields, ...path)),
});
const quiet = (head: string, ...path: string[]): Column => ({
  head,
  cell: (fields) => <span className="t2">{words(textAt(fields, ...path))}</span>,
});
const text = (head: string, ...path: string[]): Column => ({
  head,
  cell: (fields) => plain(textAt(fields, ...path)),
});
const names = (head: string, ...path: string[]): Column => ({
  head,
  cell: (fields) => words(namesAt(fields, ...path).join(", ")),
});
const time = (head: string, ...path: string[]): Column => ({
  head,
  cell: (fields) => {
    const at = momentAt(fields, ...path);
    return at === null ? nothing : <Utc at={at} as="title" />;
  },
});
const yes = (head: string, ...path: string[]): Column => ({
  head,
  cell: (fields) => (fieldAt(fields, ...path) === true ? "yes" : <span className="t3">no</span>),
});
/** Go writes a duration as nanoseconds; some are text that a person wrote. */
const duration = (head: string, ...path: string[]): Column => ({
  head,
  num: true,
  cell: (fields) => {
    const value = fieldAt(fields, ...path);
    if (typeof value === "number") return value === 0 ? nothing : formatDuration(value / 1e6);
    return plain(textAt(fields, ...path));
  },
});
const number = (head: string, ...path: string[]): Column => ({
  head,
  num: true,
  cell: (fields) => {
    const value = fieldAt(fields, ...path);
    return typeof value === "number" ? formatNumber(value) : nothing;
  },
});
const modified = number("ModifyIndex", "ModifyIndex");
const identity: Column = { head: "Record", cell: (_fields, row) => words(row.identity) };

const addressOf = (fields: Fields): string => {
  const address = textAt(fields, "Service", "Address") || textAt(fields, "Address");
  const port = textAt(fields, "Service", "Port");
  const host = address.includes(":") ? `[${address}]` : address;
  return port === "" || port === "0" ? address : `${host}:${port}`;
};

const statusWords: Record<string, ReactNode> = {
  passing: <StateText state="pass" word="passing" />,
  warning: <StateText state="warning" word="warning" />,
  critical: <StateText state="critical" word="critical" />,
};

const policyColumns: Column[] = [text("Name", "Name"), text("Description", "Description"), quiet("ID", "ID")];

/** What an operator looks for in each kind; all other fields stand in the record itself. */
const columns: Partial<Record<TableKind, readonly Column[]>> = {
  node: [
    mono("Node", "Node"),
    mono("Address", "Address"),
    quiet("ID", "ID"),
    { head: "Meta", cell: (fields) => words(pairsOf(fields, "NodeMeta")) },
    modified,
  ],
  service: [
    mono("Service", "Service", "Service"),
    mono("ID", "Service", "ID"),
    mono("Node", "Node"),
    { head: "Address", cell: (fields) => words(addressOf(fields)) },
    text("Kind", "Service", "Kind"),
    names("Tags", "Service", "Tags"),
    number("ModifyIndex", "Service", "ModifyIndex"),
  ],
  check: [
    {
      head: "Status",
      cell: (fields) => {
        const status = textAt(fields, "Check", "Status");
        return statusWords[status] ?? plain(status);
      },
    },
    text("Name", "Check", "Name"),
    mono("Check", "Check", "CheckID"),
    mono("Node", "Node"),
    mono("Service", "Check", "ServiceID"),
    number("ModifyIndex", "Check", "ModifyIndex"),
  ],
  session: [
    text("Name", "Name"),
    mono("ID", "ID"),
    mono("Node", "Node"),
    text("Behavior", "Behavior"),
    duration("TTL", "TTL"),
    duration("Lock delay", "LockDelay"),
    number("CreateIndex", "CreateIndex"),
  ],
  "acl-token": [
    text("Description", "Description"),
    mono("Accessor", "AccessorID"),
    names("Policies", "Policies"),
    names("Roles", "Roles"),
    yes("Local", "Local"),
    time("Expires", "ExpirationTime"),
    time("Created", "CreateTime"),
  ],
  "acl-policy": [...policyColumns, names("Datacenters", "Datacenters"), modified],
  "acl-role": [
    ...policyColumns,
    names("Policies", "Policies"),
    names("Services", "ServiceIdentities"),
    modified,
  ],
  "acl-binding-rule": [
    text("Auth method", "AuthMethod"),
    text("Binds", "BindType"),
    mono("To", "BindName"),
    mono("Selector", "Selector"),
    text("Description", "Description"),
    modified,
  ],
  "acl-auth-method": [
    text("Name", "Name"),
    text("Type", "Type"),
    text("Description", "Description"),
    duration("Max token TTL", "MaxTokenTTL"),
    text("Locality", "TokenLocality"),
    modified,
  ],
  "acl-legacy": [text("Name", "Name"), text("Type", "Type"), modified],
  "prepared-query": [
    text("Name", "Name"),
    mono("ID", "ID"),
    mono("Service", "Service", "Service"),
    yes("Only passing", "Service", "OnlyPassing"),
    mono("Near", "Service", "Near"),
    text("DNS TTL", "DNS", "TTL"),
    modified,
  ],
  "config-entry": [
    mono("Kind", "Kind"),
    mono("Name", "Entry", "Name"),
    text("Protocol", "Entry", "Protocol"),
    mono("Namespace", "Entry", "Namespace"),
    number("ModifyIndex", "Entry", "ModifyIndex"),
  ],
  intention: [
    mono("Source", "SourceName"),
    mono("Destination", "DestinationName"),
    text("Action", "Action"),
    text("Description", "Description"),
    time("Changed", "UpdatedAt"),
  ],
  "ca-root": [
    text("Name", "Name"),
    mono("ID", "ID"),
    yes("Active", "Active"),
    time("Not before", "NotBefore"),
    time("Not after", "NotAfter"),
    time("Rotated out", "RotatedOutAt"),
  ],
  "ca-config": [text("Provider", "Provider"), mono("Cluster", "ClusterID"), modified],
  "ca-provider-state": [mono("ID", "ID"), modified],
  peering: [
    mono("Name", "Name"),
    mono("ID", "ID"),
    { head: "State", cell: (fields) => plain(peeringState(fields)) },
    mono("Peer's id", "PeerID"),
    names("Servers", "PeerServerAddresses"),
    number("ModifyIndex", "ModifyIndex"),
  ],
  "peering-trust-bundle": [mono("Peer", "PeerName"), mono("Trust domain", "TrustDomain"), modified],
  tombstone: [mono("Key", "Key"), modified],
  index: [mono("Table", "Key"), number("Index", "Value")],
  "system-metadata": [mono("Key", "Key"), mono("Value", "Value"), modified],
};

export function columnsOf(kind: TableKind): readonly Column[] {
  return columns[kind] ?? [identity];
}

function pairsOf(fields: Fields, name: string): string {
  const value = fieldAt(fields, name);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "";
  return Object.entries(value)
    .map(([key, one]) => `${key}=${typeof one === "object" ? "…" : String(one)}`)
    .join(" ");
}

const peeringStates = ["undefined", "pending", "establishing", "active", "failing", "deleting", "terminated"];

function peeringState(fields: Fields): string {
  const state = fieldAt(fields, "State");
  return typeof state === "number" ? (peeringStates[state] ?? String(state)) : "";
}
