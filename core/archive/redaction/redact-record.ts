// Browser-safe, though the seal's key must never come near a browser.
import type { FieldValue, RecordFields, RecordKind } from "../records/visitor.ts";
import { type RedactedValue, redactValue, type Seal } from "./redacted-value.ts";
import { replaceSecrets } from "./walk-secrets.ts";

/** A secret's path: names of fields, and places in lists by their number. */
export type FieldPath = readonly string[];

/** Where a record holds secrets; [] when it holds none. Showing one means reading the record again. */
export function secretFieldsOf(kind: RecordKind, fields: RecordFields): readonly FieldPath[] {
  const found: FieldPath[] = [];
  replaceSecrets(kind, fields, (value, path) => {
    found.push(path);
    return value;
  });
  return found;
}

/** A copy of the fields in which a `RedactedValue` stands for each secret. */
export function redactFields(kind: RecordKind, fields: RecordFields, seal: Seal): RecordFields {
  return replaceSecrets(kind, fields, (value) => redactValue(value, seal));
}

/** Shorter secrets would be found in innocent identities by chance. */
const identitySecretCharsMin = 6;

/**
 * Fields and identity of a record, both without secrets. The identity of a legacy ACL is made of its token, and
 * even an unkeyed hash of it could be guessed: it becomes the name and the keyed fingerprint. Any other identity
 * that holds a secret becomes `sealed` and the secret's fingerprint.
 */
export function redactRecord(
  record: { readonly kind: RecordKind; readonly identity: string; readonly fields: RecordFields },
  seal: Seal,
): { readonly identity: string; readonly fields: RecordFields } {
  let identity = record.kind === "acl-legacy" ? legacyIdentity(record.fields, seal) : record.identity;
  const sealSecret = (value: FieldValue): RedactedValue => {
    const sealed = redactValue(value, seal);
    if (isPartOf(value, identity)) identity = `sealed ${sealed.fingerprint}`;
    return sealed;
  };
  const fields = replaceSecrets(record.kind, record.fields, sealSecret);
  return { identity, fields };
}

function legacyIdentity(fields: RecordFields, seal: Seal): string {
  const sealed = `sealed ${redactValue(fields.ID ?? "", seal).fingerprint}`;
  return typeof fields.Name === "string" && fields.Name !== "" ? `${fields.Name}/${sealed}` : sealed;
}

function isPartOf(value: FieldValue, identity: string): boolean {
  return typeof value === "string" && value.length >= identitySecretCharsMin && identity.includes(value);
}
