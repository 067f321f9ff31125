import type { z } from "zod";
import {
  type ContentsIndex,
  ContentsQueryError,
  type KvEntry,
  keyBytesOfId,
} from "#core/archive/contents-index/index.ts";
import { type RecordKind, toPlainFields } from "#core/archive/index.ts";
import { AppError } from "#core/kernel/errors.ts";
import type { InsideArchive, SnapshotService } from "#core/snapshots/index.ts";
import { openContents, readOther, readValue } from "./archive-contents.ts";
import type {
  ChildrenPage,
  ContentsSummary,
  childrenInput,
  KeyValue,
  RecordsPage,
  RevealedRecord,
  RevealedValue,
  recordsInput,
  SearchPage,
  searchInput,
} from "./contract.ts";
import { createOpenIndexes } from "./open-indexes.ts";
import { toKeyChild, toKeyEntry, toKeyValue, toRecordRow, toRevealed, toSummary } from "./rows.ts";

/** A search pauses after this, so that its caller can show what there is and ask on. */
const searchBudgetMs = 200;

export type ContentsService = ReturnType<typeof createContentsService>;

/** Looks inside archives: those of the history by their id, and any other that is handed over. */
export function createContentsService(deps: { snapshots: SnapshotService; fingerprintKey: string }) {
  const { snapshots, fingerprintKey } = deps;
  const indexes = createOpenIndexes((archive) => openContents(archive, fingerprintKey));

  async function open(id: string): Promise<{ archive: InsideArchive; index: ContentsIndex }> {
    const archive = await snapshots.inside(id);
    return { archive, index: await indexes.open(archive) };
  }

  async function entryOf(index: ContentsIndex, keyId: string): Promise<KvEntry> {
    const entry = await asked(() => index.kv.find(keyBytesOfId(keyId)));
    if (entry !== null) return entry;
    throw new AppError({ code: "not_found", userMessage: "This snapshot has no such key." });
  }

  /** Null where the archive has no such key. */
  async function valueIn(
    archive: InsideArchive,
    keyId: string,
    isRevealed = false,
  ): Promise<KeyValue | null> {
    const index = await indexes.open(archive);
    const entry = await asked(() => index.kv.find(keyBytesOfId(keyId)));
    if (entry === null) return null;
    return toKeyValue(toKeyEntry(entry), await readValue(archive, entry), fingerprintKey, isRevealed);
  }

  return {
    async summary(id: string): Promise<ContentsSummary> {
      return toSummary(id, (await open(id)).index);
    },

    async children(input: z.output<typeof childrenInput>): Promise<ChildrenPage> {
      const { index } = await open(input.id);
      const page = await asked(() =>
        index.kv.children(keyBytesOfId(input.prefix), { limit: input.limit, after: input.cursor }),
      );
      return { rows: page.items.map(toKeyChild), totals: page.totals, nextCursor: page.next };
    },

    async search(input: z.output<typeof searchInput>): Promise<SearchPage> {
      const { index } = await open(input.id);
      const { pattern, limit, cursor: after } = input;
      const page = await asked(() => index.kv.search({ pattern, limit, after, budgetMs: searchBudgetMs }));
      const { next: nextCursor, ended, scanned } = page;
      return { rows: page.items.map(toKeyEntry), nextCursor, ended, scanned };
    },

    async records(input: z.output<typeof recordsInput>): Promise<RecordsPage> {
      const { index } = await open(input.id);
      const { kind, limit, cursor: after, text: filter } = input;
      const page = await asked(() =>
        index.records(kind, {
          limit,
          after,
          filter: filter === "" ? undefined : filter,
          budgetMs: searchBudgetMs,
        }),
      );
      return { rows: page.items.map(toRecordRow), nextCursor: page.next, ended: page.ended };
    },

    async value(id: string, keyId: string): Promise<KeyValue> {
      const { archive, index } = await open(id);
      const entry = await entryOf(index, keyId);
      return toKeyValue(toKeyEntry(entry), await readValue(archive, entry), fingerprintKey);
    },

    async revealValue(id: string, keyId: string): Promise<RevealedValue> {
      const { archive, index } = await open(id);
      const value = await readValue(archive, await entryOf(index, keyId));
      return toRevealed(value);
    },

    async revealRecord(id: string, kind: RecordKind, identity: string): Promise<RevealedRecord> {
      const { archive, index } = await open(id);
      const place = await findRecord(index, kind, identity);
      const record = await readOther(archive, place);
      return { fields: toPlainFields(record.fields) };
    },

    /** For an archive that may not be in the history. */
    valueIn,
    indexOf: (archive: InsideArchive): Promise<ContentsIndex> => indexes.open(archive),
    /** Lets go of what is held of an archive. */
    forget: (id: string): void => indexes.forget(id),
  };
}

/** Finds a record by its identity. @throws AppError `not_found`. */
export async function findRecord(index: ContentsIndex, kind: RecordKind, identity: string) {
  let after: string | undefined;
  do {
    const page = await asked(() => index.records(kind, { limit: 500, after, filter: identity }));
    const found = page.items.find((item) => item.identity === identity);
    if (found !== undefined) return found;
    after = page.next ?? undefined;
  } while (after !== undefined);
  throw new AppError({ code: "not_found", userMessage: "This snapshot has no such record." });
}

/** A wrong cursor, pattern or limit is the asker's. */
async function asked<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ContentsQueryError)) throw error;
    const field = error.field === "after" ? "cursor" : error.field;
    throw new AppError({ code: "invalid_input", userMessage: error.message, field, cause: error });
  }
}
