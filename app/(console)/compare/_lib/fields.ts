import type { FieldDifference } from "#core/comparisons/contract.ts";

type Value = NonNullable<FieldDifference["before"]> | null;
type Map = { [name: string]: Value };

const depthMax = 6;
const leavesMax = 400;
const indexNames = /(?:^|\.)(?:CreateIndex|ModifyIndex)$/;

/**
 * The fields of a record that is on one side only, down to single values: a whole service as one block of JSON
 * can't be read. What is empty, false or zero is what Consul fills in by itself and is left out; so are indexes.
 */
export function toLeaves(fields: readonly FieldDifference[]): FieldDifference[] {
  const leaves: FieldDifference[] = [];
  for (const field of fields) {
    if (field.before !== undefined && field.after !== undefined) leaves.push(field);
    else if (field.after !== undefined) add(leaves, field, field.path, field.after, "after", 0);
    else if (field.before !== undefined) add(leaves, field, field.path, field.before, "before", 0);
  }
  return leaves;
}

function add(
  leaves: FieldDifference[],
  field: FieldDifference,
  path: string,
  value: Value,
  side: "before" | "after",
  depth: number,
): void {
  if (isEmpty(value)) return;
  if (isMap(value) && depth < depthMax && leaves.length < leavesMax) {
    for (const [name, inner] of Object.entries(value))
      add(leaves, field, `${path}.${name}`, inner, side, depth + 1);
    return;
  }
  const leaf = { path, churn: field.churn || indexNames.test(path) };
  leaves.push(side === "before" ? { ...leaf, before: value } : { ...leaf, after: value });
}

function isEmpty(value: Value): boolean {
  if (value === null || value === "" || value === false || value === 0) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

/** A map of fields, and neither a list nor what stands for a secret or for bytes. */
function isMap(value: Value): value is Map {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !("redacted" in value) &&
    !("base64" in value)
  );
}
