// Browser-safe.
import type { FieldValue, RecordFields, RecordKind } from "../records/visitor.ts";
import { type FieldRules, isListed, rulesFor, type Verdict } from "./field-rules.ts";
import { isList } from "./redacted-value.ts";
import { opaqueKinds } from "./secret-fields.ts";
import { looksSecret } from "./secret-shapes.ts";

/** Gives what shall stand in the place of a secret. The path names fields, and places in lists by their number. */
export type Replace = (value: FieldValue, path: readonly string[]) => FieldValue;

type Walk = {
  readonly rules: FieldRules;
  readonly isOpaque: boolean;
  readonly replace: Replace;
  /** Where the walk is, for `replace`; and the same without places in lists, for the rules. */
  readonly path: string[];
  readonly names: string[];
};

const depthMax = 64;

/** A copy of the fields in which every secret is replaced. What holds nothing (null, "", an empty list) stays. */
export function replaceSecrets(kind: RecordKind, fields: RecordFields, replace: Replace): RecordFields {
  const isOpaque = opaqueKinds.includes(kind);
  return walkObject({ rules: rulesFor(kind), isOpaque, replace, path: [], names: [] }, fields, "open");
}

function walkObject(walk: Walk, fields: RecordFields, state: Verdict): RecordFields {
  const copy: Record<string, FieldValue> = Object.create(null);
  // Fields have no prototype, or a plain one: there is nothing to inherit. Far faster than a list of pairs.
  for (const name in fields) {
    const value = fields[name] ?? null;
    walk.path.push(name);
    walk.names.push(name);
    copy[name] = walkValue(walk, value, childState(walk, name, value, fields, state));
    walk.names.pop();
    walk.path.pop();
  }
  return copy;
}

function childState(
  walk: Walk,
  name: string,
  value: FieldValue,
  owner: RecordFields,
  state: Verdict,
): Verdict {
  if (state === "closed" || state === "whole") return state;
  if (typeof state === "object" && !isListed(state.except ?? [], name)) return "closed";
  return walk.rules.verdict(walk.names, owner, value);
}

function walkValue(walk: Walk, value: FieldValue, state: Verdict): FieldValue {
  if (isEmpty(value)) return value;
  if (state === "whole" || walk.path.length > depthMax) return walk.replace(value, [...walk.path]);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) {
    return isSecret(walk, value, state) ? walk.replace(value, [...walk.path]) : value;
  }
  if (!isList(value)) return walkObject(walk, value, state);
  return value.map((one, place) => {
    walk.path.push(String(place));
    const copy = walkValue(walk, one, state);
    walk.path.pop();
    return copy;
  });
}

/** A row with exceptions whose value is no object can't have what it excepts. */
function isSecret(walk: Walk, value: FieldValue, state: Verdict): boolean {
  if (state !== "open") return true;
  if (value instanceof Uint8Array) return walk.isOpaque;
  return typeof value === "string" && looksSecret(value);
}

function isEmpty(value: FieldValue): boolean {
  if (value === null || value === "") return true;
  if (typeof value !== "object") return false;
  if (value instanceof Uint8Array || isList(value)) return value.length === 0;
  for (const _ in value) return false;
  return true;
}
