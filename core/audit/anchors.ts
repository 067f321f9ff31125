import { mkdir, open, readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import type { Clock } from "#core/kernel/clock.ts";
import type { Logger } from "#core/kernel/logger.ts";
import type { Seals } from "./canonical.ts";
import type { AuditStore } from "./store.ts";

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
};

/** Writes the head down outside, each time that it moved. What fails is tried again at the next round. */
export function createAnchors(deps: {
  store: AuditStore;
  seals: Seals;
  clock: Clock;
  log: Logger;
  settings: AnchorSettings;
}) {
  const { store, seals, clock, log, settings } = deps;
  const posted = { entry: 0 };
  let timer: NodeJS.Timeout | null = null;
  let round: Promise<unknown> = Promise.resolve();

  const read = async (): Promise<Anchor[]> => (settings.file === null ? [] : readAnchors(settings.file));

  async function head(): Promise<Anchor | null> {
    const { head: now } = await store.bounds();
    if (now === null) return null;
    // A forged head must not become what the next check compares with.
    if (now.seal !== seals.head(now.entry, now.hash)) throw new Error("the head of the chain is forged");
    return { at: new Date(clock.nowMs()).toISOString(), entry: now.entry, hash: now.hash };
  }

  async function toFile(file: string, now: Anchor): Promise<void> {
    const last = (await read()).at(-1);
    if (last !== undefined && last.entry > now.entry)
      throw new Error(`the log ends at entry ${now.entry}, but entry ${last.entry} was anchored`);
    if (last?.entry !== now.entry) await appendLine(file, JSON.stringify(now));
  }

  async function toUrl(url: string, now: Anchor): Promise<void> {
    if (posted.entry === now.entry) return;
    await settings.post(url, now);
    posted.entry = now.entry;
  }

  /** @returns whether the head is now written down wherever it should be. */
  async function anchorNow(): Promise<boolean> {
    const { file, url } = settings;
    const attempt = async (where: string, work: () => Promise<void>) => {
      try {
        await work();
        return true;
      } catch (error) {
        log.error({ err: error, where }, "the audit log's head could not be anchored");
        return false;
      }
    };
    let now: Anchor | null = null;
    const known = await attempt("head", async () => {
      now = await head();
    });
    if (!known || now === null) return known;
    const fresh: Anchor = now;
    const inFile = file === null || (await attempt("file", () => toFile(file, fresh)));
    const atUrl = url === null || (await attempt("url", () => toUrl(url, fresh)));
    return inFile && atUrl;
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
      if (settings.file === null && settings.url === null) return;
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

async function appendLine(file: string, line: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
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
    try {
      const read = anchor.safeParse(JSON.parse(line));
      return read.success ? [read.data] : [];
    } catch {
      return [];
    }
  });
}
