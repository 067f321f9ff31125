import { isFields, isZero, type Json, type PlainFields } from "./kind.ts";

/** Maps whose keys are somebody's own names: there, an entry with nothing in it is an entry. */
const maps = new Set(["Config", "Failover", "Meta", "NodeMeta", "ServiceMeta", "Subsets", "Add", "Set"]);

/**
 * The names of the fields in which two records differ. Go writes what is zero or leaves it out, and it is the same
 * record: a field that is zero on purpose can't be told from one that was never set.
 */
export function differingFields(a: PlainFields, b: PlainFields): string[] {
  return differing(a, b, false);
}

function differing(a: PlainFields, b: PlainFields, isMap: boolean): string[] {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names]
    .filter((name) => {
      if (isMap && name in a !== name in b) return true;
      return !isSame(a[name] ?? null, b[name] ?? null, maps.has(name));
    })
    .sort();
}

/** A snapshot holds a duration in nanoseconds, the API writes it in words: "1m30s". */
function isSame(a: Json, b: Json, isMap: boolean): boolean {
  if (isMap && (isFields(a) || isFields(b)))
    return differing(isFields(a) ? a : {}, isFields(b) ? b : {}, true).length === 0;
  if (isZero(a) || isZero(b)) return isZero(a) && isZero(b);
  if (typeof a === "number" && typeof b === "string") return a === toNanoseconds(b);
  if (typeof a === "string" && typeof b === "number") return b === toNanoseconds(a);
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((one, at) => isSame(one, b[at] ?? null, false));
  if (isFields(a) && isFields(b)) return differing(a, b, false).length === 0;
  return a === b;
}

const unitsNs: Record<string, number> = { ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };

/** Null for what is no duration of Go. */
export function toNanoseconds(text: string): number | null {
  if (!/^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(text)) return null;
  let sum = 0;
  for (const [, digits = "0", unit = "s"] of text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g))
    sum += Number(digits) * (unitsNs[unit] ?? 0);
  return Math.round(sum);
}
