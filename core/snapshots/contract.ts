import { z } from "zod";

/**
 * The state of a row, in the words of the design's vocabulary. `taking` and `uploading` are under way,
 * `deleting` is a delete that a crash may have left half done; the next start finishes it.
 */
export const snapshotStates = [
  "taking",
  "uploading",
  "verified",
  "stale",
  "failed",
  "cancelled",
  "corrupt",
  "deleting",
] as const;
export type SnapshotState = (typeof snapshotStates)[number];
/** States in which an archive is kept. */
export const keptStates: readonly SnapshotState[] = ["verified", "stale", "corrupt"];

export const snapshotSources = ["manual", "upload", "api", "schedule", "safety"] as const;
export type SnapshotSource = (typeof snapshotSources)[number];

export const snapshotModes = ["consistent", "stale", "file"] as const;
export type SnapshotMode = (typeof snapshotModes)[number];

/** The steps of a take or an upload, in order; `restore` has its own. */
export const takePhases = ["asking", "streaming", "verifying", "storing", "done"] as const;
export type TakePhase = (typeof takePhases)[number];

export const noteCharsMax = 500;
export const maxStaleMsDefault = 5_000;
/** Below this the last contact is shown in plain grey (DESIGN, Freshness). */
export const lastContactQuietMs = 200;

export const takeInput = z.object({
  clusterId: z.string().min(1),
  datacenter: z.string().trim().min(1, "A datacenter is needed").max(200),
  mode: z.enum(["consistent", "stale"]).default("consistent"),
  /** The last contact, in ms, up to which a stale answer counts as good. Beyond it the snapshot is flagged. */
  maxStaleMs: z
    .number()
    .int()
    .min(0)
    .max(24 * 3_600_000)
    .default(maxStaleMsDefault),
  note: z.string().trim().max(noteCharsMax, `At most ${noteCharsMax} characters`).default(""),
  pin: z.boolean().default(false),
  /** Ask exactly this server of the cluster's addresses; for a stale snapshot while there is no leader. */
  address: z.string().max(300).optional(),
  /** A token for this one act. It is used and forgotten: never stored, never logged. */
  token: z.string().trim().max(4096).optional(),
});
export type TakeInput = z.input<typeof takeInput>;

export const raftServer = z.object({
  id: z.string(),
  address: z.string(),
  suffrage: z.enum(["voter", "nonvoter", "staging"]),
});

export const recordCount = z.object({
  type: z.number(),
  name: z.string(),
  count: z.number(),
  bytes: z.number(),
});

/** A row of the history. Sizes in bytes, times ISO 8601 in UTC, durations in ms. */
export const snapshotRow = z.object({
  id: z.string(),
  state: z.enum(snapshotStates),
  takenAt: z.string(),
  clusterId: z.string().nullable(),
  clusterName: z.string(),
  /** null for an uploaded archive that doesn't say. */
  datacenter: z.string().nullable(),
  source: z.enum(snapshotSources),
  mode: z.enum(snapshotModes),
  maxStaleMs: z.number().nullable(),
  note: z.string(),
  pinned: z.boolean(),
  byName: z.string(),
  raftIndex: z.number().nullable(),
  leader: z.string().nullable(),
  knownLeader: z.boolean().nullable(),
  lastContactMs: z.number().nullable(),
  archiveBytes: z.number().nullable(),
  /** Against the archive before it of the same datacenter. */
  changeBytes: z.number().nullable(),
  verifiedAt: z.string().nullable(),
  /** The newest drill of this archive: what restoring it into a Consul of its own showed. */
  drill: z
    .object({
      id: z.string(),
      state: z.enum(["passed", "differs", "failed"]),
      at: z.string(),
      ms: z.number(),
      /** The version it ran on; null when none could be started. */
      consulVersion: z.string().nullable(),
    })
    .nullable(),
  failureCode: z.string().nullable(),
  /** Why it failed, in Consul's own words where Consul spoke. */
  failureText: z.string().nullable(),
  progress: z
    .object({
      phase: z.enum(takePhases),
      bytesDone: z.number(),
      /** The size that the last one of this datacenter had, or the upload's Content-Length. */
      bytesExpected: z.number().nullable(),
      bytesPerSecond: z.number().nullable(),
      startedAt: z.string(),
      /** How long Consul took to its first byte; null until then. */
      firstByteMs: z.number().nullable(),
      cancellable: z.boolean(),
    })
    .nullable(),
});
export type SnapshotRow = z.infer<typeof snapshotRow>;

export const snapshotDetail = snapshotRow.extend({
  /** The answer's headers exactly as Consul sent them, name and value, in order. */
  responseHeaders: z.array(z.tuple([z.string(), z.string()])),
  responseStatus: z.number().nullable(),
  requestLine: z.string().nullable(),
  answeredBy: z.string().nullable(),
  durationMs: z.number().nullable(),
  firstByteMs: z.number().nullable(),
  meta: z
    .object({
      id: z.string(),
      index: z.number(),
      term: z.number(),
      version: z.number(),
      configurationIndex: z.number(),
      sizeBytes: z.number(),
      servers: z.array(raftServer),
      /** From the id's last part: when the server wrote it. */
      createdAt: z.string().nullable(),
    })
    .nullable(),
  stateBytes: z.number().nullable(),
  consulVersion: z.string().nullable(),
  archiveSha256: z.string().nullable(),
  metaSha256: z.string().nullable(),
  stateSha256: z.string().nullable(),
  records: z.array(recordCount),
  fileName: z.string().nullable(),
  requestId: z.string().nullable(),
  correlationId: z.string(),
});
export type SnapshotDetail = z.infer<typeof snapshotDetail>;

/** Filters as they stand in the URL of the history. Empty means any. */
export const snapshotFilter = z.object({
  q: z.string().trim().max(200).optional(),
  clusterId: z.string().optional(),
  datacenter: z.string().optional(),
  state: z.enum(snapshotStates).optional(),
  source: z.enum(snapshotSources).optional(),
  pinned: z.union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")]).optional(),
  /** ISO times; from inclusive, to exclusive. */
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
});

export const listInput = snapshotFilter.extend({
  /** The opaque `nextCursor` or `previousCursor` of another page. */
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type ListInput = z.input<typeof listInput>;

export const snapshotPage = z.object({
  rows: z.array(snapshotRow),
  /** Every row that matches the filter, over all pages. */
  total: z.number(),
  /** How many newer rows of the filter come before this page: "Rows 51 to 100 of 868". */
  offset: z.number(),
  nextCursor: z.string().nullable(),
  previousCursor: z.string().nullable(),
  /** Over all kept archives, without the filter. */
  storedCount: z.number(),
  storedBytes: z.number(),
});
export type SnapshotPage = z.infer<typeof snapshotPage>;

/** Numbers of one datacenter for cards, the side bar and the empty state. */
export const datacenterSummary = z.object({
  clusterId: z.string().nullable(),
  clusterName: z.string(),
  datacenter: z.string(),
  /** The newest verified snapshot; a stale one never counts as good. */
  lastGood: snapshotRow.nullable(),
  lastAttempt: snapshotRow.nullable(),
  /** 30 days, oldest first: how many of each outcome that day, UTC. */
  days: z.array(z.object({ date: z.string(), good: z.number(), stale: z.number(), failed: z.number() })),
  sizes: z.array(
    z.object({ takenAt: z.string(), archiveBytes: z.number(), raftIndex: z.number().nullable() }),
  ),
});
export type DatacenterSummary = z.infer<typeof datacenterSummary>;
export const snapshotSummary = z.object({
  storedCount: z.number(),
  storedBytes: z.number(),
  datacenters: z.array(datacenterSummary),
});
export type SnapshotSummary = z.infer<typeof snapshotSummary>;

export const snapshotRef = z.object({ id: z.string().min(1).max(60) });
export const pinInput = snapshotRef.extend({ pinned: z.boolean() });
export const beginUploadInput = z.object({
  fileName: z.string().trim().min(1).max(255),
  bytes: z.number().int().min(1, "The file is empty").max(Number.MAX_SAFE_INTEGER),
  clusterId: z.string().nullable().default(null),
  datacenter: z.string().trim().max(200).nullable().default(null),
  note: z.string().trim().max(noteCharsMax).default(""),
  pin: z.boolean().default(false),
});
export type BeginUploadInput = z.input<typeof beginUploadInput>;

/** What a HEAD of the archive says. */
export const archiveFacts = z.object({ bytes: z.number(), sha256: z.string(), fileName: z.string() });

/** A ticket opens one stream once, within its time, for the caller it was made for. */
export const ticket = z.object({ url: z.string(), expiresAt: z.string() });
export const uploadTicket = ticket.extend({ snapshotId: z.string() });

export const snapshotKeys = {
  all: ["snapshots"] as const,
  list: (input: ListInput) => ["snapshots", "list", input] as const,
  detail: (id: string) => ["snapshots", "detail", id] as const,
  summary: ["snapshots", "summary"] as const,
};
