import { type RecordKind, recordKinds } from "../records/visitor.ts";
import { type BlockPlace, readPlace } from "./blocks.ts";
import { ByteReader } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";
import type { ContentsFacts } from "./contract.ts";
import { damaged } from "./errors.ts";
import type { Tail } from "./layout.ts";
import { blockKeysMax, recordBlockRecordsMax, separatorBytesMax, tailRawBytesMax } from "./limits.ts";

/** One run of keys in byte order: for block i its place, and what is before it. */
export type RunDirectory = {
  readonly places: readonly BlockPlace[];
  /** Separator i: bytes between the last key of block i - 1 and the first of block i; one after the other. */
  readonly separators: Buffer;
  readonly separatorEnds: readonly number[];
  /** Keys and bytes of values before block i; one more than there are blocks. */
  readonly keysBefore: readonly number[];
  readonly valueBytesBefore: readonly number[];
};

export type KindDirectory = {
  readonly kind: RecordKind;
  readonly count: number;
  readonly bytes: number;
  readonly places: readonly BlockPlace[];
  readonly countBefore: readonly number[];
};

export type IndexDirectory = {
  readonly facts: ContentsFacts;
  readonly keys: number;
  readonly keyRecordBytes: number;
  readonly runs: readonly RunDirectory[];
  readonly kinds: readonly KindDirectory[];
};

/** @throws ContentsIndexError DAMAGED */
export function decodeTail(tail: Tail): IndexDirectory {
  const from = new ByteReader(tail.raw);
  const facts = decodeFacts(from.text(tailRawBytesMax));
  const keys = from.varint();
  const keyRecordBytes = from.varint();
  const runs = times(from.upTo(from.left, "the number of runs"), () => decodeRun(from, tail.position));
  const kinds = times(from.upTo(from.left, "the number of kinds"), () => decodeKind(from, tail.position));
  const counted = runs.reduce((sum, run) => sum + (run.keysBefore.at(-1) ?? 0), 0);
  if (from.left !== 0 || counted !== keys) throw damaged("the directory does not add up");
  return { facts, keys, keyRecordBytes, runs, kinds };
}

function decodeRun(from: ByteReader, end: number): RunDirectory {
  const separators = new ByteWriter();
  const [places, separatorEnds, keysBefore, valueBytesBefore]: [BlockPlace[], number[], number[], number[]] =
    [[], [0], [0], [0]];
  let expected = 0;
  times(from.upTo(from.left, "the number of blocks"), (block) => {
    const start = separatorEnds[block - 1] ?? 0;
    const shared = from.upTo(separators.length - start, "the shared part of a separator");
    const suffix = from.raw(from.upTo(from.left, "the length of a separator"));
    separators.raw(separators.view(), start, start + shared);
    separators.raw(suffix);
    if (separators.length > separatorBytesMax) throw damaged("the separators are too long");
    separatorEnds.push(separators.length);
    const place = readPlace(from, expected, end);
    expected = place.position + place.storedBytes;
    places.push(place);
    keysBefore.push((keysBefore[block] ?? 0) + from.upTo(blockKeysMax, "the keys of a block"));
    valueBytesBefore.push((valueBytesBefore[block] ?? 0) + from.varint());
  });
  return { places, separators: separators.view(), separatorEnds, keysBefore, valueBytesBefore };
}

function decodeKind(from: ByteReader, end: number): KindDirectory {
  const name = from.text(64);
  const kind = recordKinds.find((one) => one === name);
  if (kind === undefined) throw damaged("it has an unknown kind of record");
  const count = from.varint();
  const bytes = from.varint();
  const countBefore = [0];
  let expected = 0;
  const places = times(from.upTo(from.left, "the number of blocks"), (block) => {
    const place = readPlace(from, expected, end);
    expected = place.position + place.storedBytes;
    countBefore.push((countBefore[block] ?? 0) + from.upTo(recordBlockRecordsMax, "the records of a block"));
    return place;
  });
  if (countBefore.at(-1) !== count) throw damaged("the records of a kind do not add up");
  return { kind, count, bytes, places, countBefore };
}

function decodeFacts(text: string): ContentsFacts {
  let facts: unknown;
  try {
    facts = JSON.parse(text);
  } catch (error) {
    throw damaged("its facts are no JSON", error);
  }
  if (!isFacts(facts)) throw damaged("its facts lack what binds it to an archive");
  return facts;
}

function isFacts(value: unknown): value is ContentsFacts {
  if (typeof value !== "object" || value === null) return false;
  return "stateSha256" in value && typeof value.stateSha256 === "string" && "lastIndex" in value;
}

function times<T>(count: number, make: (index: number) => T): T[] {
  const all: T[] = [];
  for (let i = 0; i < count; i += 1) all.push(make(i));
  return all;
}
