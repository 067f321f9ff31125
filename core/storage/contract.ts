import type { Readable } from "node:stream";

/** Bytes `start` to `end`, both counted in, as in an HTTP range. */
export type ByteRange = { start: number; end: number };

/** What is kept under an id: the archive itself, and beside it the index of its contents, which can be made anew. */
export type ArchivePart = "archive" | "contents";

/** A new archive on its way into a store. Exactly one of commit and abort ends it. */
export type ArchiveWriter = {
  /** Resolves at once while there is room in the buffer, else when the disk has caught up. */
  write(chunk: Buffer): Promise<void>;
  /** After this the archive is whole, durable and visible under its id. */
  commit(): Promise<void>;
  /** Leaves nothing behind. May be called after a failed write or commit, and twice. */
  abort(): Promise<void>;
};

/**
 * Where archives are kept. An archive is visible under its id only when it is whole: the half-written one
 * is a partial, which `removePartials` sweeps after a crash.
 * Failures are AppErrors `storage_full` or `storage_failed`; a missing archive is `not_found`.
 */
export type ArchiveStore = {
  /** For screens: `local disk`. */
  label: string;
  create(id: string, part?: ArchivePart): Promise<ArchiveWriter>;
  /**
   * A file of this machine as a new archive, without copying it: only `commit` and `abort` mean something then.
   * @returns null where that can't be, or where the file is not this user's alone.
   */
  link(id: string, file: string): Promise<ArchiveWriter | null>;
  /** @returns null when there is no such archive. */
  stat(id: string, part?: ArchivePart): Promise<{ bytes: number } | null>;
  /** Opens the bytes of a range, or of all. Destroying the stream closes the file. */
  open(id: string, range?: ByteRange, part?: ArchivePart): Promise<Readable>;
  /** Removes every part. Removing what isn't there is fine: a repeated delete ends in the same state. */
  remove(id: string): Promise<void>;
  list(): Promise<string[]>;
  /** Removes partials whose id is not in `keep`, and contents without an archive. @returns how many there were. */
  removePartials(keep: ReadonlySet<string>): Promise<number>;
  /** null when the store can't say. */
  freeBytes(): Promise<number | null>;
};
