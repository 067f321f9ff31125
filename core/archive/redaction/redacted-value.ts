// Browser-safe: what stands in the place of a secret.
import type { FieldValue } from "../records/visitor.ts";

/**
 * A keyed fingerprint of a secret: 8 to 12 hex digits of an HMAC-SHA-256 under a key that stays on the server, so
 * that equal secrets are seen as equal and nobody can try guesses without the key.
 */
export type Seal = (bytes: Uint8Array) => string;

/** A type, not an interface, so that it is a `FieldValue` and stands wherever one can. */
export type RedactedValue = {
  readonly redacted: true;
  /** Length of the secret: bytes of its UTF-8 or of the bytes; of its JSON for what is neither. */
  readonly bytes: number;
  readonly fingerprint: string;
};

export function isRedactedValue(value: unknown): value is RedactedValue {
  return typeof value === "object" && value !== null && "redacted" in value && value.redacted === true;
}

/** The bytes that a secret's length and fingerprint are taken of: the same for equal values, whatever their order. */
export function secretBytes(value: FieldValue): Uint8Array {
  if (value instanceof Uint8Array) return value;
  return new TextEncoder().encode(typeof value === "string" ? value : orderedJson(value, 0));
}

export function redactValue(value: FieldValue, seal: Seal): RedactedValue {
  const bytes = secretBytes(value);
  return { redacted: true, bytes: bytes.length, fingerprint: seal(bytes) };
}

/** A Go map is written in random order, so the names are sorted. */
function orderedJson(value: FieldValue, depth: number): string {
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (value instanceof Uint8Array) return JSON.stringify(Array.from(value));
  if (depth > 64) return '"…"';
  if (isList(value)) return `[${value.map((one) => orderedJson(one, depth + 1)).join(",")}]`;
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${orderedJson(value[name] ?? null, depth + 1)}`).join(",")}}`;
}

export function isList(value: object): value is readonly FieldValue[] {
  return Array.isArray(value);
}
