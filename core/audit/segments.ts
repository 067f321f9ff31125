import { mkdir } from "node:fs/promises";
import path from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Clock } from "#core/kernel/clock.ts";
import { AppError } from "#core/kernel/errors.ts";
import { archiveName, checkArchive, readArchive, writeArchive } from "./archive-file.ts";
import { canonicalOf, type Seals, type StoredRow } from "./canonical.ts";
import { isIntact } from "./chain-check.ts";
import { type ArchiveReport, type AuditSegment, firstPreviousHash, segmentEntries } from "./contract.ts";
import { toIso, toStoredTime } from "./rows.ts";
import type { AuditStore, SegmentRow } from "./store.ts";

const dayMs = 24 * 3_600_000;
/** So few that whoever waits for the database doesn't notice. */
const removeBatch = 500;

type Deps = { store: AuditStore; seals: Seals; clock: Clock; folder: string; entriesPerSegment?: number };

/**
 * Moves whole old segments to files. The file is written, read back and verified before its segment is known, and the
 * database lets rows go only then; so at any moment each entry lies in at least one place. What a crash cut off, the
 * next run finishes: a file without its record is written again, rows that also lie in a file are removed.
 */
export function createSegments(deps: Deps) {
  const { store, seals, clock, folder } = deps;
  const size = deps.entriesPerSegment ?? segmentEntries;

  async function removeArchived(segments: readonly SegmentRow[]): Promise<number> {
    let removed = 0;
    const { first } = await store.bounds();
    for (const { firstEntry, lastEntry } of segments) {
      if (first === null || first > lastEntry) continue;
      for (let from = firstEntry; from <= lastEntry; from += removeBatch) {
        removed += await store.removeEntries(from, Math.min(from + removeBatch - 1, lastEntry));
        await nextTurn();
      }
    }
    return removed;
  }

  async function archiveNext(before: SegmentRow | undefined, cutoff: string): Promise<SegmentRow | null> {
    const firstEntry = (before?.lastEntry ?? 0) + 1;
    const lastEntry = firstEntry + size - 1;
    // The last row alone tells nearly always that it is too early, without reading the others.
    const [end] = await store.chainRows(lastEntry, lastEntry, 1);
    if (end === undefined || timeOf(end) >= cutoff) return null;
    const rows = await store.chainRows(firstEntry, lastEntry, size);
    const previousHash = before?.lastHash ?? firstPreviousHash;
    const lastHash = checked(rows, firstEntry, previousHash, seals);
    const times = rows.map(timeOf).sort();
    const [firstAt = "", lastAt = ""] = [times[0], times.at(-1)];
    if (rows.length !== size || lastAt >= cutoff) return null;
    const facts = { firstEntry, lastEntry, previousHash, lastHash };
    const file = archiveName(firstEntry, lastEntry);
    const written = await writeArchive(path.join(folder, file), rows, facts, seals);
    await readBack(path.join(folder, file), rows, written.fileSha256, seals);
    const seal = seals.segment({ ...facts, fileSha256: written.fileSha256 });
    const archivedAt = toStoredTime(new Date(clock.nowMs()));
    const segment = { ...facts, firstAt, lastAt, seal, file, ...written, archivedAt };
    await store.putSegment(segment);
    return segment;
  }

  return {
    list: async (): Promise<AuditSegment[]> => (await store.segments()).map(toSegment),

    /** @throws AppError `conflict` when the chain is broken where it would be archived. */
    async archive(keepDays: number): Promise<ArchiveReport> {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const cutoff = toStoredTime(new Date(clock.nowMs() - keepDays * dayMs));
      const segments = (await store.segments()).filter((segment) => segment.archivedAt !== null);
      let removed = await removeArchived(segments);
      const archived: SegmentRow[] = [];
      for (;;) {
        const segment = await archiveNext(archived.at(-1) ?? segments.at(-1), cutoff);
        if (segment === null) break;
        archived.push(segment);
        removed += await removeArchived([segment]);
      }
      const last = archived.at(-1) ?? segments.at(-1);
      return {
        archived: archived.map(toSegment),
        removedEntries: removed,
        archivedThrough: last?.lastEntry ?? null,
      };
    },
  };
}

const timeOf = ([fields]: StoredRow) => String(fields[2]);

/** @returns the last hash. A broken chain stays where it can be looked at. */
function checked(rows: readonly StoredRow[], firstEntry: number, previousHash: string, seals: Seals): string {
  let hash = previousHash;
  for (const [index, row] of rows.entries()) {
    if (!isIntact(row, firstEntry + index, hash, seals))
      throw new AppError({
        code: "conflict",
        userMessage: `Entry ${firstEntry + index} isn't as it was written. Verify the log first; nothing of it is archived until then.`,
      });
    hash = row[1] ?? "";
  }
  return hash;
}

async function readBack(
  file: string,
  rows: readonly StoredRow[],
  fileSha256: string,
  seals: Seals,
): Promise<void> {
  const read = await readArchive(file);
  const same =
    read.fileSha256 === fileSha256 &&
    read.rows.length === rows.length &&
    checkArchive(read.header, read.rows, seals).ok &&
    read.rows.every((row, index) => canonicalOf(row[0]) === canonicalOf(rows[index]?.[0] ?? []));
  if (!same)
    throw new AppError({
      code: "storage_failed",
      userMessage: `The archive file ${path.basename(file)} doesn't read back as it was written. Nothing was removed.`,
    });
}

function toSegment(row: SegmentRow): AuditSegment {
  const { firstEntry, lastEntry, file, fileBytes, fileSha256, lastHash, archivedAt } = row;
  const times = {
    firstAt: toIso(row.firstAt),
    lastAt: toIso(row.lastAt),
    archivedAt: archivedAt === null ? null : toIso(archivedAt),
  };
  return { firstEntry, lastEntry, file, fileBytes, fileSha256, lastHash, ...times };
}
