import { setImmediate } from "node:timers/promises";
import type { RecordKind } from "../records/visitor.ts";
import { createBlockCache } from "./block-cache.ts";
import { type IndexSource, readBlock } from "./blocks.ts";
import type { IndexedRecord, RecordsPage } from "./contract.ts";
import { checkBudget, checkLimit, decodeCursor, encodeCursor } from "./cursor.ts";
import { ContentsQueryError, damaged } from "./errors.ts";
import { decodeRecord, matchesText, toNeedle } from "./record-lines.ts";
import type { KindDirectory } from "./tail-reader.ts";

export type RecordsQuery = {
  readonly limit: number;
  readonly after?: string | undefined;
  /** Only records whose identity, or any text or number in whose fields, holds this; case does not matter. */
  readonly filter?: string | undefined;
  /** See `SearchQuery`. */
  readonly budgetMs?: number | undefined;
};

export type RecordsReader = (kind: RecordKind, query: RecordsQuery) => Promise<RecordsPage>;

const emptyPage: RecordsPage = { items: [], next: null, ended: "end", scanned: 0 };

/** Pages of the records of one kind, in the order of state.bin. */
export function createRecordsReader(
  source: IndexSource,
  kinds: readonly KindDirectory[],
  cacheBytes: number,
): RecordsReader {
  const cache = createBlockCache<readonly string[]>(cacheBytes);
  const load = async (directory: KindDirectory, block: number): Promise<readonly string[]> => {
    const place = directory.places[block];
    if (place === undefined) return [];
    const held = cache.get(place.position);
    if (held !== undefined) return held;
    const lines = (await readBlock(source, place)).toString("utf8").split("\n");
    const count = (directory.countBefore[block + 1] ?? 0) - (directory.countBefore[block] ?? 0);
    if (lines.length !== count) throw damaged("a block has other records than announced");
    cache.set(place.position, lines, place.rawBytes * 2 + 200);
    return lines;
  };
  return async (kind, query) => {
    const limit = checkLimit(query.limit);
    const endsAtMs = performance.now() + checkBudget(query.budgetMs, 250);
    const needle = toNeedle(query.filter ?? "");
    const question = `records ${kind} ${needle.text}`;
    const first = query.after === undefined ? 0 : decodeOrdinal(decodeCursor(question, query.after));
    const directory = kinds.find((one) => one.kind === kind);
    if (directory === undefined) return emptyPage;
    const items: IndexedRecord[] = [];
    let at = first;
    const answer = (ended: RecordsPage["ended"]): RecordsPage => {
      const next = ended === "end" ? null : encodeCursor(question, Buffer.from(String(at)));
      return { items, next, ended, scanned: at - first };
    };
    for (let block = blockOf(directory, first); block < directory.places.length; block += 1) {
      const lines = await load(directory, block);
      const start = directory.countBefore[block] ?? 0;
      for (const line of lines.slice(at - start)) {
        if (items.length >= limit) return answer("limit");
        at += 1;
        const record = needle.text === "" || matchesText(line, needle) ? decodeRecord(kind, line) : null;
        if (record !== null && needle.isIn(record)) items.push(record);
      }
      if (at < directory.count && performance.now() >= endsAtMs) return answer("budget");
      await setImmediate();
    }
    return answer("end");
  };
}

function decodeOrdinal(bytes: Buffer): number {
  const text = bytes.toString("latin1");
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new ContentsQueryError("after", "This place in the list belongs to another question.");
}

function blockOf(directory: KindDirectory, ordinal: number): number {
  const next = directory.countBefore.findIndex((before) => before > ordinal);
  return next < 0 ? directory.places.length : next - 1;
}
