import { type FileHandle, open } from "node:fs/promises";
import {
  type ContentsIndex,
  ContentsIndexError,
  createContentsIndexWriter,
  type IndexSource,
  openContentsIndex,
} from "#core/archive/contents-index/index.ts";
import { createArchiveVerifier, type VerifyReport, verifyArchive } from "#core/archive/index.ts";
import type { ArchiveFile } from "./archive-file.ts";
import { createRunSeal } from "./seal.ts";

export type OpenContents =
  | { readonly index: ContentsIndex; readonly report: null; readonly close: () => Promise<void> }
  /** The archive is not good, so there is nothing to look into. */
  | { readonly index: null; readonly report: VerifyReport; readonly close: () => Promise<void> };

/**
 * The index of an archive's contents: the one that Snapkeep keeps beside it, else made in memory from the whole
 * archive, which is verified on the way. A million keys take some tens of MB; their values are not kept.
 */
export async function openContents(archive: ArchiveFile): Promise<OpenContents> {
  return (await openBeside(archive)) ?? (await makeInMemory(archive));
}

/** Null where there is none, or it can't be trusted: it can always be made anew. */
export async function openBeside(
  archive: ArchiveFile,
): Promise<Extract<OpenContents, { report: null }> | null> {
  if (archive.file?.endsWith(".snap") !== true) return null;
  const handle = await open(archive.file.replace(/\.snap$/, ".contents"), "r").catch(() => null);
  if (handle === null) return null;
  try {
    const index = await openContentsIndex(await toSource(handle));
    if (await isOf(index, archive)) return { index, report: null, close: () => handle.close() };
  } catch (error) {
    await handle.close();
    if (error instanceof ContentsIndexError) return null;
    throw error;
  }
  await handle.close();
  return null;
}

async function toSource(handle: FileHandle): Promise<IndexSource> {
  const { size } = await handle.stat();
  return {
    bytes: size,
    read: async (offset, length) => {
      const bytes = Buffer.alloc(length);
      let filled = 0;
      while (filled < length) {
        const { bytesRead } = await handle.read(bytes, filled, length - filled, offset + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return bytes.subarray(0, filled);
    },
  };
}

/** meta.json and the header of state.bin stand at the front. */
const frontBytes = 256 * 1024;

/**
 * Whether an index belongs to the archive, from the archive's front alone: a file may have been replaced by another
 * snapshot, which has another raft index or another length. Nobody's tampering is detected by this.
 */
async function isOf(index: ContentsIndex, archive: ArchiveFile): Promise<boolean> {
  const verifier = createArchiveVerifier();
  let left = frontBytes;
  for await (const chunk of archive.open()) {
    await verifier.write(chunk.subarray(0, left));
    left -= chunk.length;
    if (left <= 0) break;
  }
  const { meta, lastIndex } = await verifier.end();
  const { facts } = index;
  const stateBytes = facts.stateBytes ?? meta?.sizeBytes;
  return meta !== null && lastIndex === facts.lastIndex && meta.sizeBytes === stateBytes;
}

async function makeInMemory(archive: ArchiveFile): Promise<OpenContents> {
  const chunks: Uint8Array[] = [];
  const writer = createContentsIndexWriter({ onBytes: (chunk) => chunks.push(chunk), seal: createRunSeal() });
  const report = await verifyArchive(archive.open(), { visitor: writer });
  const close = async () => undefined;
  if (!report.ok) return { index: null, report, close };
  writer.finish({ stateSha256: report.digests.stateSha256 ?? "", lastIndex: report.lastIndex ?? 0 });
  const bytes = Buffer.concat(chunks);
  const read = async (offset: number, length: number) => bytes.subarray(offset, offset + length);
  return { index: await openContentsIndex({ bytes: bytes.length, read }), report: null, close };
}
