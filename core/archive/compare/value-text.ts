// What kind of thing a value is. Browser-safe.
import { toPrettyJson } from "./json-text.ts";

export type ValueKind = "json" | "text" | "binary";

/** A longer value is not tried as JSON. Consul itself takes no more than 512 KiB unless it is told to. */
const jsonBytesMax = 4 * 1024 * 1024;

/** The text of bytes that are UTF-8 without control characters (but tab, line ends and form feed), or null. */
export function toText(bytes: Uint8Array): string | null {
  for (const byte of bytes) {
    if ((byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0c && byte !== 0x0d) || byte === 0x7f) {
      return null;
    }
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** `json` is an object or a list: a number or a word alone is text to whoever wrote it. */
export function describeValue(bytes: Uint8Array): ValueKind {
  const text = toText(bytes);
  if (text === null) {
    return "binary";
  }
  const first = text.trimStart()[0];
  const mayBeJson = (first === "{" || first === "[") && bytes.length <= jsonBytesMax;
  return mayBeJson && toPrettyJson(text) !== null ? "json" : "text";
}
