import { z } from "zod";
import {
  raftServer,
  recordCount,
  type SnapshotDetail,
  type SnapshotRow,
  snapshotModes,
  snapshotSources,
  snapshotStates,
  takePhases,
} from "./contract.ts";
import type { LiveProgress } from "./running.ts";
import type { SnapshotRecord } from "./store.ts";

const headersSchema = z.array(z.tuple([z.string(), z.string()]));
const recordsSchema = z.array(recordCount);

// meta.json was checked by the archive engine before it was stored; this only picks what screens show.
const metaSchema = z.object({
  ID: z.string(),
  Index: z.number(),
  Term: z.number(),
  Version: z.number(),
  ConfigurationIndex: z.number().default(0),
  Size: z.number(),
  Configuration: z
    .object({
      Servers: z
        .array(z.object({ ID: z.string(), Address: z.string(), Suffrage: z.number() }))
        .nullish()
        .transform((servers) => servers ?? []),
    })
    .nullish(),
});

const suffrages = ["voter", "nonvoter", "staging"] as const;

const toNumber = (value: bigint | null): number | null => (value === null ? null : Number(value));
const toIso = (value: Date | null): string | null => (value === null ? null : value.toISOString());

function oneOf<T extends string>(known: readonly T[], value: string, otherwise: T): T {
  return known.find((candidate) => candidate === value) ?? otherwise;
}

/** A row of the database as pages and programs see it. `live` is fresher than the row while an act runs here. */
export function toSnapshotRow(row: SnapshotRecord, live: LiveProgress | null): SnapshotRow {
  const state = oneOf(snapshotStates, row.state, "failed");
  const inProgress = state === "taking" || state === "uploading";
  return {
    id: row.id,
    state,
    takenAt: row.takenAt.toISOString(),
    clusterId: row.clusterId,
    clusterName: row.clusterName,
    datacenter: row.datacenter,
    source: oneOf(snapshotSources, row.source, "manual"),
    mode: oneOf(snapshotModes, row.mode, "file"),
    maxStaleMs: row.maxStaleMs,
    note: row.note,
    pinned: row.pinned,
    byName: row.byName,
    raftIndex: toNumber(row.raftIndex),
    leader: row.leader,
    knownLeader: row.knownLeader,
    lastContactMs: toNumber(row.lastContactMs),
    archiveBytes: toNumber(row.archiveBytes),
    changeBytes: toNumber(row.changeBytes),
    verifiedAt: toIso(row.verifiedAt),
    drill: toDrill(row),
    failureCode: row.failureCode,
    failureText: row.failureText,
    progress: inProgress ? progressOf(row, live) : null,
  };
}

function toDrill(row: SnapshotRecord): SnapshotRow["drill"] {
  const { drillId, drillState, drilledAt, drillMs, drillConsulVersion } = row;
  if (drillId === null || drilledAt === null) return null;
  return {
    id: drillId,
    state: oneOf(["passed", "differs", "failed"] as const, drillState ?? "", "failed"),
    at: drilledAt.toISOString(),
    ms: drillMs ?? 0,
    consulVersion: drillConsulVersion,
  };
}

function progressOf(row: SnapshotRecord, live: LiveProgress | null): SnapshotRow["progress"] {
  return {
    phase: live?.phase ?? oneOf(takePhases, row.phase, "asking"),
    bytesDone: live?.bytesDone ?? Number(row.bytesDone),
    bytesExpected: live?.bytesExpected ?? toNumber(row.bytesExpected),
    bytesPerSecond: live?.bytesPerSecond ?? null,
    startedAt: row.startedAt.toISOString(),
    firstByteMs: live?.firstByteMs ?? row.firstByteMs,
    cancellable: live !== null,
  };
}

export function toSnapshotDetail(row: SnapshotRecord, live: LiveProgress | null): SnapshotDetail {
  return {
    ...toSnapshotRow(row, live),
    responseHeaders: headersSchema.catch([]).parse(JSON.parse(row.responseHeadersJson)),
    responseStatus: row.responseStatus,
    requestLine: row.requestLine,
    answeredBy: row.answeredBy,
    durationMs: row.durationMs,
    firstByteMs: row.firstByteMs,
    meta: row.metaJson === null ? null : toMeta(row.metaJson),
    stateBytes: toNumber(row.stateBytes),
    consulVersion: row.consulVersion,
    archiveSha256: row.archiveSha256,
    metaSha256: row.metaSha256,
    stateSha256: row.stateSha256,
    records: recordsSchema.catch([]).parse(JSON.parse(row.recordsJson)),
    fileName: row.fileName,
    requestId: row.requestId,
    correlationId: row.correlationId,
  };
}

function toMeta(json: string): SnapshotDetail["meta"] {
  const parsed = metaSchema.safeParse(JSON.parse(json));
  if (!parsed.success) return null;
  const meta = parsed.data;
  return {
    id: meta.ID,
    index: meta.Index,
    term: meta.Term,
    version: meta.Version,
    configurationIndex: meta.ConfigurationIndex,
    sizeBytes: meta.Size,
    createdAt: toIso(createdAtOf(meta.ID)),
    servers: (meta.Configuration?.Servers ?? []).map((server) =>
      raftServer.parse({
        id: server.ID,
        address: server.Address,
        suffrage: suffrages[server.Suffrage] ?? "voter",
      }),
    ),
  };
}

/** Raft names a snapshot `<term>-<index>-<unix ms>`. @returns null when the id says no plausible time. */
export function createdAtOf(metaId: string): Date | null {
  const ms = Number(/^\d+-\d+-(\d{12,14})$/.exec(metaId)?.[1] ?? Number.NaN);
  return Number.isSafeInteger(ms) ? new Date(ms) : null;
}

/** `consul-dc1-1284113-20260723T023204Z.snap`: what it is, without opening it. */
export function fileNameOf(datacenter: string | null, raftIndex: number, takenAt: Date): string {
  const stamp = takenAt
    .toISOString()
    .replace(/\.\d+Z$/, "Z")
    .replace(/[-:]/g, "");
  const place = (datacenter ?? "upload").replace(/[^A-Za-z0-9._-]/g, "_");
  return `consul-${place}-${raftIndex}-${stamp}.snap`;
}
