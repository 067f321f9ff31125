import { ContentsQueryError } from "./errors.ts";

/** A pattern over the bytes of a key. */
export type Glob = {
  /** What every match begins with. */
  readonly head: Buffer;
  /** Whether the bytes from `start` to `end` match: keys are looked at where they stand. */
  readonly matches: (bytes: Uint8Array, start: number, end: number) => boolean;
};

const patternCharsMax = 512;
const anyBytes = 256;
const oneCharacter = 257;

/**
 * `*` stands for any bytes, "/" among them, `?` for one character; `\` takes the meaning from the next character.
 * The whole key must match. A pattern without `*` and `?` is a prefix. Upper and lower case differ.
 *
 * @throws ContentsQueryError when it has more than 512 characters
 */
export function parseGlob(pattern: string): Glob {
  if (pattern.length > patternCharsMax) {
    throw new ContentsQueryError("pattern", `A pattern has at most ${patternCharsMax} characters.`);
  }
  const codes = toCodes(pattern);
  const firstWild = codes.findIndex((code) => code >= anyBytes);
  const head = Buffer.from(firstWild < 0 ? codes : codes.slice(0, firstWild));
  if (firstWild < 0) codes.push(anyBytes);
  const rest = Uint16Array.from(codes.slice(head.length));
  return {
    head,
    matches: (bytes, start, end) =>
      startsWithHead(bytes, start, end, head) && matchRest(rest, bytes, start + head.length, end),
  };
}

function toCodes(pattern: string): number[] {
  const codes: number[] = [];
  const characters = [...pattern];
  for (let i = 0; i < characters.length; i += 1) {
    const character = characters[i] ?? "";
    if (character === "*") {
      if (codes.at(-1) !== anyBytes) codes.push(anyBytes);
    } else if (character === "?") {
      codes.push(oneCharacter);
    } else {
      const isEscaped = character === "\\" && i + 1 < characters.length;
      if (isEscaped) i += 1;
      codes.push(...Buffer.from(characters[i] ?? "", "utf8"));
    }
  }
  return codes;
}

function startsWithHead(bytes: Uint8Array, start: number, end: number, head: Uint8Array): boolean {
  if (end - start < head.length) return false;
  for (let i = 0; i < head.length; i += 1) if (bytes[start + i] !== head[i]) return false;
  return true;
}

/** Goes back to the last `*` only, which is enough, so the time is at most length of key times length of pattern. */
function matchRest(codes: Uint16Array, bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  let code = 0;
  let starCode = -1;
  let starAt = 0;
  while (at < end) {
    const wanted = codes[code];
    if (wanted === anyBytes) {
      starCode = code;
      starAt = at;
      code += 1;
    } else if (wanted === oneCharacter) {
      at = afterCharacter(bytes, at, end);
      code += 1;
    } else if (wanted === bytes[at]) {
      at += 1;
      code += 1;
    } else if (starCode >= 0) {
      starAt += 1;
      at = starAt;
      code = starCode + 1;
    } else {
      return false;
    }
  }
  while (codes[code] === anyBytes) code += 1;
  return code === codes.length;
}

/** Past one byte and what continues it in UTF-8. */
function afterCharacter(bytes: Uint8Array, at: number, end: number): number {
  let next = at + 1;
  while (next < end && ((bytes[next] ?? 0) & 0xc0) === 0x80) next += 1;
  return next;
}
