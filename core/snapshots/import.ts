import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import path from "node:path";
import type { ArchiveFinding } from "#core/archive/index.ts";
import type { AuditService, AuditSubject } from "#core/audit/index.ts";
import type { Database } from "#core/db/index.ts";
import type { Clock } from "#core/kernel/clock.ts";
import { AppError } from "#core/kernel/errors.ts";
import { newSnapshotId, snapshotIdOf } from "#core/kernel/ids.ts";
import type { ArchiveStore, ArchiveWriter } from "#core/storage/index.ts";
import { takeIn } from "./intake.ts";
import { createSettle } from "./settle.ts";
import { createSnapshotStore } from "./store.ts";
import { onlyOne } from "./upload.ts";

export type ImportOptions = {
  /** An absolute path. */
  readonly file: string;
  /** Whether it lies in the store itself, and so may stay where it is. */
  readonly isInStore: boolean;
  readonly clusterId: string | null;
  readonly clusterName: string;
  readonly byName: string;
  readonly requestId: string;
  readonly correlationId: string;
  readonly onBytes: (bytes: number) => void;
};

export type Imported =
  | { readonly kind: "imported"; readonly id: string; readonly how: "left" | "linked" | "copied" }
  | { readonly kind: "known"; readonly id: string }
  | { readonly kind: "bad"; readonly findings: readonly ArchiveFinding[] };

type Deps = {
  db: Database;
  archives: ArchiveStore;
  audit: AuditService;
  clock: Clock;
  fingerprintKey: string;
};

const readBytes = 1024 * 1024;
const idPattern = /^s-[0-9a-hjkmnp-tv-z]{12}$/;

/**
 * Takes archives that lie around into the history. A row comes last and in one transaction with its audit row, and an
 * archive's id follows from its bytes, so that an import which was killed is simply run again.
 */
export function createImporter(deps: Deps) {
  const { db, archives, audit, clock, fingerprintKey } = deps;
  const store = createSnapshotStore(db);
  const settle = createSettle({ store, audit, db, clock });

  /** The id of its name, where it has one and nobody else has it. */
  async function choosePlace({ file, isInStore }: ImportOptions, sha256: string) {
    const name = path.basename(file, ".snap");
    const named = idPattern.test(name) ? name : null;
    for (const id of [named, snapshotIdOf(sha256)]) {
      if (id === null || (await store.find(id)) !== null) continue;
      if (isInStore && id === named) return { id, isThere: true };
      if ((await archives.stat(id)) === null) return { id, isThere: false };
      // An import that was killed before the row left it.
      if ((await digestOf(await archives.open(id))) === sha256) return { id, isThere: true };
    }
    return { id: newSnapshotId() as string, isThere: false };
  }

  async function openWriter(id: string, isThere: boolean, file: string) {
    if (isThere) return { how: "left" as const, writer: nothing };
    // No row has this id, so that what is there under it is what a killed import left.
    await archives.remove(id);
    const linked = await archives.link(id, file);
    if (linked !== null) return { how: "linked" as const, writer: linked };
    return { how: "copied" as const, writer: await archives.create(id) };
  }

  return {
    /**
     * Verifies a file on its way into the store, and gives it a row as an upload has one.
     * @param subject the act in the audit log; its target is filled in.
     * @throws AppError `storage_full`, … , or the error of reading the file; nothing of it is left then.
     */
    async importFile(options: ImportOptions, subject: Omit<AuditSubject, "target">): Promise<Imported> {
      const { file, onBytes } = options;
      const open = () => createReadStream(file, { highWaterMark: readBytes });
      const sha256 = await digestOf(open());
      const known = await store.goodBySha256(sha256);
      if (known !== null) return { kind: "known", id: known.id };
      const { id, isThere } = await choosePlace(options, sha256);
      const { how, writer: own } = await openWriter(id, isThere, file);
      const startedMs = clock.monotonicMs();
      const { report, inspection, writer } = await takeIn({
        id,
        source: open(),
        store: withArchiveWriter(archives, own),
        fingerprintKey,
        signal: new AbortController().signal,
        onBytes,
      });
      if (!report.ok) {
        await writer.abort();
        return { kind: "bad", findings: report.findings };
      }
      if (report.digests.archiveSha256 !== sha256) {
        await writer.abort();
        throw new AppError({
          code: "conflict",
          userMessage: "The file was changed while it was being imported.",
        });
      }
      await writer.commit();
      const datacenter = onlyOne(inspection?.datacenters);
      const facts = {
        leader: null,
        consulVersion: inspection?.serverVersions.names[0] ?? null,
        datacenter,
        durationMs: Math.round(clock.monotonicMs() - startedMs),
      };
      const label = path.basename(file);
      await settle.imported(rowOf(options, id, clock.nowMs(), datacenter), report, facts, {
        ...subject,
        target: { id, label },
      });
      return { kind: "imported", id, how };
    },

    /** Removes what killed imports left half-written. Only while no server runs, whose takes look alike. */
    sweep: () => archives.removePartials(new Set()),
  };
}

/** An archive that is in its place already. */
const nothing: ArchiveWriter = {
  write: async () => undefined,
  commit: async () => undefined,
  abort: async () => undefined,
};

function withArchiveWriter(archives: ArchiveStore, writer: ArchiveWriter): ArchiveStore {
  return {
    ...archives,
    create: async (id, part = "archive") => (part === "archive" ? writer : archives.create(id, part)),
  };
}

function rowOf(options: ImportOptions, id: string, nowMs: number, datacenter: string | null) {
  const { clusterId, clusterName, byName, requestId, correlationId, file } = options;
  const now = new Date(nowMs);
  const name = path.basename(file);
  return {
    id,
    // Both in the same transaction as what makes it available.
    state: "uploading",
    source: "upload",
    mode: "file",
    takenAt: now,
    startedAt: now,
    clusterId,
    clusterName,
    datacenter,
    note: `imported from ${name}`,
    byName,
    requestId,
    correlationId,
    requestLine: `file ${name}`,
  };
}

async function digestOf(source: AsyncIterable<Buffer>): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of source) hash.update(chunk);
  return hash.digest("hex");
}
