import { createArchiveVerifier, type RecordFields } from "#core/archive/index.ts";
import type { ArchiveFile } from "./archive-file.ts";
import { UsageError } from "./exit.ts";

/** What stands at an offset of state.bin. */
export type FoundRecord =
  | { readonly of: "key"; readonly value: Buffer | null; readonly valueBytes: number }
  | { readonly of: "record"; readonly fields: RecordFields };

export type SideReader = {
  /** The record at one of the offsets, once. Cheap when they are asked for in the order of state.bin. */
  readonly take: (offset: number) => Promise<FoundRecord>;
  readonly close: () => Promise<unknown>;
};

/** So little goes in at a time that the values which come out of it fit into memory. */
const pieceBytes = 64 * 1024;

/** Reads the records at these offsets out of an archive, as they are asked for. */
export function createSideReader(archive: ArchiveFile, offsets: ReadonlySet<number>): SideReader {
  const records = readRecords(archive, offsets);
  const passed = new Map<number, FoundRecord>();
  return {
    take: async (offset) => {
      while (!passed.has(offset)) {
        const next = await records.next();
        if (next.done === true) throw new UsageError(`${archive.name} changed while it was read.`);
        passed.set(...next.value);
      }
      const found = passed.get(offset) as FoundRecord;
      passed.delete(offset);
      return found;
    },
    close: () => records.return(undefined),
  };
}

async function* readRecords(
  archive: ArchiveFile,
  offsets: ReadonlySet<number>,
): AsyncGenerator<[number, FoundRecord], undefined> {
  const found: [number, FoundRecord][] = [];
  const verifier = createArchiveVerifier({
    values: true,
    visitor: {
      kv: ({ offset, value, valueBytes }) => {
        if (!offsets.has(offset)) return;
        // The buffers are only lent. Nil and an empty value are the same to whoever reads a difference.
        const kept = value === null ? (valueBytes === 0 ? Buffer.alloc(0) : null) : Buffer.from(value);
        found.push([offset, { of: "key", value: kept, valueBytes }]);
      },
      other: ({ offset, fields }) => {
        if (offsets.has(offset)) found.push([offset, { of: "record", fields }]);
      },
    },
  });
  let left = offsets.size;
  try {
    for await (const chunk of archive.open()) {
      for (let at = 0; at < chunk.length && left > 0; at += pieceBytes) {
        await verifier.write(chunk.subarray(at, at + pieceBytes));
        const come = found.splice(0);
        left -= come.length;
        yield* come;
      }
      if (left === 0) return;
    }
    await verifier.end();
    yield* found;
  } finally {
    verifier.abort();
  }
}
