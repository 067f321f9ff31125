import { isUtf8 } from "node:buffer";

// Which of Consul's two ways to a key can carry it. A transaction names keys in JSON, so they must be UTF-8. A path can
// carry any bytes, but Consul's HTTP server cleans paths: `a//b` and `a/../b` would be other keys there.

/** Larger values go by path: a transaction's body takes 512 KiB, base64 a third more than the value. */
export const transactionValueBytesMax = 350 * 1024;

const dotSegment = /^\.{1,2}$/;

/** Whether `/v1/kv/<key>` means exactly this key. */
export function isPathKey(key: Buffer): boolean {
  const segments = key.toString("latin1").split("/");
  return (
    key.length > 0 &&
    segments.every((part, at) => !dotSegment.test(part) && (part !== "" || at === segments.length - 1)) &&
    segments[0] !== ""
  );
}

export function isTransactionKey(key: Buffer): boolean {
  return key.length > 0 && isUtf8(key);
}

/** A list of keys shows bytes that are no UTF-8 as U+FFFD, like keys that really hold one: these are read one by one. */
export function isClearInLists(text: string): boolean {
  return !text.includes("\ufffd");
}

export function toKeyPath(key: Buffer): string {
  let path = "";
  for (const byte of key) {
    const char = String.fromCharCode(byte);
    path += /[A-Za-z0-9_.~/-]/.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return `/v1/kv/${path}`;
}

/** The longest beginning of a prefix that a path can carry: what is listed there holds all that is below the prefix. */
export function toListPath(prefix: Buffer): string {
  const segments = prefix.toString("latin1").split("/");
  const last = segments.length - 1;
  const wrong = segments.findIndex(
    (part, at) => dotSegment.test(part) || (part === "" && (at < last || last === 0)),
  );
  const head =
    wrong < 0
      ? segments.join("/")
      : segments
          .slice(0, wrong)
          .map((part) => `${part}/`)
          .join("");
  return head === "" ? "/v1/kv/" : toKeyPath(Buffer.from(head, "latin1"));
}
