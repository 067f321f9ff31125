import type { RecordTypeCount, VerifyReport } from "#core/archive/index.ts";
import type { AuditService, AuditSubject } from "#core/audit/index.ts";
import type { Database, Tx } from "#core/db/index.ts";
import type { Clock } from "#core/kernel/clock.ts";
import type { AppError } from "#core/kernel/errors.ts";
import type { ArchiveWriter } from "#core/storage/index.ts";
import type { SnapshotState } from "./contract.ts";
import { createdAtOf, fileNameOf } from "./rows.ts";
import type { SnapshotRecord, SnapshotStore } from "./store.ts";

/** How a take or an upload ends: row and audit row in one transaction, whatever the end is. */
export type Settle = ReturnType<typeof createSettle>;

/** What a take learned besides the archive itself. */
export type AnswerFacts = {
  leader: string | null;
  consulVersion: string | null;
  /** What an uploaded archive tells, when nobody said it. */
  datacenter?: string | null;
  /** null when a restart settles it: the process that measured is gone. */
  durationMs: number | null;
};

type NewSnapshot = Parameters<SnapshotStore["create"]>[0];

const oldestPlausible = Date.UTC(2014, 0, 1);
const dayMs = 24 * 3_600_000;

export function createSettle(deps: {
  store: SnapshotStore;
  audit: AuditService;
  db: Database;
  clock: Clock;
}) {
  const { store, audit, db, clock } = deps;

  async function changeBytes(
    row: Pick<SnapshotRecord, "clusterId" | "datacenter">,
    takenAt: Date,
    bytes: bigint,
    tx: Tx,
  ): Promise<bigint | null> {
    // Uploads of no known cluster have nothing in common with each other.
    if (row.datacenter === null || row.clusterId === null) return null;
    const before = await store.previous(row.clusterId, row.datacenter, takenAt, tx);
    return before?.archiveBytes === null || before === null ? null : bytes - before.archiveBytes;
  }

  /** Marks the row as available. The archive must be whole and visible in the store by now. */
  function available(
    row: SnapshotRecord,
    report: VerifyReport,
    facts: AnswerFacts,
    subject: AuditSubject,
  ): Promise<void> {
    return db.transaction((tx) => makeAvailable(row, report, facts, subject, tx));
  }

  async function makeAvailable(
    row: SnapshotRecord,
    report: VerifyReport,
    facts: AnswerFacts,
    subject: AuditSubject,
    tx: Tx,
  ): Promise<void> {
    const { meta } = report;
    if (meta === null) throw new Error("a verified archive has metadata");
    const state = stateOf(row);
    const takenAt =
      row.mode === "file" ? (plausible(createdAtOf(meta.id), clock.nowMs()) ?? row.takenAt) : row.takenAt;
    const archiveBytes = BigInt(report.archiveBytes);
    const datacenter = facts.datacenter ?? row.datacenter;
    const place = { clusterId: row.clusterId, datacenter };
    const words =
      state === "stale" ? `stale, ${sizeWords(report.archiveBytes)}` : sizeWords(report.archiveBytes);
    await store.update(
      row.id,
      {
        state,
        phase: "done",
        takenAt,
        metaJson: report.metaJson,
        metaId: meta.id,
        raftIndex: BigInt(meta.index),
        raftTerm: BigInt(meta.term),
        stateBytes: BigInt(report.stateBytes),
        recordsJson: JSON.stringify(report.records.byType satisfies readonly RecordTypeCount[]),
        archiveBytes,
        archiveSha256: report.digests.archiveSha256,
        metaSha256: report.digests.metaSha256,
        stateSha256: report.digests.stateSha256,
        bytesDone: archiveBytes,
        changeBytes: await changeBytes(place, takenAt, archiveBytes, tx),
        fileName: fileNameOf(datacenter, meta.index, takenAt),
        // A clock that was put back meanwhile must not say that it was verified before it began.
        verifiedAt: new Date(Math.max(clock.nowMs(), row.startedAt.getTime())),
        ...facts,
        runner: null,
      },
      tx,
    );
    await audit.write({ ...subject, target: { id: row.id, label: subject.target.label } }, "ok", words, tx);
  }

  return {
    available,

    /** A row for an archive that is in the store already; it never was under way. */
    imported(
      row: NewSnapshot,
      report: VerifyReport,
      facts: AnswerFacts,
      subject: AuditSubject,
    ): Promise<void> {
      return db.transaction(async (tx) =>
        makeAvailable(await store.create(row, tx), report, facts, subject, tx),
      );
    },

    /** Commits the archive first, then the row: a crash between the two leaves an archive that the restart finds. */
    async keep(
      row: SnapshotRecord,
      report: VerifyReport,
      writer: ArchiveWriter,
      facts: AnswerFacts,
      subject: AuditSubject,
    ): Promise<void> {
      await writer.commit();
      await available(row, report, facts, subject);
    },

    /** A failed or cancelled take stays visible with its reason. */
    failed(
      row: SnapshotRecord,
      failure: AppError,
      durationMs: number | null,
      subject: AuditSubject,
    ): Promise<void> {
      const state: SnapshotState = failure.code === "cancelled" ? "cancelled" : "failed";
      const change = {
        state,
        phase: "done",
        failureCode: failure.code,
        failureText: failure.userMessage,
        durationMs,
        runner: null,
      };
      return db.transaction(async (tx) => {
        await store.update(row.id, change, tx);
        await audit.write(subject, "failed", failure.userMessage, tx);
      });
    },

    /** A refused upload leaves nothing but its audit row. */
    refused(row: SnapshotRecord, failure: AppError, subject: AuditSubject): Promise<void> {
      return db.transaction(async (tx) => {
        await store.remove(row.id, tx);
        await audit.write(subject, "failed", failure.userMessage, tx);
      });
    },
  };
}

/**
 * Judged from both headers: a server that lost its leader goes on to say `KnownLeader: true`, and only the
 * last contact shows the truth. An answer in stale mode that doesn't say how old it is counts as too old.
 */
function stateOf(row: SnapshotRecord): SnapshotState {
  if (row.mode === "file") return "verified";
  if (row.knownLeader === false) return "stale";
  if (row.mode !== "stale") return "verified";
  if (row.knownLeader === null || row.lastContactMs === null || row.maxStaleMs === null) return "stale";
  return Number(row.lastContactMs) > row.maxStaleMs ? "stale" : "verified";
}

function plausible(time: Date | null, nowMs: number): Date | null {
  if (time === null) return null;
  return time.getTime() > oldestPlausible && time.getTime() < nowMs + dayMs ? time : null;
}

/** `209.9 MB`, for the few words beside an outcome in the log. */
export function sizeWords(bytes: number): string {
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
