import { formatBytes, formatDigest } from "#app/_ui/format.ts";
import { fromBase64, showUnseenInLine } from "#app/_ui/value-view-text.ts";
import type { FieldDifference } from "#core/comparisons/contract.ts";
import type { RedactedValue } from "#core/contents/contract.ts";

type Value = NonNullable<FieldDifference["before"]> | null;

const shortChars = 36;
const shownChars = 20_000;
const dots = "••••••••";

/** A value of a record as text. Secrets are dots with their length and fingerprint, bytes are only counted. */
export function FieldValue({ value }: { value: Value }) {
  if (isRedacted(value)) {
    return (
      <>
        {dots}{" "}
        <em>
          {formatBytes(value.bytes)}, fingerprint {value.fingerprint}
        </em>
      </>
    );
  }
  const text = textOf(value);
  const cut = text.length > shownChars;
  const lines = (cut ? text.slice(0, shownChars) : text).split("\n").map(showUnseenInLine).join("\n");
  return (
    <>
      {lines}
      {cut && <span className="t3"> … {formatBytes(text.length)} in all</span>}
    </>
  );
}

/** Whether both fit on one line with an arrow between them. */
export function isShort(value: Value): boolean {
  if (isRedacted(value)) return true;
  const text = textOf(value);
  return text.length <= shortChars && !text.includes("\n");
}

/** Text as it is; nothing, numbers, lists and maps as JSON. */
function textOf(value: Value): string {
  if (typeof value === "string") return value === "" ? '""' : value;
  if (isBytes(value)) return bytesText(value.base64);
  const compact = JSON.stringify(value);
  return compact.length <= shortChars ? compact : JSON.stringify(value, null, 2);
}

const digestBytesMax = 64;

/** A digest by its first and last digits; of anything longer only the length. */
function bytesText(base64: string): string {
  const bytes = fromBase64(base64);
  if (bytes.length > digestBytesMax) return `${formatBytes(bytes.length)} of binary`;
  return formatDigest([...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(""));
}

function isRedacted(value: Value): value is RedactedValue {
  return typeof value === "object" && value !== null && "redacted" in value && value.redacted === true;
}

function isBytes(value: Value): value is { base64: string } {
  return typeof value === "object" && value !== null && "base64" in value && typeof value.base64 === "string";
}
