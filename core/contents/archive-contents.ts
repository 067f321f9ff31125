import {
  type ContentsIndex,
  ContentsIndexError,
  type KvEntry,
  openContentsIndex,
} from "#core/archive/contents-index/index.ts";
import {
  ArchiveFormatError,
  decodeRecord,
  isKvRecord,
  type OtherRecord,
  readStateRange,
} from "#core/archive/index.ts";
import { openArchiveThread } from "#core/archive/thread/index.ts";
import { AppError } from "#core/kernel/errors.ts";
import type { InsideArchive } from "#core/snapshots/index.ts";

/** A record that is read for a person; no Consul writes a larger one. */
const readBytesMax = 64 * 1024 * 1024;

/**
 * Opens the index of an archive's contents, and makes it anew from the archive when it is missing, damaged, or
 * another archive's.
 * @throws AppError `archive_invalid` when the archive no longer verifies, `not_found`, `storage_failed`.
 */
export async function openContents(
  archive: InsideArchive,
  fingerprintKey: string,
  signal?: AbortSignal,
): Promise<ContentsIndex> {
  const found = await openStored(archive).catch((error: unknown) => {
    if (error instanceof ContentsIndexError) return null;
    throw error;
  });
  if (found !== null) return found;
  await makeIndex(archive, fingerprintKey, signal);
  const made = await openStored(archive);
  if (made === null) throw new Error("the index that was just made is not there");
  return made;
}

async function openStored({ id, store, stateSha256 }: InsideArchive): Promise<ContentsIndex | null> {
  const facts = await store.stat(id, "contents");
  if (facts === null) return null;
  const read = async (offset: number, length: number): Promise<Uint8Array> => {
    if (length === 0) return new Uint8Array();
    const range = { start: offset, end: offset + length - 1 };
    const pieces: Buffer[] = [];
    for await (const piece of await store.open(id, range, "contents")) pieces.push(piece);
    return Buffer.concat(pieces);
  };
  return await openContentsIndex({ bytes: facts.bytes, read }, { stateSha256, cacheBytes: 8 * 1024 * 1024 });
}

async function makeIndex(
  { id, store }: InsideArchive,
  fingerprintKey: string,
  signal?: AbortSignal,
): Promise<void> {
  const writer = await store.create(id, "contents");
  const thread = openArchiveThread(
    { kind: "verify", index: { fingerprintKey } },
    { onOutput: (bytes) => writer.write(bytes) },
  );
  try {
    const [source] = thread.sources;
    for await (const chunk of await store.open(id)) {
      signal?.throwIfAborted();
      await source.write(chunk);
    }
    source.end();
    const { report, isIndexed, indexFault } = await thread.result;
    if (!report.ok) throw damaged(report.findings[0]?.text);
    if (!isIndexed) throw new Error(`The contents can't be indexed: ${indexFault}`);
    await writer.commit();
  } catch (error) {
    thread.abort();
    await writer.abort();
    throw error;
  }
}

/** Reads the value of a key out of the archive. Null for nil. */
export async function readValue(archive: InsideArchive, entry: KvEntry): Promise<Uint8Array | null> {
  const record = await readRecord(archive, entry);
  if (!isKvRecord(record) || Buffer.from(record.key).toString("base64url") !== entry.keyId) {
    throw damaged("the index names another key at this place");
  }
  return record.value;
}

/** Reads a record that is no key out of the archive, with nothing redacted. */
export async function readOther(
  archive: InsideArchive,
  place: { readonly offset: number; readonly bytes: number },
): Promise<OtherRecord> {
  const record = await readRecord(archive, place);
  if (isKvRecord(record)) throw damaged("the index names a key at this place");
  return record;
}

async function readRecord(
  archive: InsideArchive,
  place: { readonly offset: number; readonly bytes: number },
) {
  if (place.bytes > readBytesMax) {
    throw new AppError({ code: "too_large", userMessage: "This record is too large to be shown." });
  }
  try {
    return decodeRecord(await readStateRange(await archive.store.open(archive.id), place));
  } catch (error) {
    throw error instanceof ArchiveFormatError ? damaged(error.message) : error;
  }
}

function damaged(text = "It does not verify."): AppError {
  return new AppError({
    code: "archive_invalid",
    userMessage: `The archive in the store is not what was verified: ${text}`,
  });
}
