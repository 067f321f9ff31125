import { ArchiveFormatError } from "../format-error.ts";

export const tarBlockBytes = 512;

export type TarHeader = {
  readonly name: string;
  /** Bytes that follow the header as the member's content, before the padding. */
  readonly bytes: number;
  readonly kind: TarKind;
};

type TarKind = "file" | "pax" | "pax-global" | "link" | "special" | "directory" | "unknown";

/**
 * Decodes one header block. It is stricter than Go's reader where Consul's own output leaves no doubt (every number
 * a plain octal or a positive base-256 one, the unsigned checksum, a ustar or GNU magic) and takes what re-packing
 * with another tar may change: owner, mode, time.
 *
 * @throws ArchiveFormatError TAR_HEADER
 */
export function decodeTarHeader(block: Buffer, offset: number): TarHeader {
  if (parseNumber(block, 148, 8) !== sumBytes(block)) {
    throw invalidHeader(offset, "Its checksum is wrong.");
  }
  const magic = block.toString("latin1", 257, 265);
  if (magic !== "ustar\x0000" && magic !== "ustar  \0") {
    throw invalidHeader(offset, "It is not of the ustar format that Consul writes.");
  }
  for (const [at, length] of [...ownerFields, ...(magic === "ustar\x0000" ? deviceFields : [])]) {
    if (parseNumber(block, at, length) === null) {
      throw invalidHeader(offset, `The number at byte ${at} of the header is not octal.`);
    }
  }
  const sizeBytes = parseNumber(block, 124, 12);
  if (sizeBytes === null) {
    throw invalidHeader(offset, "Its size is not a number.");
  }
  const kind = tarKind(block.readUInt8(156));
  const prefix = magic === "ustar\x0000" ? parseText(block, 345, 155) : "";
  const name = parseText(block, 0, 100);
  const hasContent = kind === "file" || kind === "pax" || kind === "pax-global" || kind === "unknown";
  return { name: prefix === "" ? name : `${prefix}/${name}`, bytes: hasContent ? sizeBytes : 0, kind };
}

/** Mode, user, group and time: not compared with anything, but a header where they are no numbers is a broken one. */
const ownerFields = [
  [100, 8],
  [108, 8],
  [116, 8],
  [136, 12],
] as const;
const deviceFields = [
  [329, 8],
  [337, 8],
] as const;

function tarKind(flag: number): TarKind {
  switch (String.fromCharCode(flag)) {
    case "0":
    case "\0":
      return "file";
    case "x":
      return "pax";
    case "g":
      return "pax-global";
    case "1":
    case "2":
      return "link";
    case "3":
    case "4":
    case "6":
      return "special";
    case "5":
      return "directory";
    default:
      return "unknown";
  }
}

function sumBytes(block: Buffer): number {
  let sum = 8 * 0x20;
  for (let at = 0; at < tarBlockBytes; at++) {
    if (at < 148 || at >= 156) {
      sum += block[at] ?? 0;
    }
  }
  return sum;
}

/** Octal digits with blanks or zero bytes around them, or GNU's base-256 for sizes from 8 GiB up. Null if neither. */
function parseNumber(block: Buffer, at: number, length: number): number | null {
  if (block.readUInt8(at) === 0x80) {
    let value = 0;
    for (const byte of block.subarray(at + 1, at + length)) {
      value = value * 256 + byte;
    }
    return Number.isSafeInteger(value) ? value : null;
  }
  const digits = /^[ \0]*([0-7]*)[ \0]*$/.exec(block.toString("latin1", at, at + length))?.[1];
  return digits === undefined ? null : Number.parseInt(digits || "0", 8);
}

function parseText(block: Buffer, at: number, length: number): string {
  const field = block.subarray(at, at + length);
  const zero = field.indexOf(0);
  return field.toString("utf8", 0, zero === -1 ? length : zero);
}

function invalidHeader(offset: number, reason: string): ArchiveFormatError {
  const text = `failed reading snapshot: archive/tar: invalid tar header. ${reason}`;
  return new ArchiveFormatError("TAR_HEADER", text, { offset });
}
