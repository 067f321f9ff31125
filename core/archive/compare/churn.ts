import type { FieldValue, RecordKind } from "../records/visitor.ts";

/** Which record a field belongs to; a field list of unknown origin has neither, and then only indexes are churn. */
export type FieldOwner = { readonly kind?: RecordKind; readonly identity?: string };

/** Raft indexes: when something was written, not what. */
const indexFields: ReadonlySet<string> = new Set(["CreateIndex", "ModifyIndex", "PrimaryModifyIndex"]);

/**
 * Fields that Consul rewrites by itself, by kind, as paths from the record's fields. A check's output changes with
 * each run of the check, and the management token of the servers with each election (leader.go).
 */
const churnPaths: { readonly [kind in RecordKind]?: readonly string[] } = {
  check: ["Check.Output", "Output"],
  "federation-state": ["State.UpdatedAt", "UpdatedAt"],
  resource: ["version", "Version"],
};
const serverToken = "server-management-token";

/** Whether a difference in this field says nothing about what people keep in Consul. */
export function isChurnField(
  owner: FieldOwner,
  path: readonly (string | number)[],
  value: FieldValue | undefined,
): boolean {
  const name = path[path.length - 1];
  // Someone's own map may have such a key, but there its value is text.
  if (typeof name === "string" && indexFields.has(name)) {
    return typeof value === "number" || typeof value === "bigint";
  }
  if (path.length > 2 || owner.kind === undefined) {
    return false;
  }
  if (owner.kind === "system-metadata") {
    return name === "Value" && owner.identity?.includes(serverToken) === true;
  }
  return churnPaths[owner.kind]?.includes(path.join(".")) === true;
}

/**
 * The parts of a Register record that belong to its node. Consul repeats them in the record of each service and
 * check, where a change of the node would otherwise count again.
 */
const nodeFields: ReadonlySet<string> = new Set([
  "ID",
  "Address",
  "TaggedAddresses",
  "NodeMeta",
  "Locality",
  "SkipNodeUpdate",
  "CreateIndex",
  "ModifyIndex",
]);

/** Whether a top-level field of this kind is another record's, and is not compared here. */
export function isForeignField(
  owner: FieldOwner,
  name: string,
  fields: { readonly [name: string]: FieldValue },
): boolean {
  return (
    ((owner.kind === "service" && isMap(fields.Service)) ||
      (owner.kind === "check" && isMap(fields.Check))) &&
    nodeFields.has(name)
  );
}

export function isMap(value: FieldValue | undefined): value is { readonly [name: string]: FieldValue } {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
  );
}
