// One text for all records that say the same. Browser-safe.
import { type FieldValue, type RecordFields, zeroTime } from "../records/visitor.ts";
import { type FieldOwner, isChurnField, isForeignField, isMap } from "./churn.ts";

/** Fields whose contents people choose, so that an empty or false entry there is one; elsewhere it is the default. */
const ownMaps: ReadonlySet<string> = new Set([
  "Add",
  "Annotations",
  "BindVars",
  "Config",
  "Features",
  "Labels",
  "Meta",
  "NodeMeta",
  "Set",
  "Settings",
]);

export type CanonicalRecord = {
  /** What people keep. */
  readonly content: string;
  /** The fields that are churn. */
  readonly churn: string;
};

/** The canonical text of a record's fields, without those that are another record's (see `isForeignField`). */
export function canonicalRecord(fields: RecordFields, owner: FieldOwner): CanonicalRecord {
  const write: Writer = { owner, path: [], churn: "" };
  let content = "";
  for (const name of sortedNames(fields)) {
    if (!isForeignField(owner, name, fields)) {
      content += namedText(write, name, fields[name] ?? null, false);
    }
  }
  return { content, churn: write.churn };
}

/**
 * The canonical text of one value, churn included: the order of a map says nothing, and in a struct of Consul's an
 * empty field says the same as none, since versions differ in which fields they write.
 */
export function canonicalValue(value: FieldValue, isOwnMap = false): string {
  return valueText({ owner: {}, path: null, churn: "" }, value, isOwnMap);
}

/** @param isOwnMap whether the field stands in a map whose keys people choose */
export function isDefault(name: string, value: FieldValue, isOwnMap: boolean): boolean {
  if (value === null || (typeof value === "object" && isEmpty(value))) {
    return true;
  }
  return (
    !isOwnMap && goName.test(name) && (value === "" || value === 0 || value === false || value === zeroTime)
  );
}

/** Whether the entries of a field are people's own, which goes for everything below it, too. */
export function holdsOwnMap(name: string | number): boolean {
  return typeof name === "string" && ownMaps.has(name);
}

const goName = /^[A-Z][A-Za-z0-9]*$/;

type Writer = { readonly owner: FieldOwner; readonly path: string[] | null; churn: string };

function namedText(write: Writer, name: string, value: FieldValue, isOwnMap: boolean): string {
  if (write.path !== null && write.path.length < churnDepthMax) {
    write.path.push(name);
    const text = isChurnField(write.owner, write.path, value)
      ? null
      : textOrNone(write, name, value, isOwnMap);
    if (text === null && !isDefault(name, value, isOwnMap)) {
      write.churn += `${write.path.join("\0")}=${valueText(write, value, isOwnMap)};`;
    }
    write.path.pop();
    return text ?? "";
  }
  return textOrNone(write, name, value, isOwnMap);
}

/** Deeper than any record of Consul's nests what it writes its indexes into. */
const churnDepthMax = 12;

function textOrNone(write: Writer, name: string, value: FieldValue, isOwnMap: boolean): string {
  if (isDefault(name, value, isOwnMap)) {
    return "";
  }
  return `${name.length}.${name}=${valueText(write, value, isOwnMap || ownMaps.has(name))};`;
}

function valueText(write: Writer, value: FieldValue, isOwnMap: boolean): string {
  switch (typeof value) {
    case "string":
      return `s${value.length}.${value}`;
    case "number":
    case "bigint":
      return `n${value}`;
    case "boolean":
      return value ? "t" : "f";
    default:
      return value === null ? "0" : objectText(write, value, isOwnMap);
  }
}

function objectText(write: Writer, value: Exclude<FieldValue, null>, isOwnMap: boolean): string {
  if (value instanceof Uint8Array) {
    let hex = `b${value.length}.`;
    for (const byte of value) {
      hex += String.fromCharCode(byte);
    }
    return hex;
  }
  if (isMap(value)) {
    let text = "{";
    for (const name of sortedNames(value)) {
      text += namedText(write, name, value[name] ?? null, isOwnMap);
    }
    return `${text}}`;
  }
  const items = isList(value) ? value.map((item) => valueText(write, item, isOwnMap)) : [];
  return `[${(isPairs(value) ? items.sort() : items).join(",")}]`;
}

function isList(value: FieldValue): value is readonly FieldValue[] {
  return Array.isArray(value);
}

/** A map whose keys are structs or numbers comes as pairs, in any order. Lists of such pairs Consul does not have. */
export function isPairs(value: FieldValue): boolean {
  return (
    isList(value) &&
    value.length > 0 &&
    value.every((item) => isList(item) && item.length === 2 && isPair(item[0], item[1]))
  );
}

function isPair(key: FieldValue | undefined, value: FieldValue | undefined): boolean {
  return isMap(key) || (isNumber(key) && !isNumber(value));
}

function isNumber(value: FieldValue | undefined): boolean {
  return typeof value === "number" || typeof value === "bigint";
}

function isEmpty(value: object): boolean {
  if (Array.isArray(value) || value instanceof Uint8Array) {
    return value.length === 0;
  }
  for (const _ in value) {
    return false;
  }
  return true;
}

/** Consul writes structs in order, so there is seldom anything to sort. */
function sortedNames(map: RecordFields): string[] {
  const names = Object.keys(map);
  for (let at = 1; at < names.length; at++) {
    if ((names[at - 1] ?? "") > (names[at] ?? "")) {
      return names.sort();
    }
  }
  return names;
}
