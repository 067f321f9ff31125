import type { IndexSource } from "./blocks.ts";
import type { ContentsFacts, KindCount } from "./contract.ts";
import { ContentsIndexError } from "./errors.ts";
import { createKvReader, type KvReader } from "./kv-reader.ts";
import { readTail } from "./layout.ts";
import { createReadAhead } from "./read-ahead.ts";
import { createRecordsReader, type RecordsReader } from "./records-reader.ts";
import { decodeTail, type IndexDirectory } from "./tail-reader.ts";

export type ContentsIndex = {
  /** What `finish` was given. */
  readonly facts: ContentsFacts;
  /** What is in the archive, kind by kind, the largest first; kinds with no record are left out. */
  readonly kinds: () => readonly KindCount[];
  readonly kv: KvReader;
  readonly records: RecordsReader;
};

export type OpenOptions = {
  /** SHA-256 of the archive's state.bin: the index of another archive is refused (FOREIGN). */
  readonly stateSha256?: string;
  /** Memory for decoded blocks, in bytes; half for keys, half for records. 16 MiB by default. */
  readonly cacheBytes?: number;
};

/**
 * Opens an index with two reads. Its directory is held in memory (some 100 bytes for every 256 keys); blocks come
 * when they are asked for, each checked before it is believed.
 *
 * @throws ContentsIndexError when the bytes are no whole index: make it again from the archive
 */
export async function openContentsIndex(
  source: IndexSource,
  options: OpenOptions = {},
): Promise<ContentsIndex> {
  const directory = decodeTail(await readTail(source));
  if (options.stateSha256 !== undefined && options.stateSha256 !== directory.facts.stateSha256) {
    throw new ContentsIndexError("FOREIGN", "The contents index belongs to another archive.");
  }
  const cacheBytes = (options.cacheBytes ?? 16 * 1024 * 1024) / 2;
  const ahead = createReadAhead(source);
  const counts = toKinds(directory);
  return {
    facts: directory.facts,
    kinds: () => counts,
    kv: createKvReader(ahead, directory.runs, cacheBytes),
    records: createRecordsReader(ahead, directory.kinds, cacheBytes),
  };
}

function toKinds(directory: IndexDirectory): readonly KindCount[] {
  const others = directory.kinds.map(({ kind, count, bytes }) => ({ kind, count, bytes }));
  const keys: KindCount = { kind: "kv", count: directory.keys, bytes: directory.keyRecordBytes };
  return [...others, ...(directory.keys > 0 ? [keys] : [])].sort((a, b) => b.bytes - a.bytes);
}
