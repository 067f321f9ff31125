// Browser-safe: what the tables say about one field.
import type { FieldValue, RecordFields, RecordKind } from "../records/visitor.ts";
import { nameRule } from "./credential-rule.ts";
import {
  closedKinds,
  harmlessNames,
  harmlessSystemMetadata,
  type SecretField,
  secretFields,
} from "./secret-fields.ts";
import { holdsPrivateKeys } from "./secret-shapes.ts";

/**
 * What becomes of a field: `open`, as far as nothing below it is closed; `closed`, each value below it on its own,
 * so that the names of headers and settings stay readable; `whole`, one mark for all of it; or a table's row,
 * which closes all but what it excepts.
 */
export type Verdict = "open" | "closed" | "whole" | SecretField;

/** The rules for one kind. Made once for each kind, since a snapshot can have a million services. */
export type FieldRules = {
  /** @param names from the record's top to the field, lists left out */
  readonly verdict: (names: readonly string[], owner: RecordFields, value: FieldValue) => Verdict;
};

const rulesByKind = new Map<RecordKind, FieldRules>();

export function rulesFor(kind: RecordKind): FieldRules {
  let rules = rulesByKind.get(kind);
  if (rules === undefined) {
    rules = createRules(kind);
    rulesByKind.set(kind, rules);
  }
  return rules;
}

function createRules(kind: RecordKind): FieldRules {
  const openAtTop = closedKinds[kind];
  const rows = secretFields(kind).map((row) => ({ row, path: row.path.toLowerCase().split(".") }));
  const rowsByName = new BoundedMemo((name: string) => {
    const lower = name.toLowerCase();
    return rows.filter(({ path }) => path.at(-1) === lower);
  });
  const verdict = (names: readonly string[], owner: RecordFields, value: FieldValue): Verdict => {
    const name = names.at(-1) ?? "";
    if (openAtTop !== undefined && names.length === 1 && !isListed(openAtTop, name)) return "whole";
    for (const { row, path } of rowsByName.get(name)) {
      if (endsWith(names, path)) return row.except === undefined ? "closed" : row;
    }
    if (kind === "system-metadata" && name === "Value") return systemMetadataVerdict(owner);
    if (name === "JWKS" && typeof value === "string") return holdsPrivateKeys(value) ? "closed" : "open";
    return isClosedByName(name, owner, value) ? "closed" : "open";
  };
  return { verdict };
}

/** Remembers what was found for a name: records of one kind have the same names a million times. */
class BoundedMemo<Answer> {
  private readonly known = new Map<string, Answer>();
  private readonly find: (name: string) => Answer;

  constructor(find: (name: string) => Answer) {
    this.find = find;
  }

  get(name: string): Answer {
    let answer = this.known.get(name);
    if (answer === undefined) {
      answer = this.find(name);
      if (this.known.size >= 4096) this.known.clear();
      this.known.set(name, answer);
    }
    return answer;
  }
}

function systemMetadataVerdict(owner: RecordFields): Verdict {
  return typeof owner.Key === "string" && harmlessSystemMetadata.includes(owner.Key) ? "open" : "closed";
}

function isClosedByName(name: string, owner: RecordFields, value: FieldValue): boolean {
  // A number of tokens is no token.
  if (
    value === null ||
    typeof value === "number" ||
    typeof value === "bigint" ||
    typeof value === "boolean"
  ) {
    return false;
  }
  if (soundsSecret.get(name)) return true;
  // Objects that say the name in one field and the value in another.
  if (name !== "Value" && name !== "Exact" && name !== "value") return false;
  const label = owner.Name ?? owner.Key ?? owner.name ?? owner.key;
  return typeof label === "string" && soundsSecret.get(label);
}

const soundsSecret = new BoundedMemo(
  (name) => !harmlessNames.includes(name) && nameRule(name.split("/").at(-1) ?? "") !== null,
);

/** Whether a name is in a list, upper and lower case being the same. */
export function isListed(list: readonly string[], name: string): boolean {
  const lower = name.toLowerCase();
  return list.some((one) => one.toLowerCase() === lower);
}

function endsWith(names: readonly string[], path: readonly string[]): boolean {
  if (path.length > names.length) return false;
  return path.every((part, i) => names[names.length - path.length + i]?.toLowerCase() === part);
}
