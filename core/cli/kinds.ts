import { type RecordKind, recordKinds } from "#core/archive/contract.ts";
import { UsageError } from "./exit.ts";

/** Shorter names than ours, as people say them. Singular; an s at the end is taken off before. */
const shortNames: { readonly [name: string]: RecordKind } = {
  key: "kv",
  token: "acl-token",
  policy: "acl-policy",
  policie: "acl-policy",
  role: "acl-role",
  "binding-rule": "acl-binding-rule",
  "auth-method": "acl-auth-method",
  query: "prepared-query",
  querie: "prepared-query",
  config: "config-entry",
  "config-entrie": "config-entry",
  "acl-policie": "acl-policy",
  "prepared-querie": "prepared-query",
  indexe: "index",
};

/**
 * The kind of record that a name stands for: `acl-token`, `tokens`, `services`, `policies`.
 *
 * @throws UsageError that lists all kinds
 */
export function parseKind(flag: string, name: string): RecordKind {
  const lower = name.toLowerCase();
  const singular = lower.replace(/s$/, "");
  const found = recordKinds.find((kind) => kind === lower || kind === singular);
  const kind = found ?? (Object.hasOwn(shortNames, singular) ? shortNames[singular] : undefined);
  if (kind !== undefined) return kind;
  throw new UsageError(`--${flag} takes a kind of record: ${recordKinds.join(", ")}. Not '${name}'.`);
}
