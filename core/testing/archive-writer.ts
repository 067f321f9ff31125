// Writes snapshot archives for tests, as Consul does and in every way that Consul does not. Everything is built in
// memory. It shares no code with core/archive, so that a misreading there cannot hide behind the same one here.
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";

/** What msgpack can hold here; a Buffer and a string are the same kind of value in Consul's old form of it. */
export type MsgpackValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Buffer
  | Encoded
  | readonly MsgpackValue[]
  | { readonly [key: string]: MsgpackValue };

/** A value that is msgpack already, for what has no other form here: a map whose keys are no text, a longer form. */
export class Encoded {
  readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }
}

export type TestRecord = { readonly type: number; readonly value: MsgpackValue };

export type TestMember = {
  readonly name: string;
  readonly content: Buffer;
  /** The tar's type flag: "0" for a regular file, "5" for a folder, "x" for a PAX header. */
  readonly typeflag?: string;
  /** The size that the header claims, when it is to differ from the content's. */
  readonly claimedBytes?: number;
  /** What fills up the last block; zeros unless given. */
  readonly paddingByte?: number;
};

export type StateRecipe = { readonly lastIndex?: number; readonly records?: readonly TestRecord[] };

export type TarRecipe = StateRecipe & {
  /** Bytes of state.bin, instead of a header and `records`. */
  readonly state?: Buffer;
  /** Fields of meta.json that replace or join the usual ones. */
  readonly meta?: Readonly<Record<string, unknown>>;
  /** The text of meta.json, instead of the usual one. */
  readonly metaText?: string | Buffer;
  /** The text of SHA256SUMS, from the right one. */
  readonly sums?: (right: string) => string;
  /** The list of members, from the right one: to reorder, drop, add or change some. */
  readonly members?: (right: readonly TestMember[]) => readonly TestMember[];
  /** Changes one header block after its checksum has been written. */
  readonly header?: (name: string, block: Buffer) => void;
  /** Zero blocks at the end; Consul writes 2. */
  readonly endBlocks?: number;
  /** Bytes behind the end blocks. */
  readonly tarSuffix?: Buffer;
  /** GNU tar fills up its output to a multiple of 10,240. */
  readonly padTo?: number;
};

export type ArchiveRecipe = TarRecipe & {
  /** Bytes behind the gzip member. */
  readonly suffix?: Buffer;
  /** The length to cut the archive to. */
  readonly cutTo?: number;
  readonly gzipLevel?: number;
};

const sampleRecords: readonly TestRecord[] = [
  {
    type: 0,
    value: {
      Address: "127.0.0.1",
      Datacenter: "dc1",
      Node: "consul-1",
      NodeMeta: null,
      SkipNodeUpdate: false,
    },
  },
  { type: 2, value: kvsEntry("app/config", Buffer.from("v1"), 12) },
  { type: 2, value: kvsEntry("app/name", Buffer.from("snapkeep"), 13) },
  { type: 16, value: { Key: "kvs", Value: 13 } },
  { type: 29, value: { ChunkMap: {} } },
];

export function kvsEntry(key: string, value: Buffer, index: number): MsgpackValue {
  return {
    CreateIndex: index,
    Flags: 0,
    Key: key,
    LockIndex: 0,
    ModifyIndex: index,
    Session: "",
    Value: value,
  };
}

/** A whole archive, gzipped as Go does it. */
export function writeArchive(recipe: ArchiveRecipe = {}): Buffer {
  return gzipAsGo(writeTar(recipe), recipe);
}

export function gzipAsGo(contents: Buffer, { suffix, cutTo, gzipLevel }: ArchiveRecipe = {}): Buffer {
  const gzipped = gzipSync(contents, { level: gzipLevel ?? 6 });
  // Go leaves the extra flags at 0 and calls its operating system unknown.
  gzipped[8] = 0;
  gzipped[9] = 0xff;
  return Buffer.concat([gzipped, suffix ?? Buffer.alloc(0)]).subarray(0, cutTo);
}

export function writeTar(recipe: TarRecipe = {}): Buffer {
  const right = rightMembers(recipe);
  const members = recipe.members?.(right) ?? right;
  const blocks = members.flatMap((member) => tarMember(member, recipe.header));
  blocks.push(Buffer.alloc(512 * (recipe.endBlocks ?? 2)), recipe.tarSuffix ?? Buffer.alloc(0));
  const tar = Buffer.concat(blocks);
  const missingBytes =
    recipe.padTo === undefined ? 0 : (recipe.padTo - (tar.length % recipe.padTo)) % recipe.padTo;
  return missingBytes === 0 ? tar : Buffer.concat([tar, Buffer.alloc(missingBytes)]);
}

export function writeState({ lastIndex = 13, records = sampleRecords }: StateRecipe = {}): Buffer {
  const parts = [encodeMsgpack({ LastIndex: lastIndex })];
  for (const { type, value } of records) {
    parts.push(Buffer.from([type]), encodeMsgpack(value));
  }
  return Buffer.concat(parts);
}

function rightMembers(recipe: TarRecipe): readonly TestMember[] {
  const state = recipe.state ?? writeState(recipe);
  const metaText = recipe.metaText ?? `${JSON.stringify({ ...usualMeta(state), ...recipe.meta })}\n`;
  const meta = typeof metaText === "string" ? Buffer.from(metaText) : metaText;
  const rightSums = `${sha256(meta)}  meta.json\n${sha256(state)}  state.bin\n`;
  return [
    { name: "meta.json", content: meta },
    { name: "state.bin", content: state },
    { name: "SHA256SUMS", content: Buffer.from(recipe.sums?.(rightSums) ?? rightSums) },
  ];
}

function usualMeta(state: Buffer): Readonly<Record<string, unknown>> {
  return {
    Version: 1,
    ID: "2-13-1602222343947",
    Index: 13,
    Term: 2,
    Peers: "ka4xMjcuMC4wLjE6ODMwMA==",
    Configuration: { Servers: [{ Suffrage: 0, ID: "a577b288", Address: "127.0.0.1:8300" }] },
    ConfigurationIndex: 1,
    Size: state.length,
  };
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function tarMember(member: TestMember, change: TarRecipe["header"]): Buffer[] {
  const block = Buffer.alloc(512);
  const claimedBytes = member.claimedBytes ?? member.content.length;
  block.write(member.name, 0, 100, "utf8");
  block.write("0000600\x000000000\x000000000\0", 100, "latin1");
  block.write(`${claimedBytes.toString(8).padStart(11, "0")}\x0014574357351\0`, 124, "latin1");
  block.write(`        ${member.typeflag ?? "0"}`, 148, "latin1");
  block.write("ustar\x0000", 257, "latin1");
  block.write("0000000\x000000000\0", 329, "latin1");
  signTarHeader(block);
  change?.(member.name, block);
  const paddingBytes = (512 - (member.content.length % 512)) % 512;
  return [block, member.content, Buffer.alloc(paddingBytes, member.paddingByte ?? 0)];
}

/** Writes the checksum that fits the rest of the block: for headers that are wrong, but not by accident. */
export function signTarHeader(block: Buffer): void {
  block.fill(" ", 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
}

/** Encodes in the old form of msgpack that Consul writes: no str8, no bin, no ext. */
export function encodeMsgpack(value: MsgpackValue): Buffer {
  if (value === null) {
    return Buffer.from([0xc0]);
  }
  switch (typeof value) {
    case "boolean":
      return Buffer.from([value ? 0xc3 : 0xc2]);
    case "bigint":
      return encodeInteger(value);
    case "number":
      return Number.isSafeInteger(value) ? encodeInteger(BigInt(value)) : encodeFloat(value);
    case "string":
      return encodeRaw(Buffer.from(value));
    default:
      if (value instanceof Encoded) {
        return value.bytes;
      }
      return Buffer.isBuffer(value) ? encodeRaw(value) : encodeContainer(value);
  }
}

function encodeContainer(value: readonly MsgpackValue[] | { readonly [key: string]: MsgpackValue }): Buffer {
  if (isList(value)) {
    return Buffer.concat([lead(value.length, 15, 0x90, 0xdc), ...value.map(encodeMsgpack)]);
  }
  const entries = Object.entries(value);
  const parts = entries.flatMap(([key, item]) => [encodeMsgpack(key), encodeMsgpack(item)]);
  return Buffer.concat([lead(entries.length, 15, 0x80, 0xde), ...parts]);
}

function isList(value: object): value is readonly MsgpackValue[] {
  return Array.isArray(value);
}

function encodeRaw(bytes: Buffer): Buffer {
  return Buffer.concat([lead(bytes.length, 31, 0xa0, 0xda), bytes]);
}

/** The lead byte and the length: in one byte up to `smallMax`, else 16 bits after `wide`, else 32 after the next. */
function lead(length: number, smallMax: number, small: number, wide: number): Buffer {
  if (length <= smallMax) {
    return Buffer.from([small + length]);
  }
  const bytes = Buffer.alloc(length < 0x10000 ? 3 : 5, length < 0x10000 ? wide : wide + 1);
  bytes.writeUIntBE(length, 1, bytes.length - 1);
  return bytes;
}

function encodeFloat(value: number): Buffer {
  const bytes = Buffer.alloc(9, 0xcb);
  bytes.writeDoubleBE(value, 1);
  return bytes;
}

function encodeInteger(value: bigint): Buffer {
  if (value >= -32n && value < 128n) {
    return Buffer.from([Number(value & 0xffn)]);
  }
  const power = [0, 1, 2, 3].find((size) =>
    value >= 0n ? value < 1n << BigInt(8 << size) : value >= -(1n << BigInt((8 << size) - 1)),
  );
  if (power === undefined) {
    throw new RangeError(`${value} does not fit 64 bits.`);
  }
  const hex = BigInt.asUintN(8 << power, value)
    .toString(16)
    .padStart(2 << power, "0");
  return Buffer.concat([Buffer.from([(value < 0n ? 0xd0 : 0xcc) + power]), Buffer.from(hex, "hex")]);
}
