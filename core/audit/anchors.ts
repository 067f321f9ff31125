import { mkdir, open, readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import type { Clock } from "#core/kernel/clock.ts";
import type { Logger } from "#core/kernel/logger.ts";
import type { Seals } from "./canonical.ts";
import type { AuditStore, SegmentRow } from "./store.ts";

const anchor = z.object({ at: z.string(), entry: z.number().int().positive(), hash: z.string().length(64) });
/** The head of the chain as it was once, written down where whoever holds the database can't reach it. */
export type Anchor = z.infer<typeof anchor>;

export type AnchorSettings = {
  /** A file that gets one line of JSON per anchor. */
  file: string | null;
  /** An address that each anchor is posted to. */
  url: string | null;
  everyMs: number;
  /** Posts JSON; throws when the answer isn't a good one. */
  post: (url: string, body: Anchor) => Promise<void>;
  /** false: no file of anchors in the data folder, beside the archive files. Only for tests. */
  own?: boolean;
};

const ownAnchorsName = "anchors.jsonl";
const isOfFile = "audit.anchors:";

/** What the files say, and what is wrong with one that no longer holds what was written there. */
export type KnownAnchors = { anchors: Anchor[]; fault: string | null };

/**
 * Writes the head down outside of the database, each time that it moved. What fails is tried again at the next round.
 * Nothing is written to any place once the log no longer holds what was anchored: that would hide it.
 */
export function createAnchors(deps: {
  store: AuditStore;
  seals: Seals;
  clock: Clock;
  log: Logger;
  settings: AnchorSettings;
  /** Where the archive files lie, and the anchors that are always written. */
  folder: string;
}) {
  const { store, seals, clock, log, settings } = deps;
  const own = settings.own === false ? null : path.join(deps.folder, ownAnchorsName);
  const files = [own, settings.file].filter((file) => file !== null);
  const noteKey = (file: string) => `${isOfFile}${file === own ? "own" : path.resolve(file)}`;
  const posted = { entry: 0 };
  let timer: NodeJS.Timeout | null = null;
  let round: Promise<unknown> = Promise.resolve();

  /** The records keep one line of each file, so that a file that vanished isn't one that never was. */
  function faultOf(file: string, anchors: readonly Anchor[], noted: string | null): string | null {
    if (noted === null) return null;
    const line = parseLine(noted);
    const isThere = anchors.some(({ entry, hash }) => entry === line?.entry && hash === line.hash);
    if (isThere) return null;
    const name = path.basename(file);
    return anchors.length === 0
      ? `The file of anchors ${name} is gone or empty: entry ${line?.entry ?? "?"} was written down there.`
      : `The file of anchors ${name} isn't the one that was written: entry ${line?.entry ?? "?"} was in it.`;
  }

  async function read(): Promise<KnownAnchors> {
    const known: KnownAnchors = { anchors: [], fault: null };
    for (const file of files) {
      // Before the file: a round that writes both in between has noted what the file has by then.
      const noted = await store.setting(noteKey(file));
      const anchors = await readAnchors(file);
      known.fault ??= faultOf(file, anchors, noted);
      known.anchors.push(...(file === own ? newest(anchors) : anchors));
    }
    return known;
  }

  async function head(): Promise<Anchor | null> {
    const { head: now } = await store.bounds();
    if (now === null) return null;
    // A forged head must not become what the next check compares with.
    if (now.seal !== seals.head(now.entry, now.hash)) throw new Error("the head of the chain is forged");
    return { at: new Date(clock.nowMs()).toISOString(), entry: now.entry, hash: now.hash };
  }

  /** @throws Error when what the file holds last isn't, or is no longer, in the log. */
  async function assertHolds(last: Anchor, now: Anchor | null): Promise<void> {
    const { entry } = last;
    if ((now?.entry ?? 0) < entry)
      throw new Error(`the log ends at entry ${now?.entry ?? 0}, but entry ${entry} was anchored`);
    const hash = await store.hashOf(entry);
    // The rows of an archived segment are in its file; verifying looks there.
    const isArchived = (one: SegmentRow) => entry <= one.lastEntry && one.seal === seals.segment(one);
    if (hash === null && (await store.segments()).some(isArchived)) return;
    if (hash !== last.hash) throw new Error(`entry ${entry} was anchored with another hash`);
  }

  /** What each file holds last; null where it is to begin. @throws Error when something was taken out of one. */
  async function lastOf(file: string, now: Anchor | null): Promise<Anchor | null> {
    const noted = await store.setting(noteKey(file));
    const anchors = await readAnchors(file);
    const fault = faultOf(file, anchors, noted);
    if (fault !== null) throw new Error(fault);
    const last = anchors.at(-1) ?? null;
    if (last !== null) await assertHolds(last, now);
    return last;
  }

  async function toFile(file: string, last: Anchor | null, now: Anchor): Promise<void> {
    const line = JSON.stringify(now);
    if (last?.entry !== now.entry) await appendLine(file, line);
    // Noted last: a crash between the two leaves a line too many, never a note of what was not written.
    const key = noteKey(file);
    if ((await store.setting(key)) === null) await store.putSetting(key, JSON.stringify(last ?? now));
  }

  async function toUrl(url: string, now: Anchor): Promise<void> {
    if (posted.entry === now.entry) return;
    if (posted.entry > now.entry)
      throw new Error(`the log ends at entry ${now.entry}, but entry ${posted.entry} was posted`);
    await settings.post(url, now);
    posted.entry = now.entry;
  }

  /** @returns whether the head is now written down wherever it should be. */
  async function anchorNow(): Promise<boolean> {
    const { url } = settings;
    const attempt = async <T>(where: string, work: () => Promise<T>): Promise<{ value: T } | null> => {
      try {
        return { value: await work() };
      } catch (error) {
        log.error({ err: error, where }, "the audit log's head could not be anchored");
        return null;
      }
    };
    const found = await attempt("head", head);
    if (found === null) return false;
    const now = found.value;
    const lasts = new Map<string, Anchor | null>();
    for (const file of files) {
      const last = await attempt("file", () => lastOf(file, now));
      if (last === null) return false;
      lasts.set(file, last.value);
    }
    if (now === null) return true;
    let everywhere = true;
    for (const [file, last] of lasts)
      everywhere = (await attempt("file", () => toFile(file, last, now))) !== null && everywhere;
    const atUrl = url === null || (await attempt("url", () => toUrl(url, now))) !== null;
    return everywhere && atUrl;
  }

  /** One round after the other, so that two never write the same line. */
  function anchorInTurn(): Promise<boolean> {
    const next = round.then(anchorNow);
    round = next;
    return next;
  }

  return {
    read,
    anchorNow: anchorInTurn,
    start(): void {
      if (files.length === 0 && settings.url === null) return;
      timer ??= setInterval(() => void anchorInTurn(), settings.everyMs);
      timer.unref();
      void anchorInTurn();
    },
    /** A last anchor, so that what was written since the last round is held as well. */
    async stop(): Promise<void> {
      if (timer === null) return;
      clearInterval(timer);
      timer = null;
      await anchorInTurn();
    },
  };
}

/**
 * The newest of our own: the chain leads from it to all before it, so older ones say nothing more, and each would cost the
 * check a look into an archive file. Where the numbers go back, somebody wrote there, and all of them count.
 */
function newest(anchors: readonly Anchor[]): readonly Anchor[] {
  const isGrowing = anchors.every((one, at) => at === 0 || one.entry > (anchors[at - 1]?.entry ?? 0));
  return isGrowing ? anchors.slice(-1) : anchors;
}

async function appendLine(file: string, line: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const handle = await open(file, "a+", 0o600);
  try {
    const { size } = await handle.stat();
    const end = Buffer.alloc(1);
    // A line that a crash cut off must not swallow this one.
    const torn =
      size > 0 && (await handle.read(end, 0, 1, size - 1)).bytesRead === 1 && end.toString() !== "\n";
    await handle.appendFile(`${torn ? "\n" : ""}${line}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The anchors of a file, in its order. A line that can't be read, such as one that a crash cut off, counts for none. */
export async function readAnchors(file: string): Promise<Anchor[]> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  });
  return text.split("\n").flatMap((line) => {
    const read = parseLine(line);
    return read === null ? [] : [read];
  });
}

function parseLine(line: string): Anchor | null {
  try {
    return anchor.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}
