import { parseAsArrayOf, parseAsBoolean, parseAsString, parseAsStringLiteral } from "nuqs";

/** The side that is no snapshot but the cluster as it is now. */
export const live = "live";

export const listedChanges = ["added", "changed", "removed"] as const;
export type ListedChange = (typeof listedChanges)[number];

/** What is compared and what of it is shown, as it stands in the URL, so that any difference can be linked to. */
export const compareParsers = {
  a: parseAsString,
  b: parseAsString,
  /** The comparison itself, for a live side only: it is of one moment, and asking again would take another. */
  id: parseAsString,
  kind: parseAsString,
  pattern: parseAsString.withDefault(""),
  changes: parseAsArrayOf(parseAsStringLiteral(listedChanges)),
  churn: parseAsBoolean.withDefault(false),
  /** The chosen difference: a key's id, or another record's identity. */
  key: parseAsString,
};

export type CompareParams = {
  a: string | null;
  b: string | null;
  id: string | null;
  kind: string | null;
  pattern: string;
  changes: ListedChange[] | null;
  churn: boolean;
  key: string | null;
};

/** A new pair of sides: what was chosen in the old comparison says nothing about this one. */
export function pairOf(a: string | null, b: string | null): CompareParams {
  return { a, b, id: null, kind: null, pattern: "", changes: null, churn: false, key: null };
}
