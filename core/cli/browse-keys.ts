import type { ContentsIndex, KvChild, KvChildrenPage, KvEntry } from "#core/archive/contents-index/index.ts";
import { ContentsQueryError } from "#core/archive/contents-index/index.ts";
import { credentialRule } from "#core/archive/redaction/index.ts";
import type { ArchiveFile } from "./archive-file.ts";
import { openContents } from "./contents.ts";
import { type ExitCode, exitCodes, UsageError } from "./exit.ts";
import { complainOfFindings } from "./findings-text.ts";
import type { CommandIo } from "./io.ts";
import { createJsonList } from "./json-list.ts";
import { countOf, formatBytes, formatCount } from "./numbers.ts";
import { createTable } from "./table.ts";
import { visible } from "./visible-text.ts";

type Format = "pretty" | "json";

const pageItems = 1000;

/** Lists what is directly below a prefix, like `ls`. */
export async function listChildren(
  archive: ArchiveFile,
  prefix: string,
  format: Format,
  io: CommandIo,
): Promise<ExitCode> {
  return await withIndex(archive, io, async (index) => {
    const first = await index.kv.children(prefix, { limit: pageItems });
    const { totals } = first;
    const pages = childrenFrom(index, prefix, first);
    if (format === "json") {
      const list = createJsonList(io.out.write, { prefix, ...totals }, "children");
      await forEach(pages, (child) => list.add(toJsonChild(child)));
      await list.end({});
      return;
    }
    const table = createTable(io.out.write, [{ right: "KEYS" }, { right: "SIZE" }, "NAME"]);
    await forEach(pages, ({ keys, valueBytes, name }) => {
      const shown = name === "" ? "(the prefix itself)" : visible(name);
      return table.add([{ right: formatCount(keys) }, { right: formatBytes(valueBytes) }, shown]);
    });
    await table.end();
    await io.out.write(`\n${countOf(totals.keys, "key")}, ${formatBytes(totals.valueBytes)} of values\n`);
  });
}

async function* childrenFrom(
  index: ContentsIndex,
  prefix: string,
  first: KvChildrenPage,
): AsyncGenerator<readonly KvChild[]> {
  let page = first;
  while (true) {
    yield page.items;
    if (page.next === null) return;
    page = await index.kv.children(prefix, { limit: pageItems, after: page.next });
  }
}

/** Lists the keys that a pattern matches, anywhere in the tree. */
export async function listMatches(
  archive: ArchiveFile,
  pattern: string,
  format: Format,
  io: CommandIo,
): Promise<ExitCode> {
  return await withIndex(archive, io, async (index) => {
    const pages = matchesOf(index, pattern);
    if (format === "json") {
      const list = createJsonList(io.out.write, { pattern }, "keys");
      await forEach(pages, (entry) => list.add(toJsonEntry(entry)));
      await list.end({});
      return;
    }
    let count = 0;
    const table = createTable(io.out.write, [{ right: "SIZE" }, { right: "INDEX" }, "KEY"]);
    await forEach(pages, ({ valueBytes, modifyIndex, text }) => {
      count += 1;
      return table.add([{ right: formatBytes(valueBytes) }, { right: String(modifyIndex) }, visible(text)]);
    });
    await table.end();
    await io.out.write(`\n${countOf(count, "key")}\n`);
  });
}

async function* matchesOf(index: ContentsIndex, pattern: string): AsyncGenerator<readonly KvEntry[]> {
  let after: string | undefined;
  do {
    const page = await index.kv.search({ pattern, limit: pageItems, budgetMs: 60_000, after });
    yield page.items;
    after = page.next ?? undefined;
  } while (after !== undefined);
}

/** A turn of the event loop for each of a million keys would take longer than writing them. */
async function forEach<Item>(
  pages: AsyncIterable<readonly Item[]>,
  write: (item: Item) => Promise<void> | undefined,
): Promise<void> {
  for await (const page of pages) {
    for (const item of page) {
      const isFull = write(item);
      if (isFull !== undefined) await isFull;
    }
  }
}

async function withIndex(
  archive: ArchiveFile,
  io: CommandIo,
  work: (index: ContentsIndex) => Promise<void>,
): Promise<ExitCode> {
  const contents = await openContents(archive);
  io.progress.hide();
  if (contents.index === null) {
    await complainOfFindings(io, archive.name, contents.report);
    return exitCodes.found;
  }
  try {
    await work(contents.index);
    return exitCodes.fine;
  } catch (error) {
    throw error instanceof ContentsQueryError ? new UsageError(error.message) : error;
  } finally {
    await contents.close();
  }
}

function toJsonChild({ name, path, isFolder, keys, valueBytes, entry }: KvChild): object {
  const common = { name, key: path.text, keyId: path.keyId, isFolder, keys, valueBytes };
  return entry === undefined ? common : { ...common, entry: toJsonEntry(entry) };
}

/** `closed`: the pattern of names by which Snapkeep keeps the value closed on its pages. */
function toJsonEntry({ keyId, text, flags, offset: _, bytes: __, ...rest }: KvEntry): object {
  return { key: text, keyId, ...rest, flags: String(flags), closed: credentialRule(text) };
}
