import type { ChildrenPage, KeyChild, KeyEntry } from "#core/contents/contract.ts";

/** One page of a folder's children, as far as it is known. */
export type PageState = { data: ChildrenPage | undefined; error: Error | null; retry: () => void };

export type TreeRow =
  | {
      type: "child";
      id: string;
      child: KeyChild;
      level: number;
      /** Counted from 1 in its folder; `of` is null until the last page is there. */
      place: number;
      of: number | null;
      open: boolean;
      parent: number;
    }
  | { type: "waiting"; id: string; level: number; parent: number }
  | { type: "error"; id: string; level: number; error: Error; retry: () => void; parent: number }
  /** Loads the next page as soon as it is seen. */
  | { type: "more"; id: string; level: number; prefix: string; cursor: string; parent: number };

/** @returns the pages of a folder in their order; none for a folder that was never opened */
type Pages = (prefix: string) => readonly PageState[];

/** The tree as the flat list of rows that is seen: the children of open folders follow their folder. */
export function toTreeRows(pages: Pages, open: ReadonlySet<string>): TreeRow[] {
  const rows: TreeRow[] = [];
  addFolder(rows, pages, open, { prefix: "", level: 1, parent: -1 });
  return rows;
}

type Folder = { prefix: string; level: number; parent: number };

function addFolder(rows: TreeRow[], pages: Pages, open: ReadonlySet<string>, folder: Folder): void {
  const { prefix, level, parent } = folder;
  const known = pages(prefix);
  const isWhole = known.at(-1)?.data?.nextCursor === null;
  const of = isWhole ? known.reduce((sum, page) => sum + (page.data?.rows.length ?? 0), 0) : null;
  let place = 0;
  for (const page of known) {
    if (page.data === undefined) {
      rows.push(
        page.error === null
          ? { type: "waiting", id: `w:${prefix}`, level, parent }
          : { type: "error", id: `e:${prefix}`, level, error: page.error, retry: page.retry, parent },
      );
      return;
    }
    for (const child of page.data.rows) {
      place += 1;
      const isOpen = child.isFolder && open.has(child.path.keyId);
      const at = rows.length;
      rows.push({ type: "child", id: childId(child), child, level, place, of, open: isOpen, parent });
      if (isOpen) addFolder(rows, pages, open, { prefix: child.path.keyId, level: level + 1, parent: at });
    }
  }
  const cursor = known.at(-1)?.data?.nextCursor ?? null;
  if (cursor !== null) rows.push({ type: "more", id: `m:${prefix}`, level, prefix, cursor, parent });
}

/** A folder and the key that is called as it share their path. */
function childId(child: KeyChild): string {
  return `${child.isFolder ? "f" : "k"}:${child.path.keyId}`;
}

export const keyRowId = (keyId: string) => `k:${keyId}`;

/** What a search found, as rows of the same kind: one level, whole keys. */
export function toFlatRows(entries: readonly KeyEntry[], isWhole: boolean): TreeRow[] {
  return entries.map((entry, at) => ({
    type: "child",
    id: keyRowId(entry.keyId),
    child: {
      name: entry.text,
      path: entry,
      isFolder: false,
      keys: 1,
      valueBytes: entry.valueBytes,
      entry,
    },
    level: 1,
    place: at + 1,
    of: isWhole ? entries.length : null,
    open: false,
    parent: -1,
  }));
}
