// Browser-safe: values that are secrets whatever the field is called.

/** A text must hold the mark before its pattern is tried: finding a few letters is much faster than any pattern. */
const shapes: readonly { readonly mark: string; readonly pattern: RegExp }[] = [
  { mark: "PRIVATE KEY-----", pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----/ },
  // user:password@ in an address.
  { mark: "@", pattern: /:\/\/[^/?#\s@:]*:[^/?#\s@]+@/ },
  { mark: "Bearer ", pattern: /\bBearer [\w.~+/-]{8,}/ },
  { mark: "Basic ", pattern: /\bBasic [\w.~+/-]{8,}/ },
  // Vault's tokens.
  { mark: "hv", pattern: /\bhv[sbr]\.[\w-]{20,}/ },
  // A signed JSON web token: header, claims, signature.
  { mark: "eyJ", pattern: /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/ },
];

/** Whether a text holds something that is known as a secret by its looks. */
export function looksSecret(text: string): boolean {
  if (text.length < 12) return false;
  for (const { mark, pattern } of shapes) if (text.includes(mark) && pattern.test(text)) return true;
  return false;
}

/**
 * Whether a JSON web key set, as JSON or as base64 of it, holds more than public keys: a private part ("d") or a
 * shared key ("k"). What can't be read counts as if it did.
 */
export function holdsPrivateKeys(keySet: string): boolean {
  try {
    const text = keySet.trimStart().startsWith("{") ? keySet : atob(keySet);
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== "object" || parsed === null || !("keys" in parsed)) return true;
    if (!Array.isArray(parsed.keys)) return true;
    return parsed.keys.some(
      (key: unknown) => typeof key !== "object" || key === null || "d" in key || "k" in key,
    );
  } catch {
    return true;
  }
}
