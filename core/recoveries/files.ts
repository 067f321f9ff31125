import { constants, createReadStream } from "node:fs";
import { type FileHandle, mkdir, open, readdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import { AppError } from "#core/kernel/errors.ts";

/** Where something stands in a file: its first byte and its length. */
export type Place = readonly [offset: number, bytes: number];
export type Line = { text: string; at: number; next: number };

/**
 * - `items`: a line per item of the plan, without values, in the order of applying.
 * - `plan`: the values wanted and the values before, byte after byte; the items say where. Secrets like an archive's.
 * - `results`: what was sent and what became of it, line after line.
 */
export type RecoveryFile = "items" | "plan" | "results";
const all: readonly RecoveryFile[] = ["items", "plan", "results"];
const flushBytes = 1024 * 1024;

export type RecoveryFiles = ReturnType<typeof createRecoveryFiles>;
export type Appender = Awaited<ReturnType<RecoveryFiles["append"]>>;
export type ValueReader = Awaited<ReturnType<RecoveryFiles["openValues"]>>;

/** The files of recoveries, in a folder of the data folder, for nobody but Snapkeep. */
export function createRecoveryFiles(folder: string) {
  const fileOf = (id: string, which: RecoveryFile) => path.join(folder, `${id}.${which}`);
  const has = (id: string, which: RecoveryFile) =>
    stat(fileOf(id, which)).then(
      () => true,
      () => false,
    );

  return {
    has,

    /** Opens a file for adding at its end. `sync` returns once everything added is on the disk. */
    async append(id: string, which: RecoveryFile) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const handle = await open(fileOf(id, which), "a", 0o600);
      await syncFolder(folder);
      return createAppender(handle, (await handle.stat()).size);
    },

    /** The lines from a place on, without holding the file. A last line without its end was cut off by a crash. */
    async *lines(id: string, which: RecoveryFile, from = 0): AsyncGenerator<Line> {
      if (!(await has(id, which))) return;
      let at = from;
      let rest: Buffer = Buffer.alloc(0);
      const source = createReadStream(fileOf(id, which), { start: from, highWaterMark: 256 * 1024 });
      for await (const piece of source as AsyncIterable<Buffer>) {
        rest = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
        let start = 0;
        for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10, start)) {
          const next = at + end - start + 1;
          yield { text: rest.toString("utf8", start, end), at, next };
          at = next;
          start = end + 1;
        }
        rest = rest.subarray(start);
      }
    },

    /** @throws AppError `not_found` when the values are no longer kept. */
    async openValues(id: string) {
      const handle = await open(fileOf(id, "plan"), constants.O_RDONLY).catch(() => null);
      if (handle === null)
        throw new AppError({
          code: "not_found",
          userMessage: "The values of this recovery are no longer kept.",
        });
      return {
        async read([offset, bytes]: Place): Promise<Buffer> {
          const found = Buffer.alloc(bytes);
          const { bytesRead } = await handle.read(found, 0, bytes, offset);
          if (bytesRead !== bytes) throw new Error(`The plan of ${id} ends early.`);
          return found;
        },
        close: () => handle.close(),
      };
    },

    /** The ids whose values are kept. */
    async withValues(): Promise<string[]> {
      const names = await readdir(folder).catch(() => []);
      return names.filter((name) => name.endsWith(".plan")).map((name) => name.slice(0, -".plan".length));
    },

    async bytesOf(id: string, which: RecoveryFile): Promise<number> {
      return (await stat(fileOf(id, which)).catch(() => null))?.size ?? 0;
    },

    /** What was decided stays, the values go. */
    removeValues: (id: string) => rm(fileOf(id, "plan"), { force: true }),
    remove: async (id: string) => {
      for (const which of all) await rm(fileOf(id, which), { force: true });
    },
  };
}

/** So that the name of a new file is on the disk, too. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY);
  await handle.sync().finally(() => handle.close());
}

function createAppender(handle: FileHandle, startBytes: number) {
  let offset = startBytes;
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  const flush = async () => {
    const bytes = Buffer.concat(waiting);
    waiting = [];
    waitingBytes = 0;
    for (let done = 0; done < bytes.length; ) done += (await handle.write(bytes, done)).bytesWritten;
  };
  const add = (bytes: Buffer): Place => {
    const place: Place = [offset, bytes.length];
    waiting.push(bytes);
    waitingBytes += bytes.length;
    offset += bytes.length;
    return place;
  };
  return {
    /** Holds the bytes until the next flush; they must not be changed afterwards. */
    add,
    addLine: (value: unknown): Place => add(Buffer.from(`${JSON.stringify(value)}\n`)),
    isFull: () => waitingBytes >= flushBytes,
    flush,
    sync: async () => {
      await flush();
      await handle.datasync();
    },
    close: async () => {
      await flush();
      await handle.sync().finally(() => handle.close());
    },
    /** Closes without writing what waits. */
    abandon: () => handle.close().catch(() => undefined),
  };
}
