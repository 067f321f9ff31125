import type { ArchiveStore, ArchiveWriter } from "#core/storage/index.ts";

/**
 * Writes the index of an archive's contents beside it. The index can be made again from the archive at any time,
 * so nothing that fails here may fail the archive: it is left off, and is made when somebody first looks inside.
 */
export function createContentsPart(store: ArchiveStore, id: string) {
  let writer: ArchiveWriter | null = null;
  let isGivenUp = false;

  const giveUp = async (): Promise<void> => {
    isGivenUp = true;
    await writer?.abort().catch(() => undefined);
  };
  const unlessGivenUp = async (act: () => Promise<unknown>): Promise<void> => {
    if (isGivenUp) return;
    await act().catch(giveUp);
  };

  return {
    write: (bytes: Buffer): Promise<void> =>
      unlessGivenUp(async () => {
        writer ??= await store.create(id, "contents");
        await writer.write(bytes);
      }),
    commit: (): Promise<void> => unlessGivenUp(async () => writer?.commit()),
    abort: giveUp,
  };
}
