// What the value viewer shows, as plain functions of bytes and text.

export type ValueForm = "json" | "text" | "binary";

export function fromBase64(base64: string): Uint8Array<ArrayBuffer> {
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

/** Bytes that are no UTF-8 become U+FFFD, so that anything can be looked at as text. */
export function toText(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

/** Turns the reading direction around, joins or hides: letters that make a text look like another. */
const deceiving = /[\u061C\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF\uFFF9-\uFFFB]/;
const unseen = new RegExp(`[\\u0000-\\u001F\\u007F-\\u009F]|${deceiving.source}`, "g");
const unseenInLines = new RegExp(`[\\u0000-\\u0008\\u000B-\\u001F\\u007F-\\u009F]|${deceiving.source}`, "g");

/** Control characters as pictures (`␀ ␉ ␊`), and what only deceives the eye by its number (`[U+202E]`). */
export function showUnseen(text: string): string {
  return text.replace(unseen, picture);
}

/** The same, but tabs stay what they are: for a line of a value. */
export function showUnseenInLine(text: string): string {
  return text.replace(unseenInLines, picture);
}

function picture(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return "␡";
  return `[U+${code.toString(16).toUpperCase().padStart(4, "0")}]`;
}

/** Lines of a text, the long ones cut into pieces: a browser takes minutes to lay out a megabyte in one line. */
export function toLines(text: string, charsMax: number): { text: string; number: number | null }[] {
  const lines: { text: string; number: number | null }[] = [];
  for (const [at, whole] of text.split("\n").entries()) {
    const line = whole.endsWith("\r") ? whole.slice(0, -1) : whole;
    lines.push({ text: line.slice(0, charsMax), number: at + 1 });
    for (let from = charsMax; from < line.length; from += charsMax) {
      lines.push({ text: line.slice(from, from + charsMax), number: null });
    }
  }
  return lines;
}

/**
 * JSON with two spaces of indent. It moves white space and nothing else: numbers keep all their digits, which a
 * trip through JSON.parse would cost, and names that stand twice stay there twice.
 */
export function prettyJson(text: string): string {
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? [];
  let depth = 0;
  let pretty = "";
  const newLine = () => `\n${"  ".repeat(Math.min(depth, indentsMax))}`;
  for (const [at, token] of tokens.entries()) {
    if (token === "{" || token === "[") {
      depth += 1;
      pretty += closes(tokens[at + 1]) ? token : token + newLine();
    } else if (closes(token)) {
      depth -= 1;
      pretty += opens(tokens[at - 1]) ? token : newLine() + token;
    } else if (token === ",") pretty += token + newLine();
    else pretty += token === ":" ? ": " : token;
  }
  return pretty;
}

/** Deeper than this nothing moves to the right any more: a thousand lists in each other are only a prank. */
const indentsMax = 100;
const opens = (token: string | undefined) => token === "{" || token === "[";
const closes = (token: string | undefined) => token === "}" || token === "]";

/** `00000010  7b 22 61 22 …  |{"a"…|` of the bytes from `offset` on. */
export function hexLine(bytes: Uint8Array, offset: number, width: number): string {
  const row = bytes.subarray(offset, offset + width);
  let hex = "";
  let text = "";
  for (let at = 0; at < width; at++) {
    const byte = row[at];
    if (at > 0) hex += at % 8 === 0 ? "  " : " ";
    hex += byte === undefined ? "  " : byte.toString(16).padStart(2, "0");
    if (byte !== undefined) text += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "·";
  }
  return `${offset.toString(16).padStart(6, "0")}  ${hex}  ${text}`;
}
