import { createReadStream, fstatSync } from "node:fs";
import { access, constants, stat } from "node:fs/promises";
import path from "node:path";
import { UsageError } from "./exit.ts";
import type { CommandIo } from "./io.ts";
import { visible } from "./visible-text.ts";

/** An archive as it was named on the command line. */
export type ArchiveFile = {
  /** As it was typed. */
  readonly name: string;
  /** Null for a pipe. */
  readonly file: string | null;
  /** Whether `open` may be called twice. */
  readonly canReopen: boolean;
  /** From the beginning, in pieces of up to 1 MiB, told to the progress bar as they come. */
  readonly open: () => AsyncIterable<Uint8Array>;
};

/** The engine is at its full speed with pieces of this size. */
const readBytes = 1024 * 1024;

/**
 * Finds an archive by its path, by `-` for stdin, or by the id of a snapshot in the store. A path goes before an
 * id. Nothing is written and nothing is locked, so the server may run.
 *
 * @throws UsageError when there is no such file, or it can't be read
 */
export async function findArchive(name: string, { progress }: CommandIo): Promise<ArchiveFile> {
  if (name === "-") {
    const add = (bytes: number) => progress.add("stdin", bytes, null);
    return { name, file: null, canReopen: false, open: () => counted(openStdin(), add) };
  }
  const file = (await exists(name)) ? name : await inStore(name);
  const facts = await stat(file).catch((error: unknown) => Promise.reject(unreadable(name, error)));
  if (facts.isDirectory()) throw new UsageError(`${visible(name)} is a folder.`);
  await access(file, constants.R_OK).catch((error: unknown) => Promise.reject(unreadable(name, error)));
  const totalBytes = facts.isFile() ? facts.size : null;
  const add = (bytes: number) => progress.add(name, bytes, totalBytes);
  const open = () => counted(createReadStream(file, { highWaterMark: readBytes }), add);
  return { name, file, canReopen: facts.isFile(), open };
}

async function* counted(source: AsyncIterable<Uint8Array>, add: (bytes: number) => void) {
  for await (const chunk of source) {
    add(chunk.length);
    yield chunk;
  }
}

/** A file behind `<` comes in small pieces from `process.stdin`; a pipe has no larger ones to give. */
function openStdin(): AsyncIterable<Uint8Array> {
  if (process.stdin.isTTY) throw new UsageError("Nothing is piped in: `-` reads stdin.");
  if (!fstatSync(0).isFile()) return process.stdin;
  return createReadStream("", { fd: 0, autoClose: false, highWaterMark: readBytes });
}

async function exists(file: string): Promise<boolean> {
  return await stat(file).then(
    () => true,
    (error: unknown) => !isCode(error, "ENOENT") && !isCode(error, "ENOTDIR"),
  );
}

/** What the store takes as an id; anything else is a path. */
const idPattern = /^[a-z0-9][a-z0-9-]{0,79}$/;

/** The local store keeps an archive as `<folder>/<id>.snap`. */
async function inStore(id: string): Promise<string> {
  if (!idPattern.test(id)) throw new UsageError(`There is no file ${visible(id)}.`);
  // Checking the environment takes a library, and files do without.
  const { readEnv } = await import("#core/kernel/env.ts");
  const env = readEnvOf(readEnv);
  const folder = path.resolve(env.SNAPKEEP_ARCHIVES ?? path.join(env.SNAPKEEP_DATA, "archives"));
  const file = path.join(folder, `${id}.snap`);
  if (await exists(file)) return file;
  throw new UsageError(
    `There is no file ${id}, and no snapshot of this id in ${visible(folder)} (SNAPKEEP_DATA or SNAPKEEP_ARCHIVES say where).`,
  );
}

/** @throws UsageError when the environment is wrong */
export function readEnvOf<Env>(readEnv: () => Env): Env {
  try {
    return readEnv();
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** What can't be read is wrong use, and no word on the archive. Any other error passes. */
export function unreadable(name: string, error: unknown): unknown {
  if (!(error instanceof Error) || !("syscall" in error)) return error;
  const reasons: { readonly [code: string]: string } = {
    ENOENT: "there is no such file",
    EACCES: "this user may not read it",
    EISDIR: "it is a folder",
  };
  const code = "code" in error ? String(error.code) : "";
  return new UsageError(`${visible(name)} can't be read: ${reasons[code] ?? visible(error.message)}.`);
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
