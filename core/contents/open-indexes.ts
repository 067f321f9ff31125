import type { ContentsIndex } from "#core/archive/contents-index/index.ts";
import type { InsideArchive } from "#core/snapshots/index.ts";

/** Indexes stay open that were looked into last; each holds its directory and some decoded blocks. */
const openIndexesMax = 4;

/** Keeps a few indexes open. Two that ask for the same wait for one opening, or one making of it. */
export function createOpenIndexes(open: (archive: InsideArchive) => Promise<ContentsIndex>) {
  const held = new Map<string, Promise<ContentsIndex>>();
  return {
    open(archive: InsideArchive): Promise<ContentsIndex> {
      const found = held.get(archive.id);
      const index = found ?? open(archive);
      // The one asked for last stands last.
      held.delete(archive.id);
      held.set(archive.id, index);
      if (found === undefined) {
        index.catch(() => {
          if (held.get(archive.id) === index) held.delete(archive.id);
        });
      }
      for (const id of [...held.keys()].slice(0, -openIndexesMax)) held.delete(id);
      return index;
    },
    forget: (id: string): void => {
      held.delete(id);
    },
  };
}
