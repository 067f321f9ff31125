// Which fields of a record differ. Browser-safe, and it works on redacted fields as well as on whole ones.
import { diffArrays } from "diff";
import type { FieldValue, RecordFields } from "../records/visitor.ts";
import { isRedactedValue } from "../redaction/redacted-value.ts";
import { canonicalValue, holdsOwnMap, isDefault, isPairs } from "./canonical.ts";
import { type FieldOwner, isChurnField, isForeignField, isMap } from "./churn.ts";
import type { FieldDifference } from "./contract.ts";

/** Lists beyond this, and lists that differ in more items than this, are told as a whole. */
const listItemsMax = 2_000;
const listEditsMax = 400;

/**
 * The fields that differ between two records of the same kind and identity, in the order of their names. A field
 * that is missing says the same as an empty one, except where people choose the names. What a service's or check's
 * record repeats of its node is left out, as in the comparison.
 *
 * @param owner whose fields these are, so that churn beyond raft indexes is known
 */
export function diffFields(
  before: RecordFields,
  after: RecordFields,
  owner: FieldOwner = {},
): FieldDifference[] {
  const walk: Walk = { owner, found: [] };
  const compared = (fields: RecordFields): RecordFields =>
    Object.fromEntries(Object.entries(fields).filter(([name]) => !isForeignField(owner, name, fields)));
  diffMaps(walk, [], compared(before), compared(after), false);
  return walk.found;
}

type Walk = { readonly owner: FieldOwner; readonly found: FieldDifference[] };
type Path = readonly (string | number)[];

function diffMaps(
  walk: Walk,
  path: Path,
  before: RecordFields,
  after: RecordFields,
  isOwnMap: boolean,
): void {
  for (const name of [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()) {
    diffValues(walk, [...path, name], own(before, name), own(after, name), isOwnMap);
  }
}

/** The fields may come from JSON, where an object has a prototype. */
function own(fields: RecordFields, name: string): FieldValue | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

function diffValues(
  walk: Walk,
  path: Path,
  before: FieldValue | undefined,
  after: FieldValue | undefined,
  isOwnMap: boolean,
): void {
  const name = path[path.length - 1] ?? "";
  const isBelowOwnMap = isOwnMap || holdsOwnMap(name);
  if (sameValue(name, before, after, isOwnMap)) {
    return;
  }
  const told = walk.found.length;
  if (isMap(before) && isMap(after) && !isRedactedValue(before) && !isRedactedValue(after)) {
    diffMaps(walk, path, before, after, isBelowOwnMap);
  } else if (isPlainList(before) && isPlainList(after)) {
    diffLists(walk, path, before, after, isBelowOwnMap);
  }
  // An entry that holds only empty fields differs from none, though no field within does.
  if (walk.found.length === told) {
    tell(walk, path, before, after);
  }
}

function tell(walk: Walk, path: Path, before: FieldValue | undefined, after: FieldValue | undefined): void {
  const churn = isChurnField(walk.owner, path, after ?? before);
  walk.found.push({ path, before, after, churn });
}

function sameValue(
  name: string | number,
  before: FieldValue | undefined,
  after: FieldValue | undefined,
  isOwnMap: boolean,
): boolean {
  const isNone = (value: FieldValue | undefined): boolean =>
    value === undefined || (typeof name === "string" && isDefault(name, value, isOwnMap));
  if (isNone(before) || isNone(after)) {
    return isNone(before) && isNone(after);
  }
  const isBelowOwnMap = isOwnMap || holdsOwnMap(name);
  return canonicalValue(before ?? null, isBelowOwnMap) === canonicalValue(after ?? null, isBelowOwnMap);
}

function isPlainList(value: FieldValue | undefined): value is readonly FieldValue[] {
  return Array.isArray(value) && !isPairs(value);
}

/** Items that were put in, taken out, or changed in their place; none when there are too many to tell apart. */
function diffLists(
  walk: Walk,
  path: Path,
  before: readonly FieldValue[],
  after: readonly FieldValue[],
  isOwnMap: boolean,
): void {
  if (Math.max(before.length, after.length) > listItemsMax) {
    return;
  }
  const texts = (list: readonly FieldValue[]) => list.map((item) => canonicalValue(item, isOwnMap));
  const runs = diffArrays(texts(before), texts(after), { maxEditLength: listEditsMax });
  if (runs === undefined) {
    return;
  }
  let atBefore = 0;
  let atAfter = 0;
  for (const [index, run] of runs.entries()) {
    const next = runs[index + 1];
    const isReplaced = run.removed && next?.added === true && next.count === run.count;
    for (let item = 0; item < run.count; item++) {
      if (isReplaced) {
        diffValues(walk, [...path, atAfter + item], before[atBefore + item], after[atAfter + item], isOwnMap);
      } else if (run.removed) {
        tell(walk, [...path, atBefore + item], before[atBefore + item], undefined);
      } else if (run.added && !isReplacement(runs[index - 1], run.count)) {
        tell(walk, [...path, atAfter + item], undefined, after[atAfter + item]);
      }
    }
    atBefore += run.added ? 0 : run.count;
    atAfter += run.removed ? 0 : run.count;
  }
}

/** Whether the run that was added stands for the one before it, and was told with it. */
function isReplacement(before: { removed: boolean; count: number } | undefined, count: number): boolean {
  return before?.removed === true && before.count === count;
}
