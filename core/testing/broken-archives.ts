// One archive for each way of being broken, with the finding that it must give. The pure tests verify them, and a
// test on a real Consul can ask it for its own verdict: `consul` says whether Consul 1.8 accepts the archive too.
import { gzipSync } from "node:zlib";
import {
  encodeMsgpack,
  gzipAsGo,
  signTarHeader,
  type TestMember,
  writeArchive,
  writeState,
  writeTar,
} from "./archive-writer.ts";

export type ArchiveCase = {
  readonly name: string;
  readonly archive: Buffer;
  /** The codes of all findings, in their order; empty for an archive that is good. */
  readonly codes: readonly string[];
  /** Consul's verdict. Where it accepts what has a finding here, the finding is our own strictness. */
  readonly consul: "accepts" | "refuses";
};

const noMore = Buffer.alloc(0);
const right = writeArchive();
const consulsError = "failed to stream snapshot: unexpected EOF";
const restOf = (members: readonly TestMember[], name: string) =>
  members.filter((member) => member.name !== name);

/** Changes the named member and leaves its sum as it was. */
function changing(name: string, change: (member: TestMember) => TestMember) {
  return (members: readonly TestMember[]) =>
    members.map((member) => (member.name === name ? change(member) : member));
}

function resigned(member: string, change: (block: Buffer) => void) {
  return {
    header: (name: string, block: Buffer) => {
      if (name === member) {
        change(block);
        signTarHeader(block);
      }
    },
  };
}

function flipped(archive: Buffer, offset: number): Buffer {
  const copy = Buffer.from(archive);
  copy.writeUInt8(copy.readUInt8(offset) ^ 0x40, offset);
  return copy;
}

const folder: TestMember = { name: "backup/", typeflag: "5", content: noMore };
const extraFile: TestMember = { name: "nope", content: noMore };
const globalPax: TestMember = {
  name: "pax_global_header",
  typeflag: "g",
  content: Buffer.from("13 comment=x\n"),
};
const manyFiles = Array.from({ length: 17 }, (_, at) => ({ name: `nope-${at}`, content: noMore }));

function renamed(from: string, to: string): Buffer {
  return writeArchive({ members: changing(from, (member) => ({ ...member, name: to })) });
}

function metaChanged(): Buffer {
  const change = (text: string) => Buffer.from(text.replace('"Term":2', '"Term":3'));
  return writeArchive({
    members: changing("meta.json", (member) => ({ ...member, content: change(member.content.toString()) })),
  });
}

function stateChanged(): Buffer {
  const change = (text: string) => Buffer.from(text.replace("snapkeep", "snapkeeq"), "latin1");
  return writeArchive({
    members: changing("state.bin", (member) => ({
      ...member,
      content: change(member.content.toString("latin1")),
    })),
  });
}

function zeroBlockBetween(): Buffer {
  const tar = writeTar();
  return gzipAsGo(Buffer.concat([tar.subarray(0, 1024), Buffer.alloc(512), tar.subarray(1024)]));
}

function cutWithError(): Buffer {
  // Stored blocks take any bytes as data, so zlib does not notice the text; only the missing end shows.
  const stored = writeArchive({ gzipLevel: 0 });
  return Buffer.concat([stored.subarray(0, stored.indexOf("LastIndex")), Buffer.from(consulsError)]);
}

function brokenDeflate(): Buffer {
  const copy = Buffer.from(right);
  copy.writeUInt8(0x07, 10);
  return copy;
}

/** A tar in two halves, each a gzip member: Go reads on over the border as if there were none. */
function inTwoGzipMembers(tar: Buffer): Buffer {
  return Buffer.concat([gzipSync(tar.subarray(0, 1000)), gzipSync(tar.subarray(1000))]);
}

const state = writeState();
const endOfKvs = Buffer.concat([state, Buffer.from([2, 0x81, 0xa3])]);
const reversed = (members: readonly TestMember[]) => [...members].reverse();
const metaText = '{"Version":1,"ID":"2-13-1","Index":13,"Term":2,"Size":SIZE}'.replace(
  "SIZE",
  String(state.length),
);
const paxHeader = (record: string): TestMember => ({
  name: "PaxHeaders.0/state.bin",
  typeflag: "x",
  content: Buffer.from(record),
});
const paxSize = `${`NN size=${state.length}\n`.length} size=${state.length}\n`;
const beforeState = (member: TestMember) => (members: readonly TestMember[]) =>
  members.flatMap((each) => (each.name === "state.bin" ? [member, each] : [each]));

const good: readonly [string, Buffer][] = [
  ["as Consul writes it", right],
  ["members in reverse order", writeArchive({ members: reversed })],
  ["sums in the other order", writeArchive({ sums: (sums) => sums.trim().split("\n").reverse().join("\n") })],
  [
    "sums in upper case",
    writeArchive({ sums: (sums) => sums.replace(/^[0-9a-f]{64}/gm, (hex) => hex.toUpperCase()) }),
  ],
  ["blanks around meta.json", writeArchive({ metaText: ` \n${metaText}${" ".repeat(600)}\n` })],
  ["fields in meta.json that raft does not know", writeArchive({ meta: { Comment: { Weight: 1.5 } } })],
  ["meta.json without peers and configuration", writeArchive({ metaText })],
  ["null for peers and servers", writeArchive({ meta: { Peers: null, Configuration: { Servers: null } } })],
  ["no record at all", writeArchive({ records: [] })],
  ["records of unknown types", writeArchive({ records: [{ type: 200, value: null }] })],
  ["a gzip header with a file name", gzipWithName(writeTar())],
  ["a PAX header with the size", writeArchive({ members: beforeState(paxHeader(paxSize)) })],
];

function gzipWithName(tar: Buffer): Buffer {
  const gzipped = gzipAsGo(tar);
  const header = Buffer.from(gzipped.subarray(0, 10));
  header.writeUInt8(0x08, 3);
  return Buffer.concat([header, Buffer.from("backup.tar\0"), gzipped.subarray(10)]);
}

const goodCases: readonly ArchiveCase[] = good.map(([name, archive]) => ({
  name,
  archive,
  codes: [],
  consul: "accepts",
}));

const refused: readonly [string, Buffer, ...string[]][] = [
  ["nothing", noMore, "EMPTY"],
  ["a text instead of an archive", Buffer.from("Permission denied"), "GZIP_HEADER"],
  ["a short text instead of an archive", Buffer.from("EOF"), "GZIP_HEADER"],
  ["half a gzip header", right.subarray(0, 5), "GZIP_TRUNCATED"],
  ["cut in the middle", right.subarray(0, right.length >> 1), "GZIP_TRUNCATED"],
  ["one byte short", right.subarray(0, -1), "GZIP_TRUNCATED"],
  ["cut, with Consul's error after it", cutWithError(), "APPENDED_TEXT", "GZIP_TRUNCATED"],
  [
    "whole, with Consul's error after it",
    writeArchive({ suffix: Buffer.from(consulsError) }),
    "APPENDED_TEXT",
  ],
  ["zeros after it", writeArchive({ suffix: Buffer.alloc(3) }), "GZIP_TRAILING_BYTES"],
  ["512 zeros after it", writeArchive({ suffix: Buffer.alloc(512) }), "GZIP_TRAILING_BYTES"],
  ["a second archive after it", writeArchive({ suffix: right }), "GZIP_SECOND_MEMBER"],
  ["gzipped twice", gzipAsGo(right), "DOUBLE_GZIP"],
  ["a wrong CRC", flipped(right, right.length - 8), "GZIP_CRC"],
  ["a wrong length", flipped(right, right.length - 1), "GZIP_LENGTH"],
  ["deflate data of a block type that does not exist", brokenDeflate(), "GZIP_DATA"],
  ["a tar that breaks off in state.bin", gzipAsGo(writeTar().subarray(0, 1600)), "TAR_TRUNCATED"],
  ["a tar that breaks off in a header", gzipAsGo(writeTar().subarray(0, 1100)), "TAR_TRUNCATED"],
  ["a byte after the tar", writeArchive({ tarSuffix: Buffer.alloc(1) }), "TAR_TRAILING_BYTES"],
  ["filled up to 10,240 bytes as GNU tar does", writeArchive({ padTo: 10240 }), "TAR_TRAILING_BYTES"],
  ["a wrong tar checksum", writeArchive({ header: (_, block) => void block.fill("9", 0, 1) }), "TAR_HEADER"],
  ["one zero block between members", zeroBlockBetween(), "TAR_HEADER"],
  [
    "a size that is not octal",
    writeArchive(resigned("state.bin", (b) => b.fill("9", 124, 135))),
    "TAR_HEADER",
  ],
  ["./meta.json", renamed("meta.json", "./meta.json"), "MEMBER_UNEXPECTED", "MEMBER_MISSING"],
  ["a folder besides", writeArchive({ members: (m) => [folder, ...m] }), "MEMBER_UNEXPECTED"],
  ["an empty file besides", writeArchive({ members: (m) => [...m, extraFile] }), "MEMBER_UNEXPECTED"],
  ["a global PAX header", writeArchive({ members: (m) => [globalPax, ...m] }), "MEMBER_UNEXPECTED"],
  [
    "17 files besides",
    writeArchive({ members: (m) => [...m, ...manyFiles] }),
    "MEMBER_LIMIT",
    ...Array<string>(13).fill("MEMBER_UNEXPECTED"),
  ],
  ["meta.json twice", writeArchive({ members: (m) => [...m.slice(0, 1), ...m] }), "MEMBER_DUPLICATE"],
  [
    "no member at all",
    writeArchive({ members: () => [] }),
    "MEMBER_MISSING",
    "MEMBER_MISSING",
    "MEMBER_MISSING",
  ],
  ["no meta.json", writeArchive({ members: (m) => restOf(m, "meta.json") }), "MEMBER_MISSING"],
  ["no state.bin", writeArchive({ members: (m) => restOf(m, "state.bin") }), "MEMBER_MISSING"],
  ["no SHA256SUMS", writeArchive({ members: (m) => restOf(m, "SHA256SUMS") }), "MEMBER_MISSING"],
  ["meta.json that is no JSON", writeArchive({ metaText: "{" }), "META_INVALID"],
  ["an index with a fraction", writeArchive({ metaText: metaText.replace("13,", "13.0,") }), "META_INVALID"],
  [
    "a sum for a file that is not there",
    writeArchive({ sums: (s) => `${s}${"0".repeat(64)}  nope\n` }),
    "SUMS_INVALID",
  ],
  ["sums that are no sums", writeArchive({ sums: () => "hello\n" }), "SUMS_INVALID"],
  ["an empty line in the sums", writeArchive({ sums: (s) => `${s}\n` }), "SUMS_INVALID"],
  ["meta.json changed", metaChanged(), "SUM_MISMATCH"],
  ["state.bin changed", stateChanged(), "SUM_MISMATCH"],
  [
    "a second, wrong sum",
    writeArchive({ sums: (s) => `${s}${"0".repeat(64)}  state.bin\n` }),
    "SUM_MISMATCH",
  ],
  ["no sum for state.bin", writeArchive({ sums: (s) => s.replace(/.*state\.bin\n/, "") }), "SUM_MISSING"],
  ["empty sums", writeArchive({ sums: () => "" }), "SUM_MISSING", "SUM_MISSING"],
];

const oursAlone: readonly [string, Buffer, ...string[]][] = [
  ["one archive in two gzip members", inTwoGzipMembers(writeTar()), "GZIP_SECOND_MEMBER"],
  ["an empty second gzip member", writeArchive({ suffix: gzipSync(noMore) }), "GZIP_SECOND_MEMBER"],
  ["a tar without zero blocks at its end", writeArchive({ endBlocks: 0 }), "TAR_TRUNCATED"],
  ["a tar with one zero block at its end", writeArchive({ endBlocks: 1 }), "TAR_TRUNCATED"],
  [
    "a member that is no regular file",
    writeArchive(resigned("meta.json", (b) => b.fill("7", 156, 157))),
    "TAR_HEADER",
  ],
  [
    "a PAX header with a time",
    writeArchive({ members: beforeState(paxHeader("20 mtime=1500000000\n")) }),
    "TAR_HEADER",
  ],
  [
    "fill bytes that are not zero",
    writeArchive({ members: changing("meta.json", (m) => ({ ...m, paddingByte: 1 })) }),
    "TAR_PADDING",
  ],
  ["no index", writeArchive({ metaText: metaText.replace('"Index":13,', "") }), "META_INVALID"],
  ["version 2", writeArchive({ meta: { Version: 2 } }), "META_INVALID"],
  ["an index of 2^53", writeArchive({ meta: { Index: 2 ** 53 } }), "META_INVALID"],
  ["a negative size", writeArchive({ meta: { Size: -1 } }), "META_INVALID"],
  ["an index twice", writeArchive({ metaText: metaText.replace("{", '{"index":1,') }), "META_INVALID"],
  ["meta.json of 2 MiB", writeArchive({ metaText: metaText.padEnd(2 ** 21) }), "META_TOO_LARGE"],
  ["sums of 5 kB", writeArchive({ sums: (sums) => sums.repeat(40) }), "SUMS_TOO_LARGE"],
  [
    "more than a sum and a name in a line",
    writeArchive({ sums: (s) => s.replace("\n", " x\n") }),
    "SUMS_INVALID",
  ],
  ["a Size that is not state.bin's", writeArchive({ meta: { Size: 1 } }), "SIZE_MISMATCH"],
];

const brokenRecords: readonly [string, Buffer, ...string[]][] = [
  ["a record that is cut", writeArchive({ state: endOfKvs }), "RECORD_TRUNCATED"],
  [
    "a type byte alone",
    writeArchive({ state: Buffer.concat([state, Buffer.from([2])]) }),
    "RECORD_TRUNCATED",
  ],
  ["an empty state.bin", writeArchive({ state: noMore }), "RECORD_TRUNCATED"],
  [
    "a record that is no msgpack",
    writeArchive({ state: Buffer.concat([state, Buffer.from([2, 0xc1])]) }),
    "RECORD_INVALID",
  ],
  [
    "a state.bin without its header",
    writeArchive({ state: Buffer.from("hello world, hello world") }),
    "RECORD_INVALID",
  ],
];

const notDecodable: readonly [string, Buffer, ...string[]][] = [
  [
    "a key that is a number",
    writeArchive({ records: [{ type: 2, value: { Key: 7 } }] }),
    "RECORD_UNDECODABLE",
  ],
  [
    "a token whose time has three bytes",
    writeArchive({ records: [{ type: 17, value: { CreateTime: "now" } }] }),
    "RECORD_UNDECODABLE",
  ],
  [
    "a config entry without its entry",
    writeArchive({ records: [{ type: 22, value: encodeMsgpack("mesh") }] }),
    "RECORD_UNDECODABLE",
  ],
  [
    "a peering that is no message",
    writeArchive({ records: [{ type: 35, value: Buffer.from([0x0a, 0x7f]) }] }),
    "RECORD_UNDECODABLE",
  ],
  [
    "a record of more than a million values",
    writeArchive({ records: [{ type: 200, value: Array<null>(1_000_001).fill(null) }] }),
    "RECORD_LIMIT",
  ],
];

const toCase =
  (consul: ArchiveCase["consul"]) =>
  ([name, archive, ...codes]: readonly [string, Buffer, ...string[]]): ArchiveCase => ({
    name,
    archive,
    codes,
    consul,
  });

/** Good ones first; then those that Consul refuses, then those that only we do: Consul never looks at the records. */
export const archiveCases: readonly ArchiveCase[] = [
  ...goodCases,
  ...refused.map(toCase("refuses")),
  ...brokenRecords.map(toCase("accepts")),
  ...notDecodable.map(toCase("accepts")),
  ...oursAlone.map(toCase("accepts")),
];
