/**
 * What a terminal might obey instead of show: control characters (with ESC and C1), and the invisible ones of
 * Unicode that reorder or hide text. Names in a snapshot are anybody's.
 */
const obeyed = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const obeyedButTab = /[^\P{Cc}\t]|[\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** A name or a sentence on one line; each character that a terminal might obey stands as its escape. */
export function visible(text: string): string {
  return text.replace(obeyed, toEscape);
}

/** A line of a value: the same, but a tab stays a tab. */
export function visibleLine(line: string): string {
  return line.replace(obeyedButTab, toEscape);
}

function toEscape(character: string): string {
  const known = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\u001b": "\\e" }[character];
  return known ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
