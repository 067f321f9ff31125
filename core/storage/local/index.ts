import { createReadStream } from "node:fs";
import { link, mkdir, open, readdir, rename, rm, stat, statfs } from "node:fs/promises";
import path from "node:path";
import { AppError, isAppError } from "#core/kernel/errors.ts";
import type { ArchivePart, ArchiveStore, ArchiveWriter } from "../contract.ts";
import { createBatchWriter } from "./batch-writer.ts";

const suffixes: Record<ArchivePart, { readonly whole: string; readonly partial: string }> = {
  archive: { whole: ".snap", partial: ".partial" },
  contents: { whole: ".contents", partial: ".contents-partial" },
};
const archiveSuffix = suffixes.archive.whole;
const readBytes = 1024 * 1024;
/** Ids are ours and plain; anything else would be a path. */
const idPattern = /^[a-z0-9][a-z0-9-]{0,79}$/;

/** Keeps archives as `<folder>/<id>.snap`, and their contents beside them as `<id>.contents`, mode 0600. */
export function createLocalStore(folder: string): ArchiveStore {
  const root = path.resolve(folder);
  const fileOf = (id: string, suffix: string) => {
    if (!idPattern.test(id))
      throw new AppError({ code: "not_found", userMessage: "There is no such archive." });
    return path.join(root, `${id}${suffix}`);
  };

  return {
    label: "local disk",
    create: (id, part = "archive") =>
      createWriter(root, fileOf(id, suffixes[part].partial), fileOf(id, suffixes[part].whole)),

    link: (id, file) => linkWriter(root, file, fileOf(id, ".partial"), fileOf(id, archiveSuffix)),

    async stat(id, part = "archive") {
      try {
        return { bytes: (await stat(fileOf(id, suffixes[part].whole))).size };
      } catch (error) {
        if (hasCode(error, "ENOENT")) return null;
        throw storageError(error, "read");
      }
    },

    async open(id, range, part = "archive") {
      const file = fileOf(id, suffixes[part].whole);
      const handle = await open(file, "r").catch((error: unknown) => {
        throw hasCode(error, "ENOENT")
          ? new AppError({ code: "not_found", userMessage: `The archive ${id} is not in the store.` })
          : storageError(error, "read");
      });
      const bounds = range === undefined ? {} : { start: range.start, end: range.end };
      return createReadStream(file, { fd: handle, highWaterMark: readBytes, ...bounds });
    },

    async remove(id) {
      const files = Object.values(suffixes).flatMap(({ whole, partial }) => [
        fileOf(id, whole),
        fileOf(id, partial),
      ]);
      try {
        for (const file of files) await rm(file, { force: true });
        await syncFolder(root);
      } catch (error) {
        throw storageError(error, "remove");
      }
    },

    async list() {
      const names = await readdir(root).catch(emptyWhenMissing);
      return names
        .filter((name) => name.endsWith(archiveSuffix))
        .map((name) => name.slice(0, -archiveSuffix.length));
    },

    async removePartials(keep) {
      const names = await readdir(root).catch(emptyWhenMissing);
      const stray = names.filter((name) => isStray(name, names, keep));
      for (const name of stray) await rm(path.join(root, name), { force: true });
      if (stray.length > 0) await syncFolder(root);
      return stray.length;
    },

    async freeBytes() {
      await mkdir(root, { recursive: true, mode: 0o700 });
      const facts = await statfs(root);
      return facts.bavail * facts.bsize;
    },
  };
}

/** A partial that nobody writes any more, or contents whose archive never came or is gone. */
function isStray(name: string, names: readonly string[], keep: ReadonlySet<string>): boolean {
  const id = path.parse(name).name;
  if (keep.has(id)) return false;
  if (Object.values(suffixes).some(({ partial }) => name === id + partial)) return true;
  return name === id + suffixes.contents.whole && !names.includes(id + archiveSuffix);
}

async function createWriter(root: string, partial: string, final: string): Promise<ArchiveWriter> {
  const file = await mkdir(root, { recursive: true, mode: 0o700 })
    // `wx`: an id is written once; a second writer for it is a fault of ours and must not win silently.
    .then(() => open(partial, "wx", 0o600))
    .catch((error: unknown) => {
      throw storageError(error, "write");
    });
  const writer = createBatchWriter(file);
  let state: "open" | "committed" | "aborted" = "open";

  return {
    write: (chunk) =>
      writer.write(chunk).catch((error: unknown) => {
        throw storageError(error, "write");
      }),
    async commit() {
      try {
        await writer.finish();
        await file.close();
        await rename(partial, final);
        // Without this the new name itself could be lost by a power cut.
        await syncFolder(root);
        state = "committed";
      } catch (error) {
        throw storageError(error, "write");
      }
    },
    async abort() {
      if (state !== "open") return;
      state = "aborted";
      await writer.settle();
      await file.close().catch(() => undefined);
      await rm(partial, { force: true });
      await syncFolder(root);
    },
  };
}

/** A second name for the same bytes. What others may read or write would stay so under the new name, too. */
async function linkWriter(
  root: string,
  file: string,
  partial: string,
  final: string,
): Promise<ArchiveWriter | null> {
  const facts = await stat(file);
  const isOwn = (facts.mode & 0o077) === 0 && facts.uid === process.getuid?.();
  if (!isOwn || !facts.isFile()) return null;
  await mkdir(root, { recursive: true, mode: 0o700 });
  try {
    await link(file, partial);
  } catch {
    // Another file system, or one that has no links.
    return null;
  }
  return {
    write: async () => undefined,
    async commit() {
      try {
        await rename(partial, final);
        await syncFolder(root);
      } catch (error) {
        throw storageError(error, "write");
      }
    },
    abort: () => rm(partial, { force: true }),
  };
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch((error: unknown) => {
    if (hasCode(error, "ENOENT")) return null;
    throw error;
  });
  if (handle === null) return;
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function emptyWhenMissing(error: unknown): string[] {
  if (hasCode(error, "ENOENT")) return [];
  throw storageError(error, "read");
}

function hasCode(error: unknown, ...codes: string[]): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" && codes.includes(code);
}

function storageError(error: unknown, verb: "read" | "write" | "remove"): AppError {
  if (isAppError(error)) return error;
  if (hasCode(error, "ENOSPC", "EDQUOT", "EFBIG")) {
    return new AppError({
      code: "storage_full",
      userMessage: "The archive store is full. Nothing was kept. Make room, then try again.",
      cause: error,
    });
  }
  const words = error instanceof Error ? error.message : String(error);
  return new AppError({
    code: "storage_failed",
    userMessage: `The archive store can't ${verb}: ${words}.`,
    cause: error,
  });
}
